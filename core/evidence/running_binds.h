// SPDX-License-Identifier: GPL-3.0-or-later
// Puts what tracepoints say of all threads together: a bind's beginning, its FIB lookups, its end. Pure.
#ifndef BINDWALK_RUNNING_BINDS_H
#define BINDWALK_RUNNING_BINDS_H

#include "core/evidence/bind_points.h"
#include "core/model/bind_event.h"

// So many binds at once are kept in mind, of however many threads. Of a thread that dies inside of bind the kernel
// says nothing more: its place is taken by another when it is needed.
enum { RUNNING_BINDS = 1024 };

struct running_binds;

// NULL where there is no memory.
struct running_binds *running_binds_new(void);
void running_binds_free(struct running_binds *b);

// A record of a tracepoint with where and when it was written.
struct trace_moment {
	uint64_t time;        // CLOCK_MONOTONIC
	uint32_t pid, thread; // in our pid namespace, 0 outside of it
	uint64_t cgroup;
	struct bind_trace said;
};

// Takes the next moment: a thread's moments come in order. True where a bind ended with it: then `out` is what is known
// of it, but for the names. Where its beginning was not seen (a seccomp filter answered it, or the record was lost), fd
// and addrlen are -1. out->when has the clock of `time`.
bool running_binds_take(struct running_binds *b, const struct trace_moment *m, struct bind_event *out);

// Records were lost: of the binds that are running nobody knows any longer what the kernel did in them.
void running_binds_doubt(struct running_binds *b);

#endif
