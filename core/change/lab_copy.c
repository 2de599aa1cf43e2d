// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/lab_copy.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/change/edit_apply.h"
#include "core/change/inventory_read.h"
#include "core/change/lab_await.h"
#include "core/change/route_order.h"
#include "core/observe/observe.h"

#define PING_GROUPS "net.ipv4.ping_group_range"

enum { ROUNDS = 4 }; // what needs something else first gets another turn

// Whether bind, or the kernel's lookups for it, see a sysctl.
static bool bind_sees(const char *name)
{
	static const char *const conf[] = {".ignore_routes_with_linkdown",
					   ".disable_ipv6",
					   ".forwarding",
					   ".optimistic_dad",
					   ".use_optimistic",
					   ".keep_addr_on_down"};
	const char *last = strrchr(name, '.');
	if (sysctl_find(name) >= 0 || strcmp(name, "net.ipv4.ip_local_reserved_ports") == 0)
		return true;
	for (int i = 0; i < SYSCTL_COUNT; i++)
		if (strcmp(sysctl_info((enum sysctl_id)i)->name, name) == 0)
			return true;
	for (size_t i = 0; i < sizeof conf / sizeof *conf && strstr(name, ".conf."); i++)
		if (strcmp(last, conf[i]) == 0)
			return true;
	return false;
}

static bool is_wanted(const struct edit *fact, void *data)
{
	(void)data;
	switch (fact->kind) {
	case EDIT_SYSCTL:
		return bind_sees(fact->sysctl.name);
	case EDIT_ROUTE: // IPv6 binds never ask for routes: those that the kernel makes are left to it
		return fact->route.dst.addr.family == AF_INET || !fact->by_kernel;
	default:
		return true;
	}
}

static const struct edit *find_link(const struct inventory *s, const char *name)
{
	struct edit link = {.kind = EDIT_LINK, .add = true};
	snprintf(link.dev, sizeof link.dev, "%s", name);
	return inventory_find(s, &link);
}

static bool is_vrf(const struct inventory *s, const char *name)
{
	const struct edit *found = find_link(s, name);
	return found && strcmp(found->link.type, "vrf") == 0;
}

static bool is_up(const struct inventory *s, const char *dev)
{
	struct edit up = {.kind = EDIT_UP, .add = true};
	snprintf(up.dev, sizeof up.dev, "%s", dev);
	return inventory_holds(s, &up);
}

// Duplicate detection fails, or goes on, here and not in the copy: such an address is as good as none. Without a
// carrier it waits for ever, in the copy as well.
static void drop_unusable(struct inventory *s)
{
	size_t kept = 0; // links come first, and stay where they are
	for (size_t i = 0; i < s->n; i++) {
		const struct edit *e = &s->edits[i], *link = e->kind == EDIT_ADDR ? find_link(s, e->dev) : NULL;
		bool goes_on = link && !link->link.no_carrier && is_up(s, e->dev);
		if (!link || !(e->addr.failed || (e->addr.tentative && goes_on)))
			s->edits[kept++] = *e;
	}
	s->n = kept;
}

// A device of any kind becomes one that every kernel has: with its other end at the neighbour there is a carrier, with
// one here that is down there is none.
static void plain_link(struct edit *e)
{
	bool kept = !e->odd || e->by_kernel;
	e->odd = NULL;
	if (kept && strcmp(e->link.type, "veth") != 0)
		return;
	if (kept && !e->link.neighbour)
		return;
	snprintf(e->link.type, sizeof e->link.type, "veth");
	e->link.neighbour = !e->link.no_carrier;
	e->link.table = 0;
	if (e->link.no_carrier)
		snprintf(e->link.peer, sizeof e->link.peer, "~%u", e->link.index);
	else
		memcpy(e->link.peer, e->dev, sizeof e->link.peer);
}

static void plain_route(struct edit *e)
{
	if (e->by_kernel && !e->odd)
		return;
	e->odd = NULL;
	e->route.via = e->route.src = (struct addr){0};
	e->route.has_scope = e->route.onlink = false;
	e->route.scope = 0;
	e->route.append = true;
}

static void make_plain(struct inventory *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct edit *e = &s->edits[i];
		switch (e->kind) {
		case EDIT_LINK:
			plain_link(e);
			break;
		case EDIT_MASTER:
			if (!is_vrf(s, e->master))
				e->master[0] = '\0';
			break;
		case EDIT_ADDR:
			e->by_kernel = e->by_kernel && strcmp(e->dev, "lo") == 0;
			e->addr.valid = UINT32_MAX;
			e->addr.preferred = e->addr.preferred ? UINT32_MAX : 0;
			break;
		case EDIT_NEXTHOP:
			if (e->odd && !e->dev[0])
				snprintf(e->dev, sizeof e->dev, "lo");
			break;
		case EDIT_ROUTE:
			plain_route(e);
			break;
		case EDIT_RULE: // that there is one counts, not what it selects
			if (e->rule.rule.action == FR_ACT_GOTO || e->rule.rule.action == FR_ACT_NOP)
				e->rule.rule.action = FR_ACT_TO_TBL;
			break;
		default:
			break;
		}
		e->odd = NULL;
	}
}

// The other end of a pair that plain_link() made up is wanted as well: down, and with nothing on it.
static int add_ends(struct inventory *s)
{
	uint32_t highest = 0; // the others keep their indexes
	int rc = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->edits[i].kind == EDIT_LINK && s->edits[i].link.index > highest)
			highest = s->edits[i].link.index;
	for (size_t i = 0, n = s->n; i < n && rc == 0; i++) {
		struct edit link = s->edits[i];
		struct edit end = link, up = {.kind = EDIT_UP}, master = {.kind = EDIT_MASTER, .add = true};
		if (link.kind != EDIT_LINK || link.link.peer[0] != '~' || find_link(s, link.link.peer))
			continue;
		memcpy(end.dev, link.link.peer, sizeof end.dev);
		memcpy(end.link.peer, link.dev, sizeof end.link.peer);
		s->edits[i].link.peer_index = end.link.index = ++highest;
		end.link.peer_index = link.link.index;
		memcpy(up.dev, end.dev, sizeof up.dev);
		memcpy(master.dev, end.dev, sizeof master.dev);
		rc = inventory_add(s, &end);
		rc = rc ? rc : inventory_add(s, &up);
		rc = rc ? rc : inventory_add(s, &master);
	}
	return rc;
}

// A fresh namespace lets nobody use ping sockets; a user's own can name but one group for it, that of its user.
static void plain_ping_group(struct lab_copy *c)
{
	for (size_t i = 0; i < c->inventory.n; i++) {
		struct edit *e = &c->inventory.edits[i];
		unsigned low, high;
		if (e->kind != EDIT_SYSCTL || strcmp(e->sysctl.name, PING_GROUPS) != 0)
			continue;
		if (sscanf(e->sysctl.value, "%u %u", &low, &high) == 2 && low <= high) {
			c->may_ping = low <= getegid() && getegid() <= high;
			return;
		}
		*e = c->inventory.edits[--c->inventory.n];
		return;
	}
}

int lab_copy_read(struct lab_copy *c, char *err, size_t errlen)
{
	struct observer *o = NULL;
	struct host *h = NULL;
	*c = (struct lab_copy){0};
	int rc = inventory_read(&c->inventory, INVENTORY_ALL, is_wanted, NULL);
	if (rc < 0) {
		snprintf(err, errlen, "cannot read this host: %s", strerror(-rc));
		return rc;
	}
	drop_unusable(&c->inventory);
	make_plain(&c->inventory);
	plain_ping_group(c);
	if ((rc = add_ends(&c->inventory)) < 0) {
		snprintf(err, errlen, "out of memory");
		lab_copy_free(c);
		return rc;
	}
	rc = observe_open(&o, err, errlen);
	if (rc == 0)
		rc = observe_read_small(o, 1, &h, err, errlen);
	c->split = rc == 0 && h->trie == TRIE_SPLIT;
	host_free(h);
	if (o)
		observe_close(o);
	if (rc < 0)
		lab_copy_free(c);
	return rc;
}

void lab_copy_free(struct lab_copy *c)
{
	inventory_free(&c->inventory);
}

static int make_link(struct changer *c, const struct edit *e)
{
	int rc = edit_apply(c, e);
	if (rc == -EOPNOTSUPP && strcmp(e->link.type, "veth") == 0)
		rc = change_link_add(c, e->dev, &(struct edit_link){.type = "dummy", .index = e->link.index}, -1);
	// The addresses are the host's, and no others. A veth that is there already came with its other end.
	if (rc == 0 || rc == -EEXIST)
		change_link_no_autoaddr(c, e->dev);
	return rc;
}

// Makes one round of the missing changes. Returns their number.
static int make_missing(struct changer *c, const struct lab_copy *copy, unsigned by_kernel, unsigned *failed,
			char *first, size_t firstlen)
{
	const struct inventory *wanted = &copy->inventory;
	struct inventory now, steps = {0};
	char text[EDIT_TEXT];
	int rc = inventory_read(&now, INVENTORY_ALL, is_wanted, NULL);
	if (rc < 0)
		return rc;
	rc = inventory_difference(&now, wanted, by_kernel, &steps);
	*failed = 0;
	for (size_t i = 0; i < steps.n && rc == 0; i++) {
		struct edit *e = &steps.edits[i];
		if (e->kind == EDIT_RULE)
			e->rule.append = true;
		int one = e->kind == EDIT_LINK && e->add ? make_link(c, e) : edit_apply_anew(c, e);
		if (one == -EINVAL && e->kind == EDIT_SYSCTL && strcmp(e->sysctl.name, PING_GROUPS) == 0)
			one = copy->may_ping ? change_sysctl(PING_GROUPS, "0 0") : 0;
		if (one == 0 || (e->add && one == -EEXIST))
			continue;
		if ((*failed)++ == 0)
			snprintf(first, firstlen, "%.200s: %s", edit_print(e, text, sizeof text), strerror(-one));
	}
	int n = rc < 0 ? rc : (int)steps.n;
	inventory_free(&steps);
	inventory_free(&now);
	return n;
}

// A rule that comes and goes splits the tables for good (fib_unmerge(), net/ipv4/fib_frontend.c).
static int split(struct changer *c)
{
	static const struct edit_rule rule = {
		.rule = {.family = AF_INET, .priority = 1, .table = RT_TABLE_MAIN},
		.has_priority = true,
	};
	int rc = change_rule(c, true, &rule);
	return rc == 0 ? change_rule(c, false, &rule) : rc;
}

int lab_copy_furnish(struct changer *c, void *data, char *why, size_t whylen)
{
	const struct lab_copy *copy = data;
	unsigned failed = 0;
	char first[EDIT_ERROR] = "";
	int rc = copy->split ? split(c) : 0;
	for (int i = 0; i < ROUNDS && rc >= 0; i++) {
		rc = make_missing(c, copy, i < 2 ? INVENTORY_OURS : INVENTORY_LOST | INVENTORY_NEW, &failed, first,
				  sizeof first);
		if (rc == 0 && i >= 2)
			break;
	}
	if (rc >= 0)
		rc = route_order_restore(c, &copy->inventory);
	if (rc < 0) {
		snprintf(why, whylen, "cannot copy this host: %s", strerror(-rc));
		return rc;
	}
	if (failed)
		snprintf(why, whylen, "%u thing%s of this host could not be copied: %s", failed, failed == 1 ? "" : "s",
			 first);
	for (size_t i = 0; i < copy->inventory.n; i++) {
		const struct edit *e = &copy->inventory.edits[i];
		if (e->kind == EDIT_LINK && e->link.neighbour && is_up(&copy->inventory, e->dev))
			lab_await_up(e->dev);
	}
	return 0;
}
