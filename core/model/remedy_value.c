// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_value.h"

const char *remedy_kind_name(enum remedy_kind k)
{
	static const char *const names[REMEDY_KIND_COUNT] = {
		[REMEDY_OPTION] = "option",   [REMEDY_SCOPE] = "scope",
		[REMEDY_DEVICE] = "device",   [REMEDY_PORT] = "port",
		[REMEDY_ADDRESS] = "address", [REMEDY_ROUTE] = "route",
		[REMEDY_LINK] = "link",       [REMEDY_SYSCTL] = "sysctl",
		[REMEDY_WAIT] = "wait",       [REMEDY_CAPABILITY] = "capability",
		[REMEDY_GROUP] = "group",     [REMEDY_USER] = "user",
		[REMEDY_FAMILY] = "family",   [REMEDY_OTHER] = "other",
	};
	return names[k];
}

const char *remedy_needs_name(enum remedy_needs n)
{
	static const char *const names[NEEDS_COUNT] = {[NEEDS_NOTHING] = "nothing",
						       [NEEDS_NET_RAW] = "CAP_NET_RAW",
						       [NEEDS_NET_ADMIN] = "CAP_NET_ADMIN",
						       [NEEDS_ROOT] = "root"};
	return names[n];
}

const char *remedy_price(const struct remedy *r)
{
	static const char *const table[REACH_COUNT][NEEDS_COUNT] = {
		[REACH_SOCKET] = {"this socket only; needs no privilege",
				  "this socket only; needs CAP_NET_RAW or CAP_NET_ADMIN",
				  "this socket only; needs CAP_NET_ADMIN", "this socket only; needs root"},
		[REACH_PROGRAM] = {"this program only; needs no privilege", "this program only; needs CAP_NET_RAW",
				   "this program only; needs CAP_NET_ADMIN", "this program only; needs root, once"},
		[REACH_OTHER_PROGRAM] = {"ends another program of the same user", "ends another program",
					 "ends another program; needs CAP_NET_ADMIN",
					 "ends another program; needs root, or its user"},
		[REACH_HOST] = {"the whole network namespace; needs no privilege",
				"the whole network namespace; needs CAP_NET_RAW",
				"the whole network namespace; needs CAP_NET_ADMIN",
				"the whole network namespace; needs root"},
	};
	return r->kind == REMEDY_WAIT && r->needs == NEEDS_NOTHING ? "changes nothing" : table[r->reach][r->needs];
}

const char *remedy_price_short(const struct remedy *r)
{
	if (r->reach == REACH_OTHER_PROGRAM && r->needs == NEEDS_ROOT)
		return "root, or its user";
	if (r->needs != NEEDS_NOTHING)
		return remedy_needs_name(r->needs);
	return r->kind == REMEDY_WAIT ? "no change" : r->reach == REACH_SOCKET ? "this socket" : "no privilege";
}
