// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/changed.h"

#include "core/model/change_text.h"
#include "tui/host_items.h"
#include "tui/theme.h"

void changed_forget(struct changed *c, const struct attempt *now, enum unprivileged unprivileged)
{
	c->nmarks = 0;
	for (int i = 0; i < CHANGED_KINDS; i++)
		c->added[i] = c->removed[i] = 0;
	c->ports = c->reveal = false;
	c->attempt = *now;
	c->unprivileged = unprivileged;
	c->known = true;
}

static size_t find(const struct changed *c, const struct identity *id)
{
	size_t i = 0;
	while (i < c->nmarks && !identity_equal(&c->mark[i].id, id))
		i++;
	return i;
}

// Is the change in a list that the screen shows? Rules and routes that make nothing local are not.
static bool is_listed(const struct host_change *c, enum changed_of *of)
{
	const union host_value *v = c->how == CHANGE_REMOVED ? &c->before : &c->after;
	*of = CHANGED_LINKS;
	if (c->list == HOST_LINKS)
		return change_link_turn(c) != LINK_SAME;
	if (!host_list_is_routes(c->list))
		return c->list == HOST_ADDRS;
	*of = CHANGED_ROUTES;
	return host_items_lists(&v->route.info);
}

static void take_one(struct changed *c, const struct host_change *change)
{
	const struct identity id = identity_changed(change);
	size_t at = find(c, &id);
	enum changed_of of;
	bool listed = is_listed(change, &of), added = change->how == CHANGE_ADDED;
	if (!listed && change->list != HOST_SYSCTLS)
		return;
	if (change->how == CHANGE_REMOVED) {
		bool new = at < c->nmarks && c->mark[at].added;
		if (at < c->nmarks)
			c->mark[at] = c->mark[--c->nmarks];
		if (new)
			c->added[of]--;
		else
			c->removed[of]++;
		return;
	}
	if (listed && added)
		c->added[of]++;
	if (at == CHANGED_MARKS)
		return;
	if (at == c->nmarks)
		c->mark[c->nmarks++].added = added;
	c->mark[at].id = id;
	c->mark[at].batch = c->batch;
	c->reveal = true;
}

void changed_take(struct changed *c, const struct host_changes *changes)
{
	static const enum changed_of kind[HOST_LISTS] = {
		[HOST_ROUTES4] = CHANGED_ROUTES, [HOST_ROUTES6] = CHANGED_ROUTES};
	c->batch++;
	for (size_t i = 0; i < changes->n; i++)
		take_one(c, &changes->item[i]);
	for (int list = 0; list < HOST_LISTS; list++) {
		if (list == HOST_RULES || list == HOST_SYSCTLS)
			continue;
		c->added[kind[list]] += changes->sum[list][CHANGE_ADDED].n;
		c->removed[kind[list]] += changes->sum[list][CHANGE_REMOVED].n;
	}
}

char changed_mark(const struct changed *c, const struct identity *id)
{
	size_t at = c->nmarks ? find(c, id) : 0;
	return at == c->nmarks ? ' ' : c->mark[at].added ? '+' : '*';
}

void changed_add_counts(size_t added, size_t removed, struct row *out)
{
	if (added)
		row_add(out, (enum role)UI_CHANGED, " +%zu", added);
	if (removed)
		row_add(out, (enum role)UI_CHANGED, " -%zu", removed);
}

void changed_count(const struct changed *c, enum changed_of of, struct row *out)
{
	changed_add_counts(c->added[of], c->removed[of], out);
}
