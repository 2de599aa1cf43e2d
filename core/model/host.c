// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/host.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct host *host_new(void)
{
	struct host *h = calloc(1, sizeof *h);
	if (!h)
		return NULL;
	for (int i = 0; i < SYSCTL_COUNT; i++)
		h->sysctl[i] = sysctl_info((enum sysctl_id)i)->initial;
	for (int i = 0; i < KIND_COUNT; i++)
		h->has_kind[i] = YES;
	h->has_inet6 = YES;
	h->has_local4 = h->has_main4 = UNKNOWN;
	h->routes4_read = true;
	return h;
}

void host_free(struct host *h)
{
	if (!h)
		return;
	free(h->links);
	free(h->altnames);
	free(h->addrs);
	free(h->routes4);
	free(h->routes6);
	route_infos_free(&h->infos4);
	route_infos_free(&h->infos6);
	free(h->rules);
	free(h);
}

// Replaces *array, so far shared with the original, by a copy of its own.
static bool copy_array(void *array, size_t count, size_t size, size_t *cap)
{
	void **p = array;
	void *own = malloc(count ? count * size : 1);
	const void *shared = *p;
	*p = own;
	*cap = count;
	if (!own)
		return false;
	if (count)
		memcpy(own, shared, count * size);
	return true;
}

struct host *host_copy(const struct host *h)
{
	struct host *c = malloc(sizeof *c);
	if (!c)
		return NULL;
	*c = *h;
	bool ok = copy_array(&c->links, c->nlinks, sizeof *c->links, &c->links_cap);
	ok &= copy_array(&c->altnames, c->naltnames, sizeof *c->altnames, &c->altnames_cap);
	ok &= copy_array(&c->addrs, c->naddrs, sizeof *c->addrs, &c->addrs_cap);
	ok &= route_infos_copy(&h->infos4, &c->infos4) == 0;
	ok &= route_infos_copy(&h->infos6, &c->infos6) == 0;
	ok &= copy_array(&c->routes4, c->nroutes4, sizeof *c->routes4, &c->routes4_cap);
	ok &= copy_array(&c->routes6, c->nroutes6, sizeof *c->routes6, &c->routes6_cap);
	ok &= copy_array(&c->rules, c->nrules, sizeof *c->rules, &c->rules_cap);
	if (!ok) {
		host_free(c);
		return NULL;
	}
	return c;
}

// Room for one more element of a growing array; returns its address.
static void *grow(void *array, size_t *count, size_t *cap, size_t size)
{
	void **p = array;
	if (*count == *cap) {
		size_t want = *cap ? *cap * 2 : 8;
		void *bigger = realloc(*p, want * size);
		if (!bigger)
			return NULL;
		*p = bigger;
		*cap = want;
	}
	return (char *)*p + size * (*count)++;
}

#define ADD(h, array, count, cap, value)                                                                               \
	__typeof__(*(h)->array) *slot = grow(&(h)->array, &(h)->count, &(h)->cap, sizeof *slot);                       \
	if (!slot)                                                                                                     \
		return -ENOMEM;                                                                                        \
	*slot = *(value);                                                                                              \
	return 0

int host_add_link(struct host *h, const struct link *l)
{
	ADD(h, links, nlinks, links_cap, l);
}

int host_add_altname(struct host *h, uint32_t index, const char *name)
{
	struct altname a = {.index = index};
	snprintf(a.name, sizeof a.name, "%s", name);
	ADD(h, altnames, naltnames, altnames_cap, &a);
}

int host_add_addr(struct host *h, const struct host_addr *a)
{
	ADD(h, addrs, naddrs, addrs_cap, a);
}

int host_add_rule(struct host *h, const struct rule *r)
{
	ADD(h, rules, nrules, rules_cap, r);
}

static int add_route4(struct host *h, const struct prefix *dst, uint32_t info)
{
	struct route4 *r = info >> 26 ? NULL : grow(&h->routes4, &h->nroutes4, &h->routes4_cap, sizeof *r);
	if (!r)
		return -ENOMEM;
	*r = (struct route4){.dst = addr_v4(&dst->addr), .len = dst->len & 63u, .info = info & 0x3ffffff};
	return 0;
}

static int add_route6(struct host *h, const struct prefix *dst, uint32_t info)
{
	struct route6 *r = info >> 24 ? NULL : grow(&h->routes6, &h->nroutes6, &h->routes6_cap, sizeof *r);
	if (!r)
		return -ENOMEM;
	*r = (struct route6){.len = dst->len, .info = info & 0xffffff};
	addr_to_in6(&dst->addr, &r->dst);
	return 0;
}

int host_add_route(struct host *h, const struct prefix *dst, const struct route_info *info)
{
	bool v4 = dst->addr.family == AF_INET;
	struct route_infos *infos = v4 ? &h->infos4 : &h->infos6;
	uint32_t slot;
	int err = route_infos_take(infos, info, &slot);
	if (err)
		return err;
	err = v4 ? add_route4(h, dst, slot) : add_route6(h, dst, slot);
	if (err)
		route_infos_drop(infos, slot);
	return err;
}

void host_clear_links(struct host *h)
{
	h->nlinks = 0;
	h->naltnames = 0;
}

void host_clear_addrs(struct host *h)
{
	h->naddrs = 0;
}

void host_clear_routes(struct host *h, int family)
{
	if (family == AF_INET)
		h->nroutes4 = 0;
	else
		h->nroutes6 = 0;
	route_infos_clear(family == AF_INET ? &h->infos4 : &h->infos6);
}

void host_clear_rules(struct host *h)
{
	h->nrules = 0;
}

const struct link *host_link(const struct host *h, uint32_t index)
{
	size_t lo = 0, hi = h->nlinks;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (h->links[mid].index == index)
			return &h->links[mid];
		if (h->links[mid].index < index)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

const struct link *host_link_named(const struct host *h, const char *name)
{
	for (size_t i = 0; i < h->nlinks; i++)
		if (strcmp(h->links[i].name, name) == 0)
			return &h->links[i];
	for (size_t i = 0; i < h->naltnames; i++)
		if (strcmp(h->altnames[i].name, name) == 0)
			return host_link(h, h->altnames[i].index);
	return NULL;
}

const char *host_link_name(const struct host *h, uint32_t index, char buf[static 16])
{
	const struct link *l = host_link(h, index);
	if (l)
		snprintf(buf, 16, "%s", l->name);
	else
		snprintf(buf, 16, "%u", index);
	return buf;
}

const struct link *host_vrf_of(const struct host *h, uint32_t index)
{
	const struct link *l = host_link(h, index);
	if (l && !l->vrf_table)
		l = l->master ? host_link(h, l->master) : NULL;
	return l && l->vrf_table ? l : NULL;
}

bool host_has_addr(const struct host *h, uint32_t device, int family)
{
	for (size_t i = 0; i < h->naddrs; i++)
		if (h->addrs[i].index == device && (family == AF_UNSPEC || h->addrs[i].addr.family == family))
			return true;
	return false;
}

size_t host_find_addr(const struct host *h, const struct addr *a)
{
	size_t lo = 0, hi = h->naddrs;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (addr_compare(&h->addrs[mid].addr, a) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < h->naddrs && addr_equal(&h->addrs[lo].addr, a) ? lo : h->naddrs;
}

size_t host_find_addr_on(const struct host *h, const struct addr *a, uint32_t device)
{
	for (size_t i = host_find_addr(h, a); i < h->naddrs && addr_equal(&h->addrs[i].addr, a); i++)
		if (h->addrs[i].index == device)
			return i;
	return h->naddrs;
}

const struct host_addr *host_primary_of(const struct host *h, const struct host_addr *a)
{
	if (a->addr.family != AF_INET || !(a->flags & IFA_F_SECONDARY))
		return NULL;
	const struct prefix net = {addr_masked(&a->addr, a->prefixlen), a->prefixlen};
	for (size_t i = 0; i < h->naddrs && h->addrs[i].addr.family == AF_INET; i++) {
		const struct host_addr *e = &h->addrs[i];
		if (e->index == a->index && e->prefixlen == a->prefixlen && !(e->flags & IFA_F_SECONDARY) &&
		    prefix_covers(&net, &e->addr))
			return e;
	}
	return NULL;
}

bool host_promotes(const struct host *h, uint32_t device)
{
	const struct link *l = host_link(h, device);
	return h->sysctl[SYSCTL_ALL_PROMOTE] || (l && l->promotes);
}

const struct route_info *host_info4(const struct host *h, size_t route)
{
	return &h->infos4.at[h->routes4[route].info].info;
}

const struct route_info *host_info6(const struct host *h, size_t route)
{
	return &h->infos6.at[h->routes6[route].info].info;
}

struct prefix host_prefix4(const struct host *h, size_t route)
{
	return (struct prefix){.addr = addr_from_v4(h->routes4[route].dst), .len = h->routes4[route].len};
}

struct prefix host_prefix6(const struct host *h, size_t route)
{
	return (struct prefix){.addr = addr_from_in6(&h->routes6[route].dst), .len = (uint8_t)h->routes6[route].len};
}

// ip_ignore_linkdown() (include/linux/inetdevice.h): newer kernels also heed the switch for all devices. So a route
// that is dead for want of a carrier may be alive for an older one.
static bool dies_by_all(const struct host *h, const struct route_info *info)
{
	uint8_t both = ROUTE_DEAD | ROUTE_LINKDOWN;
	const struct link *l = host_link(h, info->oif);
	return (info->flags & both) == both && l && l->flags & IFF_UP && !l->ignores_linkdown;
}

void host_as_kernel(struct host *h, const struct kernel *other)
{
	bool less = kernel_has(&h->kernel, TRAIT_LINKDOWN_ALL) && !kernel_has(other, TRAIT_LINKDOWN_ALL);
	h->kernel = *other;
	for (size_t i = 0; i < h->infos4.n && less; i++)
		if (dies_by_all(h, &h->infos4.at[i].info))
			h->infos4.at[i].info.flags &= (uint8_t)~ROUTE_DEAD;
	if (less)
		route_infos_rehash(&h->infos4);
}

bool route_is_anyip(const struct route_info *info, unsigned len, int family)
{
	return info->type == RTN_LOCAL && info->protocol != RTPROT_KERNEL && len < (family == AF_INET ? 32u : 128u);
}
