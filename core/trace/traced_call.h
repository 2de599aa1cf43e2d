// SPDX-License-Identifier: GPL-3.0-or-later
// One call of a traced thread, from its entry to its end: what it was given, the socket that it is made on, and the
// walk that was predicted meanwhile.
#ifndef BINDWALK_TRACED_CALL_H
#define BINDWALK_TRACED_CALL_H

#include "core/evidence/event_walk.h"
#include "core/model/bind_event.h"
#include "core/model/socket_history.h"

enum { TRACED_ARGUMENTS = 6 };

// What the calls of a trace have in common. Begins with the first two and zeros.
struct traced_calls {
	bool filtered;     // as in struct bind_event
	bool every_option; // also those that do not bear on bind go into the histories
	struct histories *histories;
	bool nameless;          // there is a history of a socket whose inode is not known
	bool chosen;            // a TCP socket was bound to a port of the kernel's choice
	struct bind_event last; // the connect() that was explained last: programs try again and again
};

struct traced_call {
	enum call call;
	pid_t tid, tgid;
	bool lowered;
	uint64_t args[TRACED_ARGUMENTS];
	int64_t when, began;       // nanoseconds since 1970, and of CLOCK_MONOTONIC
	struct option_call option; // CALL_SETSOCKOPT
	struct bind_event event;
	struct event_walk *walk;        // NULL: none
	struct socket_history *history; // of its socket, NULL: none is known. Lent until the next call
};

// Is it a call that a trace stops at? By its number on this architecture.
bool traced_call_is(uint64_t number, enum call *out);

// The thread waits at its entry. Of a bind, reads the address from its memory, asks a duplicate of its socket, and
// predicts the walk; the other calls are looked at when they are refused. NULL for a call that is none of ours after
// all, and when memory ran out. `lowered` as in struct bind_event.
struct traced_call *traced_call_begin(pid_t tid, pid_t tgid, bool lowered, enum call call,
				      const uint64_t args[TRACED_ARGUMENTS], struct traced_calls *all);
// The thread waits at its end, and nobody has seen it yet. `returned`: -errno, or 0 and more. Completes the event and
// the walk. False: it is not worth telling, such as a socket() or a connect() that succeeds.
bool traced_call_end(struct traced_call *c, int64_t returned, struct traced_calls *all);
void traced_call_free(struct traced_call *c);

void traced_calls_close(struct traced_calls *all);

#endif
