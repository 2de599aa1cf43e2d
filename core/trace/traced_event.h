// SPDX-License-Identifier: GPL-3.0-or-later
// The event of a call of a traced thread: who made it, on which socket, and what it was given. Pieces that
// traced_call.c puts together.
#ifndef BINDWALK_TRACED_EVENT_H
#define BINDWALK_TRACED_EVENT_H

#include <stdint.h>
#include <sys/types.h>

#include "core/model/bind_event.h"
#include "core/model/socket_history.h"

struct histories;

// The thread waits in the call. Each function fills `out` as far as it can, and leaves the rest as not known.

// A bind: its address from the thread's memory, and the socket.
void traced_event_bind(pid_t tid, pid_t tgid, const uint64_t args[], const struct histories *h, struct bind_event *out);
// A call on a socket that is there, without what else it was given; at its end.
void traced_event_on_socket(pid_t tid, pid_t tgid, const uint64_t args[], const struct histories *h,
			    struct bind_event *out);
// socket(): the socket that is not there.
void traced_event_socket(pid_t tid, pid_t tgid, const uint64_t args[], struct bind_event *out);

// Where a connect() goes to: attempt.then. False for another family than IPv4 and IPv6.
bool traced_event_dest(pid_t tid, const uint64_t args[], struct bind_event *out);
// What a setsockopt() was given.
void traced_event_option(pid_t tid, const uint64_t args[], struct option_call *out);

// Of another family than IPv4 and IPv6, as far as that is known?
bool traced_event_is_foreign(const struct bind_event *e);

#endif
