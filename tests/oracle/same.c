// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/same.h"

#include <string.h>

// Of nothing there may be no array.
static bool same_bytes(const void *a, const void *b, size_t len)
{
	return !len || memcmp(a, b, len) == 0;
}

static bool same_routes(const struct host *a, const struct host *b)
{
	bool same = a->nroutes4 == b->nroutes4 && same_bytes(a->routes4, b->routes4, a->nroutes4 * sizeof *a->routes4);
	// A next hop that dies late changes no more than this.
	for (size_t i = 0; i < a->nroutes4 && same; i++)
		same = host_info4(a, i)->flags == host_info4(b, i)->flags &&
		       host_info4(a, i)->oif == host_info4(b, i)->oif;
	return same;
}

bool same_host(const struct host *a, const struct host *b)
{
	return same_routes(a, b) && a->naddrs == b->naddrs && a->nroutes6 == b->nroutes6 && a->nlinks == b->nlinks &&
	       same_bytes(a->addrs, b->addrs, a->naddrs * sizeof *a->addrs) &&
	       same_bytes(a->links, b->links, a->nlinks * sizeof *a->links);
}

bool same_socks(const struct host *a, const struct host *b)
{
	return a->nsocks == b->nsocks && same_bytes(a->socks, b->socks, a->nsocks * sizeof *a->socks);
}
