// SPDX-License-Identifier: GPL-3.0-or-later
// What the panes of events, sockets and binds show. Pure.
#ifndef BINDWALK_WATCHED_H
#define BINDWALK_WATCHED_H

#include "core/command/event_log.h"
#include "core/evidence/watch_switch.h"
#include "core/model/bind_log.h"
#include "core/model/sock_table.h"
#include "core/text/event_row.h"

// The binds of all programs.
struct watched_binds {
	const struct bind_log *log; // lent; NULL for none
	bool on, all;               // wanted
	bool again;                 // a new try, after it was refused
	bool begun;                 // it was wanted once: the view no longer switches it on by itself
	enum watch_state state;
	enum bind_source source; // while it is on
	char why[WATCH_ERROR];   // why it is refused, or why BPF is not the source: a sentence without a period
	uint64_t lost;           // for which there was no room between two looks
	struct event_look look;  // of their time
	uint64_t oldest, shown;  // the number of the first one in the list, and of the one behind its last
	uint64_t before;         // the number of the first one since the last key
};

// Lent; NULL for none.
struct watched {
	const struct event_log *events;
	uint64_t shown;         // how many there were when they were shown last
	uint64_t events_before; // the number of the first one since the last key
	const struct sock_table *sockets;
	bool reading;      // the sockets, again
	bool socks_marked; // those that are new, until the next key
	struct watched_binds binds;
};

#endif
