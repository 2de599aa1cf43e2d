// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/host_overlay.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/fib.h"
#include "core/model/host_change.h"
#include "core/model/host_order.h"

void overlay_begin(struct overlay *o, const struct host *base)
{
	o->host = *base;
	o->own_links = o->own_addrs = o->own_routes4 = o->own_routes6 = false;
}

void overlay_end(struct overlay *o)
{
	if (o->own_links)
		free(o->host.links);
	if (o->own_addrs)
		free(o->host.addrs);
	if (o->own_routes4) {
		free(o->host.routes4);
		route_infos_free(&o->host.infos4);
	}
	if (o->own_routes6) {
		free(o->host.routes6);
		route_infos_free(&o->host.infos6);
	}
}

// A copy of a borrowed array with room for one more, or NULL.
static void *own(const void *borrowed, size_t count, size_t size)
{
	void *copy = malloc((count + 1) * size);
	if (copy && count)
		memcpy(copy, borrowed, count * size);
	return copy;
}

struct link *overlay_link(struct overlay *o, uint32_t index)
{
	struct host *h = &o->host;
	const struct link *found = host_link(h, index);
	size_t at = found ? (size_t)(found - h->links) : 0;
	if (!found)
		return NULL;
	if (!o->own_links) {
		struct link *copy = own(h->links, h->nlinks, sizeof *h->links);
		if (!copy)
			return NULL;
		h->links = copy;
		h->links_cap = h->nlinks + 1;
		o->own_links = true;
	}
	return &h->links[at];
}

int overlay_own_addrs(struct overlay *o)
{
	struct host *h = &o->host;
	if (o->own_addrs)
		return 0;
	struct host_addr *copy = own(h->addrs, h->naddrs, sizeof *h->addrs);
	if (!copy)
		return -ENOMEM;
	h->addrs = copy;
	h->addrs_cap = h->naddrs + 1;
	o->own_addrs = true;
	return 0;
}

int overlay_add_addr(struct overlay *o, const struct host_addr *a)
{
	struct host *h = &o->host;
	size_t at = 0;
	int err = overlay_own_addrs(o);
	if (err)
		return err;
	while (at < h->naddrs && host_addr_compare(&h->addrs[at], a) <= 0)
		at++;
	return host_insert(h, HOST_ADDRS, at, &(union host_value){.addr = *a}, NULL);
}

// Takes over the routes that cover one destination, in their order: longer ones stand behind shorter ones, as they do
// in the host.
static int slice_routes4(struct overlay *o, uint32_t dst)
{
	const struct host base = o->host;
	struct host *h = &o->host;
	h->routes4 = NULL;
	h->nroutes4 = h->routes4_cap = 0;
	h->infos4 = (struct route_infos){0};
	memset(h->count4, 0, sizeof h->count4);
	h->lengths4 = 0;
	o->own_routes4 = true;
	for (unsigned len = 0; len <= 32; len++) {
		uint32_t masked = len ? dst & ~UINT32_C(0) << (32 - len) : 0;
		for (size_t i = fib_find_prefix4(&base, masked, len);
		     i < base.nroutes4 && base.routes4[i].dst == masked && base.routes4[i].len == len; i++) {
			union host_value v = {.route = {host_prefix4(&base, i), *host_info4(&base, i)}};
			int err = host_insert(h, HOST_ROUTES4, h->nroutes4, &v, NULL);
			if (err)
				return err;
		}
	}
	return 0;
}

static int order(const struct host *h, size_t at, const struct route4 *r, const struct route_info *info)
{
	int c = route4_compare(&h->routes4[at], r);
	return c ? c : route_info_compare(host_info4(h, at), info);
}

int overlay_remove_route4(struct overlay *o, uint32_t dst, size_t route)
{
	struct host *h = &o->host;
	const struct prefix p = host_prefix4(h, route);
	const struct route_info info = *host_info4(h, route);
	int err = o->own_routes4 ? 0 : slice_routes4(o, dst);
	if (err)
		return err;
	size_t at = fib_find_prefix4(h, addr_v4(&p.addr), p.len);
	while (at < h->nroutes4 && !route_info_equal(host_info4(h, at), &info))
		at++;
	if (at < h->nroutes4)
		host_remove(h, HOST_ROUTES4, at, NULL);
	return 0;
}

int overlay_add_route4(struct overlay *o, uint32_t dst, const struct prefix *p, const struct route_info *info)
{
	struct host *h = &o->host;
	int err = o->own_routes4 ? 0 : slice_routes4(o, dst);
	if (err)
		return err;
	const struct route4 r = {.dst = addr_v4(&p->addr), .len = p->len & 63u};
	size_t at = 0;
	while (at < h->nroutes4 && order(h, at, &r, info) <= 0)
		at++;
	if (info->table == RT_TABLE_LOCAL)
		h->has_local4 = YES;
	return host_insert(h, HOST_ROUTES4, at, &(union host_value){.route = {*p, *info}}, NULL);
}

static int slice_routes6(struct overlay *o, const struct addr *dst)
{
	const struct host base = o->host;
	struct host *h = &o->host;
	h->routes6 = NULL;
	h->nroutes6 = h->routes6_cap = 0;
	h->infos6 = (struct route_infos){0};
	o->own_routes6 = true;
	for (unsigned len = 0; len <= 128; len++) {
		const struct prefix p = {.addr = addr_masked(dst, len), .len = (uint8_t)len};
		for (size_t i = fib_find_prefix6(&base, &p); i < base.nroutes6; i++) {
			const struct prefix there = host_prefix6(&base, i);
			if (there.len != len || !addr_equal(&there.addr, &p.addr))
				break;
			union host_value v = {.route = {there, *host_info6(&base, i)}};
			int err = host_insert(h, HOST_ROUTES6, h->nroutes6, &v, NULL);
			if (err)
				return err;
		}
	}
	return 0;
}

int overlay_add_route6(struct overlay *o, const struct addr *dst, const struct prefix *p, const struct route_info *info)
{
	struct host *h = &o->host;
	struct route6 r = {.len = p->len};
	int err = o->own_routes6 ? 0 : slice_routes6(o, dst);
	if (err)
		return err;
	size_t at = 0;
	addr_to_in6(&p->addr, &r.dst);
	while (at < h->nroutes6 && route6_compare(&h->routes6[at], &r) <= 0)
		at++;
	return host_insert(h, HOST_ROUTES6, at, &(union host_value){.route = {*p, *info}}, NULL);
}
