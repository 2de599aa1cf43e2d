// SPDX-License-Identifier: GPL-3.0-or-later
// Which binds are to be shown, of those that were seen. Pure.
#ifndef BINDWALK_EVENT_FILTER_H
#define BINDWALK_EVENT_FILTER_H

#include "core/model/bind_event.h"
#include "core/model/tri.h"

// All zeros: each one that was refused.
struct event_filter {
	bool all;               // those that succeeded as well
	int pid;                // 0: any
	bool by_port;           // then
	uint16_t port;          // of this one only
	uint16_t family;        // AF_INET or AF_INET6 of the socket, 0: both
	uint64_t netns;         // its inode
	const char *netns_name; // or its name; NULL, and the inode 0: any
	const char *unit;       // a unit, without ".service" as well, or a container; NULL: any
};

// Does it pass? UNKNOWN where what decides was not seen: it is not to be shown, but counted. A bind of a socket that is
// not one of IP never passes.
enum tri event_filter_passes(const struct event_filter *f, const struct bind_event *e);

#endif
