// SPDX-License-Identifier: GPL-3.0-or-later
// Every bind on this host as it happens, of any process in any namespace: by BPF programs on the kernel's functions
// where it lets us, else by BPF programs on the system call's tracepoints, else by the stock tracepoints as they are:
// each gives less.
#ifndef BINDWALK_WATCH_H
#define BINDWALK_WATCH_H

#include "core/evidence/bind_probe.h"
#include "core/model/bind_event.h"

struct watch;

struct watch_how {
	bool all;            // those that succeed as well
	bool tree;           // only the processes that watch_add() names, and their children
	bool no_functions;   // no BPF programs on functions
	bool no_bpf;         // tracepoints without BPF, whatever else there is
	bool no_tracepoints; // BPF or nothing
};

enum { WATCH_ERROR = 640 };

// Watches from now on. 0, or -errno with a sentence that says what is missing and how to get it.
int watch_open(const struct watch_how *how, struct watch **out, char *err, size_t errlen);
void watch_close(struct watch *w);

enum bind_source watch_source(const struct watch *w);
// Why BPF programs on functions are not the source, a sentence without a period; "" where they are.
const char *watch_without(const struct watch *w);

// From now on also binds that succeed, or no more. Whether those that are there already are handed
// over is not promised.
void watch_want_all(struct watch *w, bool all);
// Watches that process and its children, too. 0 or -errno.
int watch_add(struct watch *w, pid_t process);

// Becomes readable when there are events.
int watch_fd(const struct watch *w);
// Hands over the events that are there, in the order in which binds ended as nearly as is known; unit and container are
// not looked up yet. How many, or -errno.
int watch_read(struct watch *w, void (*take)(void *data, const struct bind_event *e), void *data);

// Binds seen, events handed over, and events lost, so far.
struct bind_counts watch_counts(const struct watch *w);

#endif
