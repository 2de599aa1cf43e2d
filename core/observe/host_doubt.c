// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/host_doubt.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "core/model/host_order.h"

static void add(struct host_doubts *d, const struct host_doubt *x)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->list[i].cause == x->cause && d->list[i].which == x->which &&
		    addr_equal(&d->list[i].addr, &x->addr))
			return;
	if (d->n == HOST_DOUBTS)
		d->many = true;
	else
		d->list[d->n++] = *x;
}

void host_doubt(struct host_doubts *d, enum doubt_cause cause, uint32_t which)
{
	add(d, &(struct host_doubt){.cause = cause, .which = which});
}

void host_doubt_addr6(struct host_doubts *d, const struct host_addr *gone)
{
	add(d, &(struct host_doubt){DOUBT_ADDR6_GONE, gone->index, gone->addr});
}

// Is there a route with such an info?
typedef bool wanted_info(const struct route_info *i, const struct host *h, uint32_t which);

static bool any(const struct route_infos *t, wanted_info *wanted, const struct host *h, uint32_t which)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].uses && wanted(&t->at[i].info, h, which))
			return true;
	return false;
}

static bool uses_device(const struct route_info *i, const struct host *h, uint32_t device)
{
	(void)h;
	return route_info_uses(i, device);
}

// A route goes down with its link unless its scope is host (fib_sync_down_dev(), net/ipv4/fib_semantics.c).
static bool goes_with(const struct route_info *i, const struct host *h, uint32_t device)
{
	return i->scope != RT_SCOPE_HOST && uses_device(i, h, device);
}

static bool prefers(const struct route_info *i, const struct host *h, uint32_t source)
{
	(void)h;
	return i->prefsrc == source;
}

static bool has_carrier(const struct link *l)
{
	return l->flags & (IFF_RUNNING | FLAG_LOWER_UP);
}

// Does the route's state contradict the link's carrier? Several next hops don't say enough, so they count as a
// contradiction.
static bool contradicts(const struct route_info *i, const struct host *h, uint32_t device)
{
	const struct link *l = host_link(h, device);
	if (i->several || !i->oif)
		return true;
	return has_carrier(l) ? i->flags != 0 : !(i->flags & ROUTE_LINKDOWN);
}

static bool contradicts4(const struct route_info *i, const struct host *h, uint32_t device)
{
	return goes_with(i, h, device) && contradicts(i, h, device);
}

// fib6_ifdown(), net/ipv6/route.c
static bool contradicts6(const struct route_info *i, const struct host *h, uint32_t device)
{
	return i->type != RTN_LOCAL && i->type != RTN_ANYCAST && uses_device(i, h, device) && contradicts(i, h, device);
}

static bool is_master(const struct host *h, uint32_t device)
{
	for (size_t i = 0; i < h->nlinks; i++)
		if (h->links[i].master == device)
			return true;
	return false;
}

// The families (enum dump_kind) that still have such a route.
static unsigned routes(const struct host *h, wanted_info *four, wanted_info *six, uint32_t device)
{
	return (any(&h->infos4, four, h, device) ? DUMP_ROUTES4 : 0) |
	       (any(&h->infos6, six, h, device) ? DUMP_ROUTES6 : 0);
}

static unsigned link_is_gone(const struct host *h, uint32_t device)
{
	unsigned stale = routes(h, uses_device, uses_device, device);
	if (host_has_addr(h, device, AF_UNSPEC))
		stale |= DUMP_ADDRS;
	if (is_master(h, device))
		stale |= DUMP_LINKS;
	return stale;
}

// IPv6 addresses may stay and silently become tentative (net.ipv6.conf.*.keep_addr_on_down).
static unsigned link_is_down(const struct host *h, uint32_t device)
{
	return routes(h, goes_with, uses_device, device) | (host_has_addr(h, device, AF_INET6) ? DUMP_ADDRS : 0);
}

static unsigned carrier_is_seen(const struct host *h, uint32_t device)
{
	const struct link *l = host_link(h, device);
	return l && l->flags & IFF_UP ? routes(h, contradicts4, contradicts6, device) : 0;
}

// Is the local route of an address still there, although the device no longer has the address?
static bool has_stray6(const struct host *h, const struct host_doubt *d)
{
	size_t low = 0, high = h->nroutes6, at = host_find_addr(h, &d->addr);
	for (; at < h->naddrs && addr_equal(&h->addrs[at].addr, &d->addr); at++)
		if (h->addrs[at].index == d->which)
			return false; // it was added again
	struct route6 key = {.len = 128};
	addr_to_in6(&d->addr, &key.dst);
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (route6_compare(&h->routes6[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < h->nroutes6 && route6_compare(&h->routes6[low], &key) == 0; low++)
		if (host_info6(h, low)->type == RTN_LOCAL && uses_device(host_info6(h, low), h, d->which))
			return true;
	return false;
}

static unsigned addr6_is_gone(const struct host *h, const struct host_doubt *d)
{
	bool alone = !host_has_addr(h, d->which, AF_INET6) && any(&h->infos6, uses_device, h, d->which);
	return alone || has_stray6(h, d) ? DUMP_ROUTES6 : 0;
}

static unsigned look_into(const struct host *h, const struct host_doubt *d)
{
	switch (d->cause) {
	case DOUBT_LINK_GONE:
		return link_is_gone(h, d->which);
	case DOUBT_LINK_DOWN:
		return link_is_down(h, d->which);
	case DOUBT_LINK_MASTER:
		return routes(h, uses_device, uses_device, d->which);
	case DOUBT_CARRIER:
		return carrier_is_seen(h, d->which);
	case DOUBT_ADDR_GONE:
		return any(&h->infos4, prefers, h, d->which) ? DUMP_ROUTES4 : 0;
	case DOUBT_LAST_ADDR:
		return any(&h->infos4, uses_device, h, d->which) ? DUMP_ROUTES4 : 0;
	case DOUBT_ADDR6_GONE:
		return addr6_is_gone(h, d);
	}
	return 0;
}

unsigned host_settle(const struct host *h, struct host_doubts *d)
{
	unsigned stale = d->many ? DUMP_LINKS | DUMP_ADDRS | DUMP_ROUTES4 | DUMP_ROUTES6 : 0;
	for (unsigned i = 0; i < d->n; i++)
		stale |= look_into(h, &d->list[i]);
	*d = (struct host_doubts){0};
	return stale;
}

bool host_uses_nexthops(const struct route_infos *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i].uses && t->at[i].info.nhid)
			return true;
	return false;
}

static bool heeds_carrier(const struct route_info *i, const struct host *h, uint32_t device)
{
	(void)h;
	return (i->several || i->nhid || i->flags & ROUTE_LINKDOWN) && (!device || route_info_uses(i, device));
}

bool host_heeds_carrier(const struct host *h, uint32_t device)
{
	return any(&h->infos4, heeds_carrier, h, device);
}
