// SPDX-License-Identifier: GPL-3.0-or-later
// The same idea in the other family: a bind with the same options, to the address that stands in the same relation to
// the host. Pure.
#ifndef BINDWALK_COUNTERPART_H
#define BINDWALK_COUNTERPART_H

#include "core/model/host.h"

// How an address and a host stand to each other, whatever the family.
enum relation {
	RELATION_ANY,
	RELATION_LOOPBACK,
	RELATION_MULTICAST,
	RELATION_BROADCAST,
	RELATION_CONFIGURED, // an interface has it
	RELATION_ROUTED,     // none has it, but a local route covers it (Any-IP)
	RELATION_ELSEWHERE
};

// Of the attempt's address, in the tables that its bound device leads to. A v4-mapped address is its IPv4 address.
enum relation relation_of(const struct host *h, const struct attempt *a);

// The attempt in the other family. Its address is of the same interface, of the same kind (unspecified, loopback,
// multicast), under an Any-IP route as well, else one that the host does not know either; where the host has nothing
// of the kind, one that would be. A v4-mapped address becomes its IPv4 address. Options that only one family has go.
struct attempt counterpart(const struct host *h, const struct attempt *a);

// Where an attempt aims.
struct aim {
	struct addr addr; // family 0: nowhere
	uint32_t scope;
	char scope_name[SCOPE_TEXT];
};

// Addresses that somebody went between, the latest first.
enum { PAIRS = 8 };
struct pairs {
	struct aim at[PAIRS][2];
};

// Two attempts that somebody looked at one after the other: remembered if they are of two families and stand in the
// same relation to the host, or if `asked`: somebody asked for the one beside the other.
void pairs_note(struct pairs *p, const struct host *h, const struct attempt *from, const struct attempt *to,
		bool asked);
// As counterpart(), but an address that is remembered leads back to its other half.
struct attempt pairs_counterpart(const struct pairs *p, const struct host *h, const struct attempt *a);

#endif
