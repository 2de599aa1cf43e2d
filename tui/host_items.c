// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/host_items.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void host_items_free(struct host_items *t)
{
	free(t->item);
	*t = (struct host_items){0};
}

static int reserve(struct host_items *t, size_t n)
{
	if (n <= t->cap)
		return 0;
	size_t cap = t->cap * 2 > n ? t->cap * 2 : n + 16;
	struct ref_item *grown = realloc(t->item, cap * sizeof *grown);
	if (!grown)
		return -ENOMEM;
	t->item = grown;
	t->cap = cap;
	return 0;
}

// A position for each address behind its link, by counting: a host may have 100,000 of them.
int host_items_build_links(struct host_items *t, const struct host *h)
{
	t->count = 0;
	size_t *at = calloc(h->nlinks + 1, sizeof *at);
	if (!at || reserve(t, h->nlinks + h->naddrs) < 0) {
		free(at);
		return -ENOMEM;
	}
	for (size_t i = 0; i < h->naddrs; i++) {
		const struct link *l = host_link(h, h->addrs[i].index);
		if (l)
			at[l - h->links + 1]++;
	}
	for (size_t i = 0; i < h->nlinks; i++) {
		at[i + 1] += at[i] + 1;
		t->item[at[i]] = (struct ref_item){0, (uint32_t)i & 0x7fffffff};
	}
	t->count = at[h->nlinks];
	for (size_t i = 0; i < h->naddrs; i++) {
		const struct link *l = host_link(h, h->addrs[i].index);
		if (l) // else its link went while the lists were read
			t->item[++at[l - h->links]] = (struct ref_item){1, (uint32_t)i & 0x7fffffff};
	}
	free(at);
	return 0;
}

bool host_items_lists(const struct route_info *r)
{
	return r->table == RT_TABLE_LOCAL || r->type == RTN_LOCAL || r->type == RTN_BROADCAST ||
	       r->type == RTN_ANYCAST || r->type == RTN_MULTICAST;
}

static int add(struct host_items *t, bool second, size_t index)
{
	if (reserve(t, t->count + 1) < 0) {
		t->count = 0;
		return -ENOMEM;
	}
	t->item[t->count++] = (struct ref_item){second, (uint32_t)index & 0x7fffffff};
	return 0;
}

int host_items_build_routes(struct host_items *t, const struct host *h)
{
	int err = 0;
	t->count = 0;
	t->nextra = 0;
	for (size_t i = 0; i < h->nroutes4 && !err; i++)
		if (host_items_lists(host_info4(h, i)))
			err = add(t, false, i);
	for (size_t i = 0; i < h->nroutes6 && !err; i++)
		if (host_items_lists(host_info6(h, i)))
			err = add(t, true, i);
	return err;
}

static int compare(struct ref_item a, struct ref_item b)
{
	if (a.second != b.second)
		return a.second ? 1 : -1;
	return a.index < b.index ? -1 : a.index > b.index;
}

// Where it is, or would be.
static size_t position(const struct host_items *t, struct ref_item want)
{
	size_t low = 0, high = t->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare(t->item[mid], want) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool holds(const struct host_items *t, size_t at, struct ref_item want)
{
	return at < t->count && compare(t->item[at], want) == 0;
}

static void take_out(struct host_items *t, struct ref_item old)
{
	size_t at = position(t, old);
	if (!holds(t, at, old))
		return;
	memmove(t->item + at, t->item + at + 1, (t->count - at - 1) * sizeof *t->item);
	t->count--;
}

static int put_in(struct host_items *t, struct ref_item want)
{
	size_t at = position(t, want);
	if (reserve(t, t->count + 1) < 0)
		return -ENOMEM;
	memmove(t->item + at + 1, t->item + at, (t->count - at) * sizeof *t->item);
	t->item[at] = want;
	t->count++;
	return 0;
}

// Routes of one family that stand at a place or behind it have moved.
static void move_items(struct host_items *t, struct ref_item from, int by)
{
	for (size_t i = position(t, from); i < t->count && t->item[i].second == from.second; i++)
		t->item[i].index = (t->item[i].index + (unsigned)by) & 0x7fffffff;
	for (unsigned i = 0; i < t->nextra; i++)
		if (t->extra[i].second == from.second && t->extra[i].index >= from.index)
			t->extra[i].index = (t->extra[i].index + (unsigned)by) & 0x7fffffff;
}

// It is not listed for the walk's sake alone any more.
static void forget_extra(struct host_items *t, struct ref_item it)
{
	unsigned n = 0;
	for (unsigned i = 0; i < t->nextra; i++)
		if (compare(t->extra[i], it) != 0)
			t->extra[n++] = t->extra[i];
	t->nextra = n;
}

int host_items_change_route(struct host_items *t, const struct host_change *c, struct items_change *out)
{
	const struct ref_item it = {c->list == HOST_ROUTES6, c->at & 0x7fffffff};
	*out = (struct items_change){SIZE_MAX, SIZE_MAX};
	if (c->how == CHANGE_ADDED)
		move_items(t, it, 1);
	else
		forget_extra(t, it);
	size_t at = position(t, it);
	bool listed = c->how != CHANGE_ADDED && holds(t, at, it);
	bool wanted = c->how != CHANGE_REMOVED && host_items_lists(&c->after.route.info);
	if (listed && !wanted) {
		take_out(t, it);
		out->removed = at;
	}
	if (c->how == CHANGE_REMOVED)
		move_items(t, it, -1);
	if (!wanted || listed)
		return 0;
	out->inserted = at;
	return put_in(t, it);
}

static struct ref_item route_item(const struct ref *ref)
{
	return (struct ref_item){ref->kind == REF_ROUTE6, ref->index & 0x7fffffff};
}

// The routes of a walk that the list has for the walk's sake alone, or does not have.
static unsigned wanted_extras(const struct host_items *t, const struct walk *w, struct ref_item out[static ITEMS_EXTRA])
{
	unsigned n = 0;
	for (unsigned s = 0; s < w->nsteps; s++) {
		for (unsigned i = 0; i < w->steps[s].ninputs && n < ITEMS_EXTRA; i++) {
			const struct ref *ref = &w->steps[s].inputs[i].ref;
			if (ref->kind != REF_ROUTE4 && ref->kind != REF_ROUTE6)
				continue;
			struct ref_item want = route_item(ref);
			bool extra = !holds(t, position(t, want), want), again = false;
			for (unsigned e = 0; e < t->nextra; e++)
				extra |= compare(t->extra[e], want) == 0;
			for (unsigned e = 0; e < n; e++)
				again |= compare(out[e], want) == 0;
			if (extra && !again)
				out[n++] = want;
		}
	}
	return n;
}

int host_items_point_routes(struct host_items *t, const struct walk *w)
{
	struct ref_item want[ITEMS_EXTRA];
	unsigned n = wanted_extras(t, w, want);
	bool same = n == t->nextra;
	for (unsigned i = 0; same && i < n; i++)
		same = compare(want[i], t->extra[i]) == 0;
	if (same)
		return 0;
	while (t->nextra > 0)
		take_out(t, t->extra[--t->nextra]);
	for (unsigned i = 0; i < n; i++) {
		if (put_in(t, want[i]) < 0)
			return -ENOMEM;
		t->extra[t->nextra++] = want[i];
	}
	return 1;
}

size_t host_items_find_route(const struct host_items *t, const struct ref *ref)
{
	if (ref->kind != REF_ROUTE4 && ref->kind != REF_ROUTE6)
		return SIZE_MAX;
	size_t at = position(t, route_item(ref));
	return holds(t, at, route_item(ref)) ? at : SIZE_MAX;
}

size_t host_items_find_link(const struct host_items *t, const struct ref *ref)
{
	if (ref->kind != REF_LINK && ref->kind != REF_ADDR)
		return SIZE_MAX;
	for (size_t i = 0; i < t->count; i++)
		if (t->item[i].second == (ref->kind == REF_ADDR) && t->item[i].index == ref->index)
			return i;
	return SIZE_MAX;
}

void host_items_of_prefix(const struct host_items *t, const struct host *h, const struct prefix *p, size_t *first,
			  size_t *end)
{
	bool six = p->addr.family == AF_INET6;
	size_t i = identity_first_route(h, six, &p->addr, p->len), n = six ? h->nroutes6 : h->nroutes4;
	*first = position(t, (struct ref_item){six, i & 0x7fffffff});
	while (i < n && identity_is_of_prefix(h, six, i, &p->addr, p->len))
		i++;
	*end = position(t, (struct ref_item){six, i & 0x7fffffff});
}
