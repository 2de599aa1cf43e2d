// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/fib.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

enum tri fib_table_exists(const struct host *h, uint32_t table)
{
	if (table == RT_TABLE_LOCAL)
		return h->has_local4;
	if (table == RT_TABLE_MAIN)
		return h->has_main4;
	return YES; // a VRF's table is made with the VRF
}

size_t fib_find_prefix4(const struct host *h, uint32_t dst, unsigned len)
{
	size_t lo = 0, hi = h->nroutes4;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct route4 *r = &h->routes4[mid];
		if (r->dst < dst || (r->dst == dst && r->len < len))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool fib_in_table(const struct host *h, uint32_t asked, uint32_t has)
{
	bool both = h->trie == TRIE_MERGED && (asked == RT_TABLE_LOCAL || asked == RT_TABLE_MAIN);
	return both ? has == RT_TABLE_LOCAL || has == RT_TABLE_MAIN : has == asked;
}

// What a lookup returns when it ends at a route of this type (fib_props[], net/ipv4/fib_semantics.c).
static int type_error(unsigned type)
{
	switch (type) {
	case RTN_BLACKHOLE:
		return -EINVAL;
	case RTN_UNREACHABLE:
		return -EHOSTUNREACH;
	case RTN_PROHIBIT:
		return -EACCES;
	case RTN_THROW:
		return -EAGAIN;
	default:
		return 0;
	}
}

struct fib_result fib_lookup4(const struct host *h, uint32_t table, uint32_t dst)
{
	for (int len = 32; len >= 0; len--) {
		if (!(h->lengths4 >> len & 1))
			continue;
		uint32_t masked = len ? dst & ~UINT32_C(0) << (32 - len) : 0;
		for (size_t i = fib_find_prefix4(h, masked, (unsigned)len); i < h->nroutes4; i++) {
			const struct route4 *r = &h->routes4[i];
			if (r->dst != masked || r->len != (unsigned)len)
				break;
			const struct route_info *info = &h->infos4.at[r->info].info;
			if (!fib_in_table(h, table, info->table) || info->tos)
				continue; // the flow's TOS is 0
			int err = type_error(info->type);
			if (!err && info->flags & ROUTE_DEAD) {
				if (info->nhid)
					break; // a next hop object without a usable path ends this prefix
				continue;
			}
			return (struct fib_result){
				.err = err, .type = info->type, .found = true, .route = i, .table = info->table};
		}
	}
	return (struct fib_result){.err = -EAGAIN};
}

bool fib_hidden_local(const struct host *h, uint32_t table, uint32_t dst, unsigned below, size_t *route)
{
	for (int len = (int)below - 1; len >= 0; len--) {
		if (!(h->lengths4 >> len & 1))
			continue;
		uint32_t masked = len ? dst & ~UINT32_C(0) << (32 - len) : 0;
		for (size_t i = fib_find_prefix4(h, masked, (unsigned)len); i < h->nroutes4; i++) {
			const struct route4 *r = &h->routes4[i];
			if (r->dst != masked || r->len != (unsigned)len)
				break;
			const struct route_info *info = &h->infos4.at[r->info].info;
			if (fib_in_table(h, table, info->table) && !info->tos && info->type == RTN_LOCAL) {
				*route = i;
				return true;
			}
		}
	}
	return false;
}

size_t fib_find_prefix6(const struct host *h, const struct prefix *p)
{
	size_t lo = 0, hi = h->nroutes6;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct route6 *r = &h->routes6[mid];
		int c = memcmp(&r->dst, p->addr.bytes, sizeof r->dst);
		if (c < 0 || (c == 0 && r->len < p->len))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool fib_lookup6(const struct host *h, const struct addr *dst, size_t *route)
{
	for (int len = 128; len >= 0; len--) {
		const struct prefix p = {.addr = addr_masked(dst, (unsigned)len), .len = (uint8_t)len};
		for (size_t i = fib_find_prefix6(h, &p); i < h->nroutes6; i++) {
			if (memcmp(&h->routes6[i].dst, p.addr.bytes, 16) != 0 || h->routes6[i].len != (unsigned)len)
				break;
			if (host_info6(h, i)->table == RT_TABLE_LOCAL) {
				*route = i;
				return true;
			}
		}
	}
	return false;
}
