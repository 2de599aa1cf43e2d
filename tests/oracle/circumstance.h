// SPDX-License-Identifier: GPL-3.0-or-later
// What the process that asks may be under: what it can't read, has too little of, is refused, or sees change.
#ifndef BINDWALK_CIRCUMSTANCE_H
#define BINDWALK_CIRCUMSTANCE_H

#include "tests/oracle/state.h"

enum circumstance {
	PLAIN,
	UNREADABLE,  // some sysctls, or all of /proc
	DESCRIPTORS, // few are left
	USERS,       // another user and group, or a user namespace that maps few of them
	FILTER,      // seccomp answers any errno to socket(), setsockopt() or bind()
	CHANGES,     // host and sockets change while it looks
	CIRCUMSTANCES
};

// "sysctls", "descriptors", "users", "filters", "changes".
const char *circumstance_name(enum circumstance w);

// Puts the calling process under it for the rest of its life, and notes in the log how. False where that is refused.
bool circumstance_enter(enum circumstance w, struct state *s, struct chance *c);

#endif
