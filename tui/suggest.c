// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/suggest.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/fib.h"
#include "core/model/matrix.h"

static unsigned bits_of(const struct addr *a)
{
	return a->family == AF_INET6 ? 128 : 32;
}

// Does another route or address have a part of the prefix, or is the prefix a part of another's? The default route's is
// the rest.
static bool is_taken4(const struct host *h, const struct prefix *p)
{
	uint32_t dst = addr_v4(&p->addr);
	for (unsigned len = 1; len < p->len; len++) {
		uint32_t masked = dst & ~UINT32_C(0) << (32 - len);
		size_t i = h->lengths4 >> len & 1 ? fib_find_prefix4(h, masked, len) : h->nroutes4;
		if (i < h->nroutes4 && h->routes4[i].dst == masked && h->routes4[i].len == len)
			return true;
	}
	size_t i = fib_find_prefix4(h, dst, p->len); // the first one inside, if there is any
	return i < h->nroutes4 && (h->routes4[i].dst & ~UINT32_C(0) << (32 - p->len)) == dst;
}

static bool is_taken6(const struct host *h, const struct prefix *p)
{
	for (size_t i = 0; i < h->nroutes6; i++) {
		struct prefix other = host_prefix6(h, i);
		if (other.len && (prefix_covers(p, &other.addr) || prefix_covers(&other, &p->addr)))
			return true;
	}
	return false;
}

static bool has_local_route(const struct host *h, const struct addr *a)
{
	size_t route;
	if (a->family == AF_INET6)
		return fib_lookup6(h, a, &route) && host_info6(h, route)->type == RTN_LOCAL;
	struct fib_result found = fib_lookup4(h, RT_TABLE_LOCAL, addr_v4(a));
	return found.found && found.type == RTN_LOCAL;
}

// The rest of the route: device and table, which the model found if the route helps.
static const char *rest_of_route(const struct app *app)
{
	for (unsigned i = 0; i < app->nremedies; i++) {
		const struct remedy *r = &app->remedies[i];
		const char *dev = r->kind == REMEDY_ROUTE && !r->mends ? strstr(r->commands[0], " dev ") : NULL;
		if (dev && strncmp(r->commands[0], "ip route add local ", 19) == 0)
			return dev;
	}
	return " dev lo";
}

void suggest_route(const struct app *app, char line[static COMMAND_ARG])
{
	const struct host *h = app->now.host;
	struct addr a = addr_unmapped(&app->attempt.addr);
	char text[PREFIX_TEXT] = "";
	if (addr_is_assignable(&a) && !has_local_route(h, &a)) {
		struct prefix p = matrix_anyip(&a);
		if (a.family == AF_INET ? is_taken4(h, &p) : is_taken6(h, &p))
			p = (struct prefix){.addr = a, .len = (uint8_t)bits_of(&a)};
		prefix_print(&p, text);
	}
	snprintf(line, COMMAND_ARG, "route add local %s%s", text, rest_of_route(app));
}

// The length of the interface's longest subnet that contains the address, otherwise that of a single address.
static unsigned length_on(const struct host *h, const struct link *l, const struct addr *a)
{
	unsigned len = 0;
	for (size_t i = 0; i < h->naddrs; i++) {
		const struct host_addr *e = &h->addrs[i];
		struct prefix net = {.addr = addr_masked(&e->addr, e->prefixlen), .len = e->prefixlen};
		if (e->index == l->index && e->prefixlen > len && prefix_covers(&net, a))
			len = e->prefixlen;
	}
	return len ? len : bits_of(a);
}

void suggest_address(const struct app *app, const struct link *l, char line[static COMMAND_ARG])
{
	const struct host *h = app->now.host;
	struct addr a = addr_unmapped(&app->attempt.addr);
	char text[ADDR_TEXT];
	const struct link *scope = host_link(h, app->attempt.scope);
	bool link_local = a.family == AF_INET6 && addr6_class(&a) & ADDR6_LINKLOCAL;
	// The scope names the only interface on which a link-local address helps.
	if (link_local && scope && host_find_addr_on(h, &a, scope->index) == h->naddrs)
		snprintf(line, COMMAND_ARG, "address add %s/64 dev %s nodad", addr_print(&a, text), scope->name);
	else if (!addr_is_assignable(&a) || host_find_addr(h, &a) < h->naddrs)
		snprintf(line, COMMAND_ARG, "address add  dev %s", l ? l->name : "lo");
	else
		snprintf(line, COMMAND_ARG, "address add %s/%u dev %s%s", addr_print(&a, text),
			 l ? length_on(h, l, &a) : bits_of(&a), l ? l->name : "lo",
			 a.family == AF_INET6 ? " nodad" : ""); // or it can be bound to only in a moment
}
