// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/host_change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

bool host_list_is_routes(enum host_list list)
{
	return list == HOST_ROUTES4 || list == HOST_ROUTES6;
}

struct prefix change_cover(const struct prefix *a, const struct prefix *b)
{
	uint8_t len = a->len < b->len ? a->len : b->len, same = 0;
	if (!a->addr.family)
		return *b;
	while (same < len && !((a->addr.bytes[same / 8] ^ b->addr.bytes[same / 8]) & 0x80 >> same % 8))
		same++;
	return (struct prefix){addr_masked(&a->addr, same), same};
}

void host_changes_clear(struct host_changes *c)
{
	c->n = c->more = 0;
	memset(c->sum, 0, sizeof c->sum);
}

void host_changes_count(struct host_changes *c, enum host_list list, enum change_how how, const struct prefix *dst)
{
	struct change_sum *sum = &c->sum[list][how];
	c->more++;
	sum->n++;
	if (dst)
		sum->cover = change_cover(&sum->cover, dst);
}

void host_changes_note(struct host_changes *c, enum host_list list, enum change_how how, size_t at,
		       const union host_value *before, const union host_value *after)
{
	if (!c)
		return;
	if (c->n == HOST_CHANGES) {
		const union host_value *v = after ? after : before;
		host_changes_count(c, list, how, v && host_list_is_routes(list) ? &v->route.dst : NULL);
		return;
	}
	struct host_change *k = &c->item[c->n++];
	k->list = list;
	k->how = how;
	k->at = at;
	if (before)
		k->before = *before;
	if (after)
		k->after = *after;
}

// One of the host's arrays.
struct array {
	void **data;
	size_t *n, *cap, size;
};

static struct array array_of(struct host *h, enum host_list list)
{
	switch (list) {
	case HOST_LINKS:
		return (struct array){(void **)&h->links, &h->nlinks, &h->links_cap, sizeof *h->links};
	case HOST_ADDRS:
		return (struct array){(void **)&h->addrs, &h->naddrs, &h->addrs_cap, sizeof *h->addrs};
	case HOST_RULES:
		return (struct array){(void **)&h->rules, &h->nrules, &h->rules_cap, sizeof *h->rules};
	case HOST_ROUTES4:
		return (struct array){(void **)&h->routes4, &h->nroutes4, &h->routes4_cap, sizeof *h->routes4};
	default:
		return (struct array){(void **)&h->routes6, &h->nroutes6, &h->routes6_cap, sizeof *h->routes6};
	}
}

size_t host_count(const struct host *h, enum host_list list)
{
	return *array_of((struct host *)(uintptr_t)h, list).n;
}

union host_value host_value(const struct host *h, enum host_list list, size_t at)
{
	union host_value v;
	switch (list) {
	case HOST_LINKS:
		v.link = h->links[at];
		break;
	case HOST_ADDRS:
		v.addr = h->addrs[at];
		break;
	case HOST_RULES:
		v.rule = h->rules[at];
		break;
	case HOST_ROUTES4:
		v.route = (struct host_route){host_prefix4(h, at), *host_info4(h, at)};
		break;
	default:
		v.route = (struct host_route){host_prefix6(h, at), *host_info6(h, at)};
	}
	return v;
}

static void *element(struct array a, size_t at)
{
	return (char *)*a.data + at * a.size;
}

static int open_gap(struct array a, size_t at)
{
	if (*a.n == *a.cap) {
		size_t cap = *a.cap ? *a.cap + *a.cap / 4 + 8 : 8;
		void *grown = realloc(*a.data, cap * a.size);
		if (!grown)
			return -ENOMEM;
		*a.data = grown;
		*a.cap = cap;
	}
	memmove(element(a, at + 1), element(a, at), (*a.n - at) * a.size);
	++*a.n;
	return 0;
}

static void close_gap(struct array a, size_t at)
{
	--*a.n;
	memmove(element(a, at), element(a, at + 1), (*a.n - at) * a.size);
}

static void count_length(struct host *h, unsigned len, bool more)
{
	h->count4[len] += more ? 1 : UINT32_MAX;
	if (h->count4[len])
		h->lengths4 |= UINT64_C(1) << len;
	else
		h->lengths4 &= ~(UINT64_C(1) << len);
}

static struct route_infos *infos_of(struct host *h, enum host_list list)
{
	return list == HOST_ROUTES4 ? &h->infos4 : &h->infos6;
}

// One more use of the value's info, where it has one.
static int take_info(struct host *h, enum host_list list, const union host_value *v, uint32_t *slot)
{
	*slot = 0;
	if (!host_list_is_routes(list))
		return 0;
	int err = route_infos_take(infos_of(h, list), &v->route.info, slot);
	if (!err && *slot >> (list == HOST_ROUTES4 ? 26 : 24)) {
		route_infos_drop(infos_of(h, list), *slot);
		err = -ENOMEM;
	}
	return err;
}

static void drop_info(struct host *h, enum host_list list, size_t at)
{
	if (host_list_is_routes(list))
		route_infos_drop(infos_of(h, list), list == HOST_ROUTES4 ? h->routes4[at].info : h->routes6[at].info);
}

static void store(struct host *h, enum host_list list, size_t at, const union host_value *v, uint32_t slot)
{
	const struct prefix *dst = &v->route.dst;
	switch (list) {
	case HOST_LINKS:
		h->links[at] = v->link;
		break;
	case HOST_ADDRS:
		h->addrs[at] = v->addr;
		break;
	case HOST_RULES:
		h->rules[at] = v->rule;
		break;
	case HOST_ROUTES4:
		h->routes4[at] =
			(struct route4){.dst = addr_v4(&dst->addr), .len = dst->len & 63u, .info = slot & 0x3ffffff};
		break;
	default:
		h->routes6[at] = (struct route6){.len = dst->len, .info = slot & 0xffffff};
		addr_to_in6(&dst->addr, &h->routes6[at].dst);
	}
}

int host_insert(struct host *h, enum host_list list, size_t at, const union host_value *v, struct host_changes *c)
{
	uint32_t slot;
	int err = take_info(h, list, v, &slot);
	if (err)
		return err;
	err = open_gap(array_of(h, list), at);
	if (err) {
		if (host_list_is_routes(list))
			route_infos_drop(infos_of(h, list), slot);
		return err;
	}
	store(h, list, at, v, slot);
	if (list == HOST_ROUTES4)
		count_length(h, v->route.dst.len, true);
	h->generation++;
	host_changes_note(c, list, CHANGE_ADDED, at, NULL, v);
	return 0;
}

int host_replace(struct host *h, enum host_list list, size_t at, const union host_value *v, struct host_changes *c)
{
	uint32_t slot;
	union host_value before = host_value(h, list, at);
	int err = take_info(h, list, v, &slot);
	if (err)
		return err;
	drop_info(h, list, at);
	store(h, list, at, v, slot);
	h->generation++;
	host_changes_note(c, list, CHANGE_ALTERED, at, &before, v);
	return 0;
}

void host_remove(struct host *h, enum host_list list, size_t at, struct host_changes *c)
{
	union host_value before = host_value(h, list, at);
	drop_info(h, list, at);
	close_gap(array_of(h, list), at);
	if (list == HOST_ROUTES4)
		count_length(h, before.route.dst.len, false);
	h->generation++;
	host_changes_note(c, list, CHANGE_REMOVED, at, &before, NULL);
}
