// SPDX-License-Identifier: GPL-3.0-or-later
// Checks that hold for a host after any operation.
#ifndef BINDWALK_SOUND_HOST_H
#define BINDWALK_SOUND_HOST_H

#include "core/model/host_order.h"

// Checks every sorted host. Returns the first fault, or NULL.
static inline const char *host_fault(const struct host *h)
{
	uint32_t lengths[33] = {0};
	size_t uses4 = 0, uses6 = 0;
	for (size_t i = 1; i < h->nlinks; i++)
		if (link_compare(&h->links[i - 1], &h->links[i]) >= 0)
			return "links";
	for (size_t i = 1; i < h->naltnames; i++)
		if (h->altnames[i - 1].index > h->altnames[i].index)
			return "altnames";
	for (size_t i = 1; i < h->naddrs; i++)
		if (host_addr_compare(&h->addrs[i - 1], &h->addrs[i]) >= 0)
			return "addresses";
	for (size_t i = 1; i < h->nrules; i++)
		if (rule_compare(&h->rules[i - 1], &h->rules[i]) > 0)
			return "rules";
	for (size_t i = 0; i < h->nroutes4; i++) {
		const struct route4 *r = &h->routes4[i];
		if (r->info >= h->infos4.n || !h->infos4.at[r->info].uses || r->len > 32)
			return "an IPv4 route";
		int c = i ? route4_compare(r - 1, r) : -1;
		if (c > 0 || (c == 0 && route_info_compare(host_info4(h, i - 1), host_info4(h, i)) > 0))
			return "the order of IPv4 routes";
		lengths[r->len]++;
	}
	for (size_t i = 0; i < h->nroutes6; i++) {
		const struct route6 *r = &h->routes6[i];
		if (r->info >= h->infos6.n || !h->infos6.at[r->info].uses || r->len > 128)
			return "an IPv6 route";
		int c = i ? route6_compare(r - 1, r) : -1;
		if (c > 0 || (c == 0 && route_info_compare(host_info6(h, i - 1), host_info6(h, i)) > 0))
			return "the order of IPv6 routes";
	}
	for (size_t i = 0; i < h->infos4.n; i++)
		uses4 += h->infos4.at[i].uses;
	for (size_t i = 0; i < h->infos6.n; i++)
		uses6 += h->infos6.at[i].uses;
	if (uses4 != h->nroutes4 || uses6 != h->nroutes6)
		return "the uses of infos";
	for (unsigned len = 0; len <= 32; len++)
		if (lengths[len] != h->count4[len] || (lengths[len] != 0) != (h->lengths4 >> len & 1))
			return "the lengths";
	return NULL;
}

#endif
