// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/identity.h"

struct identity identity_of(const struct host *h, struct ref ref)
{
	struct identity id = {.kind = ref.kind};
	size_t i = ref.index;
	if (ref.kind == REF_LINK && i < h->nlinks) {
		id.ifindex = h->links[i].index;
	} else if (ref.kind == REF_ADDR && i < h->naddrs) {
		id.ifindex = h->addrs[i].index;
		id.addr = h->addrs[i].addr;
	} else if (ref.kind == REF_ROUTE4 && i < h->nroutes4) {
		struct prefix p = host_prefix4(h, i);
		id.addr = p.addr;
		id.len = p.len;
		id.info = *host_info4(h, i);
	} else if (ref.kind == REF_ROUTE6 && i < h->nroutes6) {
		struct prefix p = host_prefix6(h, i);
		id.addr = p.addr;
		id.len = p.len;
		id.info = *host_info6(h, i);
	} else {
		id.kind = REF_NONE;
	}
	return id;
}

static int compare_route(const struct host *h, bool six, size_t i, const struct addr *addr, unsigned len)
{
	struct prefix p = six ? host_prefix6(h, i) : host_prefix4(h, i);
	int order = addr_compare(&p.addr, addr);
	return order ? order : (int)p.len - (int)len;
}

bool identity_is_of_prefix(const struct host *h, bool six, size_t i, const struct addr *addr, unsigned len)
{
	return compare_route(h, six, i, addr, len) == 0;
}

size_t identity_first_route(const struct host *h, bool six, const struct addr *addr, unsigned len)
{
	size_t low = 0, high = six ? h->nroutes6 : h->nroutes4;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare_route(h, six, mid, addr, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool same_route(const struct route_info *a, const struct route_info *b)
{
	return a->table == b->table && a->type == b->type && a->oif == b->oif && a->metric == b->metric &&
	       a->tos == b->tos;
}

static bool find_route(const struct host *h, const struct identity *id, struct ref *out)
{
	bool six = id->kind == REF_ROUTE6;
	size_t end = six ? h->nroutes6 : h->nroutes4;
	for (size_t i = identity_first_route(h, six, &id->addr, id->len);
	     i < end && identity_is_of_prefix(h, six, i, &id->addr, id->len); i++) {
		if (same_route(six ? host_info6(h, i) : host_info4(h, i), &id->info)) {
			*out = (struct ref){id->kind, (uint32_t)i};
			return true;
		}
	}
	return false;
}

bool identity_find(const struct host *h, const struct identity *id, struct ref *out)
{
	if (id->kind == REF_ROUTE4 || id->kind == REF_ROUTE6)
		return find_route(h, id, out);
	if (id->kind == REF_LINK) {
		const struct link *l = host_link(h, id->ifindex);
		if (l)
			*out = (struct ref){REF_LINK, (uint32_t)(l - h->links)};
		return l != NULL;
	}
	if (id->kind == REF_SYSCTL)
		*out = (struct ref){REF_SYSCTL, id->number};
	if (id->kind != REF_ADDR)
		return id->kind == REF_SYSCTL;
	size_t i = host_find_addr_on(h, &id->addr, id->ifindex);
	if (i < h->naddrs)
		*out = (struct ref){REF_ADDR, (uint32_t)i};
	return i < h->naddrs;
}

struct identity identity_changed(const struct host_change *c)
{
	const union host_value *v = c->how == CHANGE_REMOVED ? &c->before : &c->after;
	switch (c->list) {
	case HOST_LINKS:
		return (struct identity){.kind = REF_LINK, .ifindex = v->link.index};
	case HOST_ADDRS:
		return (struct identity){.kind = REF_ADDR, .ifindex = v->addr.index, .addr = v->addr.addr};
	case HOST_ROUTES4:
	case HOST_ROUTES6:
		return (struct identity){.kind = c->list == HOST_ROUTES4 ? REF_ROUTE4 : REF_ROUTE6,
					 .addr = v->route.dst.addr,
					 .len = v->route.dst.len,
					 .info = v->route.info};
	case HOST_SYSCTLS:
		return (struct identity){.kind = REF_SYSCTL, .number = v->sysctl.id};
	default:
		return (struct identity){0};
	}
}

bool identity_equal(const struct identity *a, const struct identity *b)
{
	return a->kind == b->kind && a->ifindex == b->ifindex && a->number == b->number && a->len == b->len &&
	       addr_equal(&a->addr, &b->addr) &&
	       ((a->kind != REF_ROUTE4 && a->kind != REF_ROUTE6) || same_route(&a->info, &b->info));
}
