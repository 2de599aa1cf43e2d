// SPDX-License-Identifier: GPL-3.0-or-later
// What the panes of events and sockets show. Pure.
#ifndef BINDWALK_WATCHED_H
#define BINDWALK_WATCHED_H

#include "core/command/event_log.h"
#include "core/model/sock_table.h"

// Both are lent; NULL for none.
struct watched {
	const struct event_log *events;
	uint64_t shown;         // how many there were when they were shown last
	uint64_t events_before; // the number of the first one since the last key
	const struct sock_table *sockets;
	bool reading;      // the sockets, again
	bool socks_marked; // those that are new, until the next key
};

#endif
