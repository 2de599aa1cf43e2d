// SPDX-License-Identifier: GPL-3.0-or-later
// The IPv4 lookup over a host's routes, as fib_table_lookup() does it (net/ipv4/fib_trie.c). Pure.
#ifndef BINDWALK_FIB_H
#define BINDWALK_FIB_H

#include "core/model/host.h"

struct fib_result {
	int err;        // 0, -EAGAIN (none or throw), -EINVAL, -EHOSTUNREACH, -EACCES
	uint8_t type;   // RTN_* of the route found
	bool found;     // a route ended the lookup (also one of an error type)
	size_t route;   // which one, in host.routes4
	uint32_t table; // the table it is in
};

// Does the table exist in this namespace? A VRF's always does.
enum tri fib_table_exists(const struct host *h, uint32_t table);

// Does a lookup in the table `asked` walk the routes of the table `has`? In the same one, and in both while local and
// main are merged.
bool fib_in_table(const struct host *h, uint32_t asked, uint32_t has);

// The first IPv4 route with that prefix in host.routes4, or the place where it would stand.
size_t fib_find_prefix4(const struct host *h, uint32_t dst, unsigned len);
// The same of IPv6.
size_t fib_find_prefix6(const struct host *h, const struct prefix *p);

// A lookup of `dst` alone (TOS, device, scope and mark zero) in a table. While local and main are merged, a lookup in
// either walks the routes of both.
struct fib_result fib_lookup4(const struct host *h, uint32_t table, uint32_t dst);

// A local route, shorter than `below`, that the lookup would have come to had the longer match not been there.
bool fib_hidden_local(const struct host *h, uint32_t table, uint32_t dst, unsigned below, size_t *route);

// The IPv6 route that a lookup of table local would find: only shown, never asked by bind. False for none.
bool fib_lookup6(const struct host *h, const struct addr *dst, size_t *route);

#endif
