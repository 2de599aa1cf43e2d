// SPDX-License-Identifier: GPL-3.0-or-later
// What takes an edit back.
#include "core/change/edit_inverse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/change/edit_parse.h"
#include "core/change/inventory.h"

static int no_way_back(const struct edit *fact, char *err, size_t errlen)
{
	char text[EDIT_TEXT];
	edit_shell(fact, text, sizeof text);
	snprintf(err, errlen, "this would take away what can't be given back as it was, since it has %s: %.120s",
		 fact->odd, text);
	return -EOPNOTSUPP;
}

// Does a group lose one of its next hops?
static bool would_shrink(const struct inventory *now, const struct edit *e, const struct edit *group)
{
	for (size_t i = 0; i < now->n; i++) {
		const struct edit *hop = &now->edits[i];
		if (hop->kind != EDIT_NEXTHOP || !(edit_same_object(e, hop) || inventory_endangers(e, hop)))
			continue;
		for (size_t k = 0; k < group->nexthop.nmembers; k++)
			if (group->nexthop.members[k] == hop->nexthop.id)
				return true;
	}
	return false;
}

static int check_groups(const struct inventory *now, const struct edit *e, char *err, size_t errlen)
{
	for (size_t i = 0; i < now->n; i++) {
		const struct edit *group = &now->edits[i];
		if (group->kind != EDIT_NEXTHOP || !group->nexthop.nmembers || !would_shrink(now, e, group))
			continue;
		snprintf(err, errlen, "this would take a next hop out of group %u, which can't be given back as it was",
			 group->nexthop.id);
		return -EOPNOTSUPP;
	}
	return 0;
}

// All of one key, in their order.
static int add_group(const struct inventory *now, const struct edit *of, struct inventory *out, char *err,
		     size_t errlen)
{
	int rc = 0;
	for (size_t i = 0; i < now->n && rc == 0; i++) {
		const struct edit *fact = &now->edits[i];
		bool left = fact->by_kernel && edit_family(fact) == AF_INET6 && fact != of;
		if (!edit_same_key(fact, of) || left)
			continue;
		rc = fact->odd ? no_way_back(fact, err, errlen) : inventory_add(out, fact);
	}
	return rc;
}

static bool is_ordered(const struct edit *fact)
{
	return fact->kind == EDIT_ROUTE && fact->route.dst.addr.family == AF_INET;
}

// Is the fact, or one with its key beside it in a dump, in danger? Of what the kernel makes anew, that is only of weight for
// the others.
static bool group_endangered(const struct inventory *now, const struct edit *e, size_t i)
{
	size_t first = i, last = i;
	while (first > 0 && edit_same_key(&now->edits[first - 1], &now->edits[i]))
		first--;
	while (last + 1 < now->n && edit_same_key(&now->edits[last + 1], &now->edits[i]))
		last++;
	for (size_t k = first; first < last && k <= last; k++)
		if (inventory_endangers(e, &now->edits[k]))
			return true;
	return false;
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

// Whatever the kernel may take along, in the order of making: how an interface behaves comes before it is up.
static int add_endangered(const struct inventory *now, const struct edit *e, struct inventory *out, char *err,
			  size_t errlen)
{
	static const enum edit_kind order[] = {EDIT_LINK, EDIT_MTU,     EDIT_SYSCTL, EDIT_MASTER, EDIT_UP,
					       EDIT_ADDR, EDIT_NEXTHOP, EDIT_ROUTE,  EDIT_RULE};
	int refused = check_groups(now, e, err, errlen);
	if (refused)
		return refused;
	for (size_t kind = 0; kind < sizeof order / sizeof *order; kind++) {
		size_t from = out->n;
		for (size_t i = 0; i < now->n; i++) {
			const struct edit *fact = &now->edits[i];
			if (fact->kind != order[kind] || edit_same_object(e, fact))
				continue;
			if ((fact->by_kernel || !inventory_endangers(e, fact)) &&
			    !(is_ordered(fact) && group_endangered(now, e, i)))
				continue;
			if (fact->odd)
				return no_way_back(fact, err, errlen);
			int rc = inventory_add(out, fact);
			if (rc)
				return rc;
		}
		if (order[kind] == EDIT_ADDR)
			oldest_first(out, from);
	}
	return 0;
}

static int inverse_of_link_del(const struct inventory *now, const struct edit *link, struct inventory *out, char *err,
			       size_t errlen)
{
	struct edit gone = *link, peer = *link;
	if (link->odd)
		return no_way_back(link, err, errlen);
	int rc = inventory_add(out, link);
	gone.add = peer.add = false;
	if (rc == 0)
		rc = add_endangered(now, &gone, out, err, errlen);
	if (rc || !link->link.peer[0] || link->link.neighbour)
		return rc;
	memcpy(peer.dev, link->link.peer, sizeof peer.dev);
	return add_endangered(now, &peer, out, err, errlen);
}

// The one that was there takes its place again.
static int inverse_of_replace(const struct inventory *now, const struct edit *e, struct inventory *out, char *err,
			      size_t errlen)
{
	struct edit back = *e;
	size_t i = 0;
	while (i < now->n && !edit_replaces(e, &now->edits[i]))
		i++;
	if (i == now->n) {
		back.add = back.route.replace = false;
		return inventory_add(out, &back);
	}
	if (now->edits[i].odd)
		return no_way_back(&now->edits[i], err, errlen);
	back = now->edits[i];
	back.route.replace = true;
	int rc = inventory_add(out, &back);
	// Of IPv6, all gateways are replaced at once.
	for (i++; i < now->n && rc == 0 && back.route.dst.addr.family == AF_INET6; i++)
		if (edit_replaces(e, &now->edits[i]) && !now->edits[i].by_kernel)
			rc = now->edits[i].odd ? no_way_back(&now->edits[i], err, errlen)
					       : inventory_add(out, &now->edits[i]);
	return rc;
}

// Where lo had no address, the kernel gives it one as it comes up, which stays.
static int add_loopback(const struct inventory *now, const struct edit *e, struct inventory *out)
{
	char err[EDIT_ERROR];
	struct edit own;
	if (e->kind != EDIT_UP || !e->add || strcmp(e->dev, "lo") != 0 ||
	    edit_parse("address del 127.0.0.1/8 dev lo", &own, err, sizeof err) < 0 || !inventory_holds(now, &own))
		return 0;
	return inventory_add(out, &own);
}

// The kernel's own ::1 is without the route that one of ours brings along.
static int add_loopback_route(const struct inventory *now, const struct edit *address, struct inventory *out)
{
	char err[EDIT_ERROR];
	struct edit route;
	if (!address->by_kernel || address->addr.addr.family != AF_INET6 || strcmp(address->dev, "lo") != 0 ||
	    edit_parse("-6 route del ::1/128 dev lo metric 256 proto kernel", &route, err, sizeof err) < 0 ||
	    !inventory_holds(now, &route))
		return 0;
	return inventory_add(out, &route);
}

// The deletion takes away all gateways of an IPv6 route at once, unless it names one.
static bool takes_all_gateways(const struct inventory *now, const struct edit *e, const struct edit *fact)
{
	if (fact->route.dst.addr.family != AF_INET6 || !fact->route.via.family || e->route.via.family)
		return false;
	for (size_t i = 0; i < now->n; i++)
		if (&now->edits[i] != fact && edit_same_key(&now->edits[i], fact) && now->edits[i].route.via.family)
			return true;
	return false;
}

void inventory_resolve(const struct inventory *now, struct edit *e)
{
	const struct edit *fact = inventory_find(now, e);
	if (e->add || !fact || fact->odd || (e->kind != EDIT_ROUTE && e->kind != EDIT_RULE))
		return;
	struct edit exact = edit_deletion(fact);
	if (e->kind == EDIT_ROUTE && takes_all_gateways(now, e, fact)) {
		exact.route.via = (struct addr){0};
		memset(exact.dev, 0, sizeof exact.dev);
	}
	*e = exact;
}

static bool has_key(const struct inventory *s, const struct edit *route)
{
	for (size_t i = 0; i < s->n; i++)
		if (edit_same_key(&s->edits[i], route))
			return true;
	return false;
}

int inventory_inverse(const struct inventory *now, const struct edit *e, struct inventory *out, char *err,
		      size_t errlen)
{
	const struct edit *fact = inventory_find(now, e);
	struct edit back = fact ? *fact : *e;
	char text[EDIT_TEXT];
	edit_shell(e, text, sizeof text);
	if (edit_is_state(e)) {
		if (!fact) {
			snprintf(err, errlen,
				 e->kind == EDIT_SYSCTL ? "there is no sysctl %s here, or it can't be read"
							: "there is no interface %s here",
				 e->kind == EDIT_SYSCTL ? e->sysctl.name : e->dev);
			return -ENOENT;
		}
		if (inventory_holds(now, e)) {
			snprintf(err, errlen, "nothing to change: it is so already");
			return -EALREADY;
		}
		if (fact->odd)
			return no_way_back(fact, err, errlen);
		int rc = inventory_add(out, &back);
		rc = rc ? rc : add_loopback(now, e, out);
		return rc ? rc : add_endangered(now, e, out, err, errlen);
	}
	if (e->kind == EDIT_ROUTE && e->add && e->route.replace)
		return inverse_of_replace(now, e, out, err, errlen);
	bool taken = fact || (e->kind == EDIT_ROUTE && has_key(now, e));
	if (e->add && taken && !(e->kind == EDIT_ROUTE && e->route.append)) {
		snprintf(err, errlen, "there is such a one already: %.200s", text);
		return -EEXIST;
	}
	if (e->add) {
		back = edit_deletion(e);
		return inventory_add(out, &back);
	}
	if (!fact) {
		snprintf(err, errlen, "there is no such one: %.200s", text);
		return -ENOENT;
	}
	if (e->kind == EDIT_LINK)
		return inverse_of_link_del(now, fact, out, err, errlen);
	if (fact->odd)
		return no_way_back(fact, err, errlen);
	if (e->kind == EDIT_ROUTE || e->kind == EDIT_RULE)
		return add_group(now, fact, out, err, errlen);
	int rc = inventory_add(out, &back);
	if (rc == 0 && e->kind == EDIT_ADDR)
		rc = add_loopback_route(now, fact, out);
	return rc ? rc : add_endangered(now, e, out, err, errlen);
}
