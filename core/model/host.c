// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/host.h"

#include <errno.h>
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
	free(h->infos);
	free(h->info_hash);
	free(h->routes4);
	free(h->routes6);
	free(h->rules);
	free(h);
}

// Replaces *array, so far shared with the original, by a copy of its own.
static bool copy_array(void *array, size_t count, size_t size, size_t *cap)
{
	void **p = array;
	void *own = malloc(count ? count * size : 1);
	if (own && count)
		memcpy(own, *p, count * size);
	*p = own;
	*cap = count;
	return own != NULL;
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
	ok &= copy_array(&c->infos, c->ninfos, sizeof *c->infos, &c->infos_cap);
	ok &= copy_array(&c->info_hash, c->info_slots, sizeof *c->info_hash, &c->info_slots);
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

bool route_info_equal(const struct route_info *a, const struct route_info *b)
{
	return a->table == b->table && a->metric == b->metric && a->oif == b->oif && a->nhid == b->nhid &&
	       a->type == b->type && a->tos == b->tos && a->protocol == b->protocol && a->scope == b->scope &&
	       a->flags == b->flags;
}

static size_t info_hash(const struct route_info *i)
{
	uint64_t x = (uint64_t)i->table << 32 | i->metric;
	x = (x ^ i->oif ^ (uint64_t)i->nhid << 20) * 0x9e3779b97f4a7c15u;
	x ^= (uint64_t)i->type | (uint64_t)i->tos << 8 | (uint64_t)i->protocol << 16 | (uint64_t)i->scope << 24 |
	     (uint64_t)i->flags << 32;
	x *= 0xbf58476d1ce4e5b9u;
	return (size_t)(x ^ x >> 29);
}

static int info_rehash(struct host *h, size_t slots)
{
	uint32_t *fresh = calloc(slots, sizeof *fresh);
	if (!fresh)
		return -ENOMEM;
	for (size_t i = 0; i < h->ninfos; i++) {
		size_t s = info_hash(&h->infos[i]) & (slots - 1);
		while (fresh[s])
			s = (s + 1) & (slots - 1);
		fresh[s] = (uint32_t)i + 1;
	}
	free(h->info_hash);
	h->info_hash = fresh;
	h->info_slots = slots;
	return 0;
}

// The index of an equal info, which is added when there is none.
static int info_intern(struct host *h, const struct route_info *info, uint32_t *index)
{
	if (h->ninfos * 2 >= h->info_slots) {
		int err = info_rehash(h, h->info_slots ? h->info_slots * 2 : 64);
		if (err)
			return err;
	}
	size_t s = info_hash(info) & (h->info_slots - 1);
	for (; h->info_hash[s]; s = (s + 1) & (h->info_slots - 1)) {
		if (route_info_equal(&h->infos[h->info_hash[s] - 1], info)) {
			*index = h->info_hash[s] - 1;
			return 0;
		}
	}
	struct route_info *slot = grow(&h->infos, &h->ninfos, &h->infos_cap, sizeof *slot);
	if (!slot)
		return -ENOMEM;
	*slot = *info;
	*index = (uint32_t)h->ninfos - 1;
	h->info_hash[s] = (uint32_t)h->ninfos;
	return 0;
}

int host_add_route(struct host *h, const struct prefix *dst, const struct route_info *info)
{
	uint32_t index;
	int err = info_intern(h, info, &index);
	if (err)
		return err;
	if (index >= 1u << (dst->addr.family == AF_INET ? 26 : 24))
		return -ENOMEM;
	if (dst->addr.family == AF_INET) {
		struct route4 *r = grow(&h->routes4, &h->nroutes4, &h->routes4_cap, sizeof *r);
		if (!r)
			return -ENOMEM;
		*r = (struct route4){.dst = addr_v4(&dst->addr), .len = dst->len & 63u, .info = index & 0x3ffffff};
	} else {
		struct route6 *r = grow(&h->routes6, &h->nroutes6, &h->routes6_cap, sizeof *r);
		if (!r)
			return -ENOMEM;
		*r = (struct route6){.len = dst->len, .info = index & 0xffffff};
		addr_to_in6(&dst->addr, &r->dst);
	}
	return 0;
}

static int compare_u32(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_links(const void *a, const void *b)
{
	return compare_u32(((const struct link *)a)->index, ((const struct link *)b)->index);
}

static int compare_addrs(const void *a, const void *b)
{
	const struct host_addr *x = a, *y = b;
	int c = addr_compare(&x->addr, &y->addr);
	return c ? c : compare_u32(x->index, y->index);
}

static int compare_rules(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	return x->family != y->family ? compare_u32(x->family, y->family) : compare_u32(x->priority, y->priority);
}

// The kernel's order inside one prefix (fib_find_alias(), net/ipv4/fib_trie.c): table id and TOS descending, metric ascending.
static int compare_infos(const struct route_info *x, const struct route_info *y)
{
	if (x->table != y->table)
		return compare_u32(y->table, x->table);
	if (x->tos != y->tos)
		return compare_u32(y->tos, x->tos);
	return compare_u32(x->metric, y->metric);
}

static int compare_routes4(const struct host *h, const struct route4 *x, const struct route4 *y)
{
	if (x->dst != y->dst)
		return compare_u32(x->dst, y->dst);
	if (x->len != y->len)
		return compare_u32(x->len, y->len);
	return x->info == y->info ? 0 : compare_infos(&h->infos[x->info], &h->infos[y->info]);
}

static int compare_routes6(const struct host *h, const struct route6 *x, const struct route6 *y)
{
	int c = memcmp(&x->dst, &y->dst, sizeof x->dst);
	if (c)
		return c;
	if (x->len != y->len)
		return compare_u32(x->len, y->len);
	return x->info == y->info ? 0 : compare_infos(&h->infos[x->info], &h->infos[y->info]);
}

// A stable merge sort: insertion order decides between equal routes, and qsort() does not keep it. Dumps come almost sorted,
// so runs that are in order already are not touched.
#define DEFINE_SORT(name, type, compare)                                                                               \
	static void name(const struct host *h, type *a, size_t n, type *tmp)                                           \
	{                                                                                                              \
		size_t i = 1;                                                                                          \
		while (i < n && compare(h, &a[i - 1], &a[i]) <= 0)                                                     \
			i++;                                                                                           \
		if (i >= n)                                                                                            \
			return;                                                                                        \
		size_t half = n / 2;                                                                                   \
		name(h, a, half, tmp);                                                                                 \
		name(h, a + half, n - half, tmp);                                                                      \
		memcpy(tmp, a, half * sizeof *a);                                                                      \
		size_t l = 0, r = half, o = 0;                                                                         \
		while (l < half && r < n)                                                                              \
			a[o++] = compare(h, &tmp[l], &a[r]) <= 0 ? tmp[l++] : a[r++];                                  \
		while (l < half)                                                                                       \
			a[o++] = tmp[l++];                                                                             \
	}

DEFINE_SORT(sort_routes4, struct route4, compare_routes4)
DEFINE_SORT(sort_routes6, struct route6, compare_routes6)

static void insertion_sort4(const struct host *h)
{
	for (size_t i = 1; i < h->nroutes4; i++) {
		struct route4 r = h->routes4[i];
		size_t j = i;
		for (; j > 0 && compare_routes4(h, &h->routes4[j - 1], &r) > 0; j--)
			h->routes4[j] = h->routes4[j - 1];
		h->routes4[j] = r;
	}
}

static void insertion_sort6(const struct host *h)
{
	for (size_t i = 1; i < h->nroutes6; i++) {
		struct route6 r = h->routes6[i];
		size_t j = i;
		for (; j > 0 && compare_routes6(h, &h->routes6[j - 1], &r) > 0; j--)
			h->routes6[j] = h->routes6[j - 1];
		h->routes6[j] = r;
	}
}

void host_sort(struct host *h)
{
	if (h->nlinks)
		qsort(h->links, h->nlinks, sizeof *h->links, compare_links);
	if (h->naddrs)
		qsort(h->addrs, h->naddrs, sizeof *h->addrs, compare_addrs);
	if (h->nrules)
		qsort(h->rules, h->nrules, sizeof *h->rules, compare_rules);

	struct route4 *tmp4 = malloc((h->nroutes4 / 2 + 1) * sizeof *tmp4);
	if (tmp4)
		sort_routes4(h, h->routes4, h->nroutes4, tmp4);
	else
		insertion_sort4(h); // slow, but needs no memory
	free(tmp4);
	struct route6 *tmp6 = malloc((h->nroutes6 / 2 + 1) * sizeof *tmp6);
	if (tmp6)
		sort_routes6(h, h->routes6, h->nroutes6, tmp6);
	else
		insertion_sort6(h);
	free(tmp6);

	h->lengths4 = 0;
	for (size_t i = 0; i < h->nroutes4; i++)
		h->lengths4 |= UINT64_C(1) << h->routes4[i].len;
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
	if (h->nroutes4 == 0 && h->nroutes6 == 0) {
		h->ninfos = 0;
		if (h->info_slots)
			memset(h->info_hash, 0, h->info_slots * sizeof *h->info_hash);
	}
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

const struct route_info *host_info4(const struct host *h, size_t route)
{
	return &h->infos[h->routes4[route].info];
}

const struct route_info *host_info6(const struct host *h, size_t route)
{
	return &h->infos[h->routes6[route].info];
}

struct prefix host_prefix4(const struct host *h, size_t route)
{
	return (struct prefix){.addr = addr_from_v4(h->routes4[route].dst), .len = h->routes4[route].len};
}

struct prefix host_prefix6(const struct host *h, size_t route)
{
	return (struct prefix){.addr = addr_from_in6(&h->routes6[route].dst), .len = (uint8_t)h->routes6[route].len};
}

// ip_ignore_linkdown() (include/linux/inetdevice.h): newer kernels heed the switch for all devices, too. So a route that is
// dead for want of a carrier may be alive for an older one.
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
	for (size_t i = 0; i < h->ninfos && less; i++)
		if (dies_by_all(h, &h->infos[i]))
			h->infos[i].flags &= (uint8_t)~ROUTE_DEAD;
}

bool route_is_anyip(const struct route_info *info, unsigned len, int family)
{
	return info->type == RTN_LOCAL && info->protocol != RTPROT_KERNEL && len < (family == AF_INET ? 32u : 128u);
}
