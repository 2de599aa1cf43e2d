// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/inventory.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void inventory_free(struct inventory *s)
{
	free(s->edits);
	*s = (struct inventory){0};
}

int inventory_add(struct inventory *s, const struct edit *e)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 4;
		struct edit *more = realloc(s->edits, cap * sizeof *more);
		if (!more)
			return -ENOMEM;
		s->edits = more;
		s->cap = cap;
	}
	s->edits[s->n++] = *e;
	return 0;
}

// From a place where it is likely on: two readings come in the same order.
const struct edit *inventory_find_from(const struct inventory *s, const struct edit *e, size_t *hint)
{
	for (size_t i = 0; i < s->n; i++) {
		size_t at = (*hint + i) % s->n;
		if (edit_same_object(&s->edits[at], e)) {
			*hint = at + 1;
			return &s->edits[at];
		}
	}
	return NULL;
}

const struct edit *inventory_find(const struct inventory *s, const struct edit *e)
{
	size_t hint = 0;
	return inventory_find_from(s, e, &hint);
}

// Is a fact what e makes of the object? Only for what is a state rather than a thing.
static bool same_state(const struct edit *fact, const struct edit *e)
{
	switch (e->kind) {
	case EDIT_UP:
		return fact->add == e->add;
	case EDIT_MASTER:
		return strcmp(fact->master, e->master) == 0;
	case EDIT_MTU:
		return fact->mtu == e->mtu;
	case EDIT_SYSCTL:
		return strcmp(fact->sysctl.value, e->sysctl.value) == 0;
	default:
		return true;
	}
}

bool inventory_holds(const struct inventory *s, const struct edit *e)
{
	const struct edit *fact = inventory_find(s, e);
	if (edit_is_state(e))
		return fact && same_state(fact, e);
	return (fact != NULL) == e->add;
}

bool inventory_is_back(const struct inventory *s, const struct edit *b, size_t *hint)
{
	struct edit thing = *b;
	thing.add |= !edit_is_state(b);
	const struct edit *fact = inventory_find_from(s, &thing, hint);
	return edit_is_state(b) ? fact && same_state(fact, b) : (fact != NULL) == b->add;
}

// Are the properties the same as well? Lifetimes count down, so only their presence is compared.
static bool same_properties(const struct edit *a, const struct edit *b)
{
	switch (a->kind) {
	case EDIT_LINK:
		return strcmp(a->link.type, b->link.type) == 0 && a->link.table == b->link.table &&
		       a->link.neighbour == b->link.neighbour && strcmp(a->link.peer, b->link.peer) == 0;
	case EDIT_ADDR:
		return a->addr.flags == b->addr.flags && addr_equal(&a->addr.broadcast, &b->addr.broadcast) &&
		       addr_equal(&a->addr.peer, &b->addr.peer) && a->addr.has_scope == b->addr.has_scope &&
		       a->addr.scope == b->addr.scope &&
		       (a->addr.valid == UINT32_MAX) == (b->addr.valid == UINT32_MAX) &&
		       (a->addr.preferred == 0) == (b->addr.preferred == 0);
	case EDIT_NEXTHOP:
		return a->nexthop.blackhole == b->nexthop.blackhole && strcmp(a->dev, b->dev) == 0;
	case EDIT_ROUTE:
		return a->route.onlink == b->route.onlink;
	default:
		return same_state(a, b);
	}
}

// The objects of one kind that `other` lacks or has differently, as deletions or as the edits that make them.
static int add_missing(const struct inventory *from, const struct inventory *other, enum edit_kind kind, bool del,
		       unsigned how, struct inventory *out)
{
	size_t hint = 0;
	for (size_t i = 0; i < from->n; i++) {
		struct edit e = from->edits[i];
		if (e.kind != kind || (e.by_kernel && !(how & (del ? INVENTORY_NEW : INVENTORY_LOST))))
			continue;
		const struct edit *there = inventory_find_from(other, &e, &hint);
		bool same = there && (how & INVENTORY_OBJECTS ? same_state(&e, there) : same_properties(&e, there));
		// The sysctls of an interface come with it, and it may be about to come.
		bool of_link =
			e.kind == EDIT_SYSCTL && (strstr(e.sysctl.name, ".conf.") || strstr(e.sysctl.name, ".neigh."));
		if (same || (edit_is_state(&e) && (del || (e.kind == EDIT_SYSCTL && !there && !of_link))))
			continue;
		if (del)
			e = edit_deletion(&e);
		e.by_kernel = from->edits[i].by_kernel;
		int rc = inventory_add(out, &e);
		if (rc)
			return rc;
	}
	return 0;
}

// IPv6 has its latest address first.
static void oldest_first(struct inventory *s, size_t from)
{
	while (from < s->n && edit_family(&s->edits[from]) != AF_INET6)
		from++;
	for (size_t to = s->n; from + 1 < to; from++) {
		struct edit e = s->edits[from];
		s->edits[from] = s->edits[--to];
		s->edits[to] = e;
	}
}

int inventory_difference(const struct inventory *now, const struct inventory *then, unsigned how, struct inventory *out)
{
	// How an interface behaves comes before it is up, and rules last: without any, nothing can be looked up.
	static const struct {
		enum edit_kind kind;
		bool del;
	} order[] = {{EDIT_ROUTE, true}, {EDIT_NEXTHOP, true}, {EDIT_ADDR, true},     {EDIT_LINK, true},
		     {EDIT_LINK, false}, {EDIT_MTU, false},    {EDIT_SYSCTL, false},  {EDIT_MASTER, false},
		     {EDIT_UP, false},   {EDIT_ADDR, false},   {EDIT_NEXTHOP, false}, {EDIT_ROUTE, false},
		     {EDIT_RULE, false}, {EDIT_RULE, true}};
	int rc = 0;
	for (size_t i = 0; i < sizeof order / sizeof *order && rc == 0; i++) {
		size_t from = out->n;
		rc = order[i].del ? add_missing(now, then, order[i].kind, true, how, out)
				  : add_missing(then, now, order[i].kind, false, how, out);
		if (order[i].kind == EDIT_ADDR && !order[i].del)
			oldest_first(out, from);
	}
	return rc;
}
