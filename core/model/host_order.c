// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/host_order.h"

#include <stdlib.h>

static int sort_links(const struct host *h, const struct link *a, const struct link *b)
{
	(void)h;
	return link_compare(a, b);
}

static int sort_altnames(const struct host *h, const struct altname *a, const struct altname *b)
{
	(void)h;
	return order_u32(a->index, b->index);
}

static int sort_addrs(const struct host *h, const struct host_addr *a, const struct host_addr *b)
{
	(void)h;
	return host_addr_compare(a, b);
}

static int sort_rules(const struct host *h, const struct rule *a, const struct rule *b)
{
	(void)h;
	return rule_compare(a, b);
}

static int sort_routes4(const struct host *h, const struct route4 *a, const struct route4 *b)
{
	int c = route4_compare(a, b);
	return c || a->info == b->info ? c
				       : route_info_compare(&h->infos4.at[a->info].info, &h->infos4.at[b->info].info);
}

static int sort_routes6(const struct host *h, const struct route6 *a, const struct route6 *b)
{
	int c = route6_compare(a, b);
	return c || a->info == b->info ? c
				       : route_info_compare(&h->infos6.at[a->info].info, &h->infos6.at[b->info].info);
}

// A stable merge sort: insertion order decides between equal ones, and qsort() does not keep it. Dumps come almost
// sorted, so runs that are in order already are not touched. Without memory an insertion sort does the same, slowly.
#define DEFINE_SORT(type, list)                                                                                        \
	static void merge_##list(const struct host *h, struct type *a, size_t n, struct type *tmp)                     \
	{                                                                                                              \
		size_t i = 1;                                                                                          \
		while (i < n && sort_##list(h, &a[i - 1], &a[i]) <= 0)                                                 \
			i++;                                                                                           \
		if (i >= n)                                                                                            \
			return;                                                                                        \
		size_t half = n / 2;                                                                                   \
		merge_##list(h, a, half, tmp);                                                                         \
		merge_##list(h, a + half, n - half, tmp);                                                              \
		memcpy(tmp, a, half * sizeof *a);                                                                      \
		size_t l = 0, r = half, o = 0;                                                                         \
		while (l < half && r < n)                                                                              \
			a[o++] = sort_##list(h, &tmp[l], &a[r]) <= 0 ? tmp[l++] : a[r++];                              \
		while (l < half)                                                                                       \
			a[o++] = tmp[l++];                                                                             \
	}                                                                                                              \
	static void insert_##list(const struct host *h, struct type *a, size_t n)                                      \
	{                                                                                                              \
		for (size_t i = 1; i < n; i++) {                                                                       \
			struct type x = a[i];                                                                          \
			size_t j = i;                                                                                  \
			for (; j > 0 && sort_##list(h, &a[j - 1], &x) > 0; j--)                                        \
				a[j] = a[j - 1];                                                                       \
			a[j] = x;                                                                                      \
		}                                                                                                      \
	}                                                                                                              \
	static void sort_list_##list(struct host *h)                                                                   \
	{                                                                                                              \
		struct type *tmp = malloc((h->n##list / 2 + 1) * sizeof *tmp);                                         \
		if (tmp)                                                                                               \
			merge_##list(h, h->list, h->n##list, tmp);                                                     \
		else                                                                                                   \
			insert_##list(h, h->list, h->n##list);                                                         \
		free(tmp);                                                                                             \
	}

DEFINE_SORT(link, links)
DEFINE_SORT(altname, altnames)
DEFINE_SORT(host_addr, addrs)
DEFINE_SORT(rule, rules)
DEFINE_SORT(route4, routes4)
DEFINE_SORT(route6, routes6)

void host_sort(struct host *h)
{
	sort_list_links(h);
	sort_list_altnames(h);
	sort_list_addrs(h);
	sort_list_rules(h);
	sort_list_routes4(h);
	sort_list_routes6(h);
	memset(h->count4, 0, sizeof h->count4);
	h->lengths4 = 0;
	for (size_t i = 0; i < h->nroutes4; i++)
		h->count4[h->routes4[i].len]++;
	for (unsigned len = 0; len <= 32; len++)
		if (h->count4[len])
			h->lengths4 |= UINT64_C(1) << len;
}
