// SPDX-License-Identifier: GPL-3.0-or-later
// What happened to a host, in words: one line for each change. Pure.
#ifndef BINDWALK_CHANGE_TEXT_H
#define BINDWALK_CHANGE_TEXT_H

#include "core/model/host_change.h"
#include "core/model/walk.h"

enum { CHANGE_TEXT = 160 };

// What a change of a link comes down to.
enum link_turn {
	LINK_CREATED,
	LINK_DELETED,
	LINK_UP,
	LINK_DOWN,
	LINK_CARRIER,
	LINK_NO_CARRIER,
	LINK_JOINED, // a master
	LINK_PARTED,
	LINK_RENAMED,
	LINK_IPV6_ON,
	LINK_IPV6_OFF,
	LINK_SWITCHED, // promote_secondaries, ignore_routes_with_linkdown
	LINK_REMADE,   // its VRF's table, its tunnel's port
	LINK_OTHER_NAMES,
	LINK_SAME // nothing that decides a bind
};
enum link_turn change_link_turn(const struct host_change *c);

// "192.0.2.7/24 was added to eth0", "eth0 went up", "duplicate address detection of 2001:db8::7 on eth0 has finished".
// h is the host after the change. Returns buf.
char *change_print(const struct host *h, const struct host_change *c, char buf[static CHANGE_TEXT]);

// Is the change about something that this walk looks at, or would have looked at: its address, a route that covers it,
// its devices, a rule or a sysctl that it reads?
bool change_concerns(const struct host *h, const struct walk *w, const struct host_change *c);

#endif
