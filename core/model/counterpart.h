// SPDX-License-Identifier: GPL-3.0-or-later
// The counterpart of a bind in the other family: the same options, and an address in the same relation to the host.
// Pure.
#ifndef BINDWALK_COUNTERPART_H
#define BINDWALK_COUNTERPART_H

#include "core/model/host.h"

// The relation between an address and a host, independent of the family.
enum relation {
	RELATION_ANY,
	RELATION_LOOPBACK,
	RELATION_MULTICAST,
	RELATION_BROADCAST,
	RELATION_CONFIGURED, // an interface has it
	RELATION_ROUTED,     // none has it, but a local route covers it (Any-IP)
	RELATION_ELSEWHERE
};

// The relation of the attempt's address, in the tables that its bound device uses. A v4-mapped address counts as its
// IPv4 address.
enum relation relation_of(const struct host *h, const struct attempt *a);

// The attempt in the other family. Its address is on the same interface, of the same kind (unspecified, loopback,
// multicast), also under an Any-IP route, or also unknown to the host. If the host has no such address, it is one that
// would fit. A v4-mapped address becomes its IPv4 address. Options that only one family has are dropped.
struct attempt counterpart(const struct host *h, const struct attempt *a);

// The destination of an attempt: what it binds to.
struct aim {
	struct addr addr; // family 0: nowhere
	uint32_t scope;
	char scope_name[SCOPE_TEXT];
};

// Pairs of addresses that the user switched between, the latest first.
enum { PAIRS = 8 };
struct pairs {
	struct aim at[PAIRS][2];
};

// Notes two attempts that the user looked at one after the other. Remembers them if they differ in family and have the
// same relation to the host, or if the user `asked` to see them side by side.
void pairs_note(struct pairs *p, const struct host *h, const struct attempt *from, const struct attempt *to,
		bool asked);
// Like counterpart(), but an address of a remembered pair leads to the other one.
struct attempt pairs_counterpart(const struct pairs *p, const struct host *h, const struct attempt *a);

#endif
