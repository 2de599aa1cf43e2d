// SPDX-License-Identifier: GPL-3.0-or-later
// The order of a host's lists. Routes and rules that compare as equal keep the kernel's order. Pure.
#ifndef BINDWALK_HOST_ORDER_H
#define BINDWALK_HOST_ORDER_H

#include <string.h>

#include "core/model/host.h"

static inline int order_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static inline int link_compare(const struct link *a, const struct link *b)
{
	return order_u32(a->index, b->index);
}

// No two addresses of the kernel's are equal here.
static inline int host_addr_compare(const struct host_addr *a, const struct host_addr *b)
{
	int c = addr_compare(&a->addr, &b->addr);
	if (c)
		return c;
	if (a->index != b->index)
		return order_u32(a->index, b->index);
	return a->prefixlen != b->prefixlen ? order_u32(a->prefixlen, b->prefixlen) : order_u32(a->peer, b->peer);
}

static inline int rule_compare(const struct rule *a, const struct rule *b)
{
	return a->family != b->family ? order_u32(a->family, b->family) : order_u32(a->priority, b->priority);
}

// By prefix alone; route_info_compare() says the rest.
static inline int route4_compare(const struct route4 *a, const struct route4 *b)
{
	return a->dst != b->dst ? order_u32(a->dst, b->dst) : order_u32(a->len, b->len);
}

static inline int route6_compare(const struct route6 *a, const struct route6 *b)
{
	int c = memcmp(&a->dst, &b->dst, sizeof a->dst);
	return c ? c : order_u32(a->len, b->len);
}

// Sorts all lists. It keeps the order of routes and rules that compare as equal.
void host_sort(struct host *h);

#endif
