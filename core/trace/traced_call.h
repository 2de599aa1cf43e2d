// SPDX-License-Identifier: GPL-3.0-or-later
// One call of a traced thread, from its entry to its end: what it was given, the socket that it is made on, and the
// walk that was predicted meanwhile.
#ifndef BINDWALK_TRACED_CALL_H
#define BINDWALK_TRACED_CALL_H

#include "core/evidence/event_walk.h"
#include "core/model/bind_event.h"

enum { TRACED_ARGUMENTS = 6 };

struct traced_call {
	uint64_t args[TRACED_ARGUMENTS];
	int64_t began;           // nanoseconds, CLOCK_MONOTONIC
	struct bind_event event; // of a socket that is not one of IP: its family is another one
	struct event_walk *walk; // NULL: none
};

// Is it a call that a trace stops at? By its number on this architecture.
bool traced_call_is(uint64_t number, enum call *out);

// The thread waits at its entry. Reads the address from its memory, and asks a duplicate of its socket; of a bind
// predicts the walk. NULL for a call that is none of ours after all, and when memory ran out. `filtered` as in struct
// bind_event.
struct traced_call *traced_call_begin(pid_t tid, pid_t tgid, enum call call, const uint64_t args[TRACED_ARGUMENTS],
				      bool filtered);
// The thread waits at its end, and nobody has seen it yet. `returned`: -errno, or 0 and more. Completes the event and
// the walk.
void traced_call_end(struct traced_call *c, int64_t returned);
void traced_call_free(struct traced_call *c);

#endif
