// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/inventory.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void inventory_free(struct inventory *s)
{
	free(s->edits);
	*s = (struct inventory){0};
}

int inventory_add(struct inventory *s, const struct edit *e)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 64;
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

bool inventory_is_back(const struct inventory *s, const struct edit *b)
{
	struct edit thing = *b;
	if (edit_is_state(b) || b->add)
		return inventory_holds(s, b);
	thing.add = true;
	return !inventory_find(s, &thing);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

// The kernel hands a value on to each interface, and sets others along with it.
static bool spreads(const char *name)
{
	return strcmp(name, "net.ipv4.ip_forward") == 0 || strncmp(name, "net.ipv4.conf.all.", 18) == 0 ||
	       strncmp(name, "net.ipv6.conf.all.", 18) == 0;
}

// "conf.IF." of a dotted name, where a slash stands for a dot of the name: is it that interface, or all?
static bool speaks_of(const char *sysctl, const char *dev)
{
	const char *at = strstr(sysctl, ".conf.");
	if (!at)
		return false;
	at += strlen(".conf.");
	size_t n = strcspn(at, ".");
	if (strncmp(at, "all.", 4) == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		if ((at[i] == '/' ? '.' : at[i]) != dev[i])
			return false;
	return dev[n] == '\0';
}

bool inventory_sysctl_spreads(const char *name)
{
	return spreads(name) || ends_with(name, ".disable_ipv6");
}

// IPv6 routes that refuse, and next hops that drop, hang on lo.
static bool is_on(const struct edit *fact, const char *dev)
{
	bool refuses = fact->kind == EDIT_ROUTE && fact->route.dst.addr.family == AF_INET6 && !fact->route.nhid;
	if (!fact->dev[0] && (refuses || (fact->kind == EDIT_NEXTHOP && fact->nexthop.blackhole)))
		return strcmp(dev, "lo") == 0;
	return strcmp(fact->dev, dev) == 0;
}

static bool sysctl_endangers(const struct edit *e, const struct edit *fact)
{
	const char *name = e->sysctl.name;
	if (ends_with(name, ".disable_ipv6") && fact->kind != EDIT_SYSCTL)
		return edit_family(fact) == AF_INET6 &&
		       (speaks_of(name, fact->dev) || (speaks_of(name, "lo") && is_on(fact, "lo")));
	if (fact->kind != EDIT_SYSCTL || !spreads(name) || strncmp(fact->sysctl.name, name, 9) != 0 ||
	    !strstr(fact->sysctl.name, ".conf."))
		return false;
	const char *last = strrchr(name, '.');
	bool forwarding = ends_with(name, "forward") || ends_with(name, ".forwarding");
	return ends_with(fact->sysctl.name, last) ||
	       (forwarding &&
		(ends_with(fact->sysctl.name, ".forwarding") || ends_with(fact->sysctl.name, ".accept_redirects")));
}

bool inventory_endangers(const struct edit *e, const struct edit *fact)
{
	bool thing = fact->kind == EDIT_ADDR || fact->kind == EDIT_ROUTE || fact->kind == EDIT_NEXTHOP;
	bool here = thing && is_on(fact, e->dev);
	switch (e->kind) {
	case EDIT_LINK:
		if (e->add)
			return false;
		if (fact->kind == EDIT_MASTER && strcmp(fact->master, e->dev) == 0)
			return true;
		return (fact->kind == EDIT_SYSCTL && strstr(fact->sysctl.name, ".conf.all.") == NULL &&
			speaks_of(fact->sysctl.name, e->dev)) ||
		       here || (edit_is_state(fact) && fact->kind != EDIT_SYSCTL && strcmp(fact->dev, e->dev) == 0) ||
		       (fact->kind == EDIT_ROUTE && fact->route.nhid);
	case EDIT_UP:
		if (e->add) // what of it is there: see add_loopback()
			return here && fact->kind == EDIT_ADDR && strcmp(e->dev, "lo") == 0;
		return here || (fact->kind == EDIT_ROUTE && fact->route.nhid);
	case EDIT_MASTER:
		return here || (fact->kind == EDIT_ROUTE && fact->route.nhid);
	case EDIT_MTU: // below 1280 IPv6 leaves the interface
		return (here && edit_family(fact) == AF_INET6) ||
		       (fact->kind == EDIT_SYSCTL && strncmp(fact->sysctl.name, "net.ipv6.conf.", 14) == 0 &&
			strncmp(fact->sysctl.name + 14, "all.", 4) != 0 && speaks_of(fact->sysctl.name, e->dev));
	case EDIT_ADDR:
		return !e->add && ((here && edit_family(fact) == e->addr.addr.family) ||
				   (fact->kind == EDIT_ROUTE && addr_equal(&fact->route.src, &e->addr.addr)));
	case EDIT_NEXTHOP:
		return !e->add && fact->kind == EDIT_ROUTE && fact->route.nhid == e->nexthop.id;
	case EDIT_ROUTE:
		return edit_replaces(e, fact);
	case EDIT_SYSCTL:
		return sysctl_endangers(e, fact);
	default:
		return false;
	}
}

// Has the thing the same properties, too? Lifetimes count down, so only whether there is one is compared.
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

// What is in `from` and not, or not so, in `other`. Of one kind; as deletions, or as what makes it.
static int add_missing(const struct inventory *from, const struct inventory *other, enum edit_kind kind, bool del,
		       bool by_kernel, struct inventory *out)
{
	size_t hint = 0;
	for (size_t i = 0; i < from->n; i++) {
		struct edit e = from->edits[i];
		if (e.kind != kind || (e.by_kernel && !by_kernel))
			continue;
		const struct edit *there = inventory_find_from(other, &e, &hint);
		if (there && same_properties(&e, there))
			continue;
		// The sysctls of an interface come with it, and it may be about to come.
		bool of_link =
			e.kind == EDIT_SYSCTL && (strstr(e.sysctl.name, ".conf.") || strstr(e.sysctl.name, ".neigh."));
		if (edit_is_state(&e) && (del || (e.kind == EDIT_SYSCTL && !there && !of_link)))
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

int inventory_difference(const struct inventory *now, const struct inventory *then, unsigned by_kernel,
			 struct inventory *out)
{
	static const struct {
		enum edit_kind kind;
		bool del;
	} order[] = {{EDIT_ROUTE, true}, {EDIT_NEXTHOP, true}, {EDIT_ADDR, true},     {EDIT_LINK, true},
		     {EDIT_LINK, false}, {EDIT_MTU, false},    {EDIT_SYSCTL, false},  {EDIT_MASTER, false},
		     {EDIT_UP, false},   {EDIT_ADDR, false},   {EDIT_NEXTHOP, false}, {EDIT_ROUTE, false},
		     {EDIT_RULE, false}, {EDIT_RULE, true}}; // rules last: without any, nothing can be looked up
	int rc = 0;
	for (size_t i = 0; i < sizeof order / sizeof *order && rc == 0; i++)
		rc = order[i].del ? add_missing(now, then, order[i].kind, true, by_kernel & SCENE_NEW, out)
				  : add_missing(then, now, order[i].kind, false, by_kernel & SCENE_LOST, out);
	return rc;
}
