// SPDX-License-Identifier: GPL-3.0-or-later
// Every bind on this host by the stock tracepoints: who, when, the errno, and for IPv4 the address that the FIB
// was asked for. Perf events of all threads on the processors that are online when it begins: nothing is switched on in
// tracefs, and nothing is left behind.
// What it can't see: the port, the socket, its options; binds by io_uring, and those of 32-bit programs.
#ifndef BINDWALK_WATCH_TRACE_H
#define BINDWALK_WATCH_TRACE_H

#include "core/evidence/bind_probe.h" // struct bind_counts
#include "core/model/bind_event.h"

struct watch_trace;

struct watch_trace_how {
	bool tree;         // only the processes that watch_trace_add() names, and those that they start from then on
	bool refused_only; // events of refused binds only; the others are counted
	size_t room;       // bytes for the records of all processors; 0: some 10,000 binds between two looks
};

// Watches from now on. Needs CAP_PERFMON or root, and tracefs. 0, or -errno with a sentence that says what is missing
// and how to get it.
int watch_trace_open(const struct watch_trace_how *how, struct watch_trace **out, char *err, size_t errlen);
void watch_trace_close(struct watch_trace *w);

// From now on only events of refused binds, or all; those that are there are handed over by the new rule.
void watch_trace_refused_only(struct watch_trace *w, bool refused_only);
// Watches that process, too. 0, -EINVAL for what is no process, or -ENOSPC where too many came since the last
// watch_trace_read().
int watch_trace_add(struct watch_trace *w, pid_t process);

// Becomes readable when there are events, and some time later when there may be more: watch_trace_read() then takes
// all that there are.
int watch_trace_fd(const struct watch_trace *w);
// Hands over the events that are there, in the order in which binds ended; `when` is of CLOCK_MONOTONIC. How many, or
// -errno.
int watch_trace_read(struct watch_trace *w, void (*take)(void *data, const struct bind_event *e), void *data);

// A bind is lost where the record of its end had no room. With `tree` those are of all programs, as nobody knows whose,
// and a look at which any record was lost counts as one more: it may have told of a child.
struct bind_counts watch_trace_counts(const struct watch_trace *w);

#endif
