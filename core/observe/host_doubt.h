// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel does not announce. With a link, an address or a next hop, IPv4 routes go without a word (fib_flush(),
// net/ipv4/fib_frontend.c), after the event that tells of the cause, and along with others that are announced; IPv6 routes do
// where net.ipv6.route.skip_notify_on_dev_down or net.ipv4.nexthop_compat_mode=0 say so. So what an event makes doubtful is noted, and looked into when all that belongs to it has been applied: what should have gone and is still there
// has to be read again. Pure.
#ifndef BINDWALK_HOST_DOUBT_H
#define BINDWALK_HOST_DOUBT_H

#include "core/observe/host_take.h"

enum doubt_cause {
	DOUBT_LINK_GONE,
	DOUBT_LINK_DOWN,
	DOUBT_LINK_MASTER, // it came into a VRF or went out of one
	DOUBT_CARRIER,     // it is up, and it or its carrier may not have been
	DOUBT_ADDR_GONE,   // routes that prefer it as their source go with it
	DOUBT_LAST_ADDR,   // all IPv4 routes of the device go with its last address
	DOUBT_ADDR6_GONE,  // its route goes, and with the last one all others of the device
};

enum { HOST_DOUBTS = 128 };

struct host_doubts {
	struct host_doubt {
		enum doubt_cause cause;
		uint32_t which;   // device, or IPv4 address in host order
		struct addr addr; // DOUBT_ADDR6_GONE
	} list[HOST_DOUBTS];
	unsigned n;
	bool many; // more than the list holds
};

void host_doubt(struct host_doubts *d, enum doubt_cause cause, uint32_t which);
void host_doubt_addr6(struct host_doubts *d, const struct host_addr *gone);

// All that belongs to the events that raised these doubts has been applied. Returns the parts of the host that can't be trusted
// (enum dump_kind), and forgets the doubts.
unsigned host_settle(const struct host *h, struct host_doubts *d);

// Is there a route of a family that rests on a next hop object?
bool host_uses_nexthops(const struct route_infos *t);
// Is there an IPv4 route whose state depends on the carrier of the device, or of any device for 0?
bool host_heeds_carrier(const struct host *h, uint32_t device);

#endif
