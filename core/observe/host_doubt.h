// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel does not announce. When a link, an address or a next hop goes, the kernel silently drops IPv4 routes
// with it (fib_flush(), net/ipv4/fib_frontend.c), after it has announced the cause and while it announces other routes.
// It drops IPv6 routes silently with net.ipv6.route.skip_notify_on_dev_down=1 or net.ipv4.nexthop_compat_mode=0. So an
// event raises a doubt, and once everything that belongs to it is applied, we look: whatever should be gone and is
// still there must be read again. Pure.
#ifndef BINDWALK_HOST_DOUBT_H
#define BINDWALK_HOST_DOUBT_H

#include "core/observe/host_take.h"

enum doubt_cause {
	DOUBT_LINK_GONE,
	DOUBT_LINK_DOWN,
	DOUBT_LINK_MASTER, // it joined or left a VRF
	DOUBT_CARRIER,     // the link is up; it or its carrier may have been down before
	DOUBT_ADDR_GONE,   // routes with this preferred source go with the address
	DOUBT_LAST_ADDR,   // all IPv4 routes of a device go with its last address
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

// Call when everything that belongs to the doubtful events has been applied. Returns the parts of the host that can't
// be trusted (enum dump_kind), and forgets the doubts.
unsigned host_settle(const struct host *h, struct host_doubts *d);

// Does a route of the family use a next hop object?
bool host_uses_nexthops(const struct route_infos *t);
// Does the state of an IPv4 route depend on the carrier of this device (0: of any device)?
bool host_heeds_carrier(const struct host *h, uint32_t device);

#endif
