// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of the BPF programs that watch binds: see bind_probe_open().
#ifndef BINDWALK_PROBE_HOW_H
#define BINDWALK_PROBE_HOW_H

#include <stdbool.h>
#include <stddef.h>

// All zeros: every bind on this host, by all functions.
struct bind_probe_how {
	bool own_thread;   // only the binds of the calling thread
	bool quiet;        // only functions that are not called for each packet
	bool tree;         // only the binds of the processes that bind_probe_add() names, and of their children
	bool refused_only; // records of refused binds only; the others are counted
	bool kprobes;      // no fexit, as on kernels that have none
	bool tracepoints;  // of the system call, and no functions
	size_t room;       // bytes for records, a power of two; 0: enough for one bind after the other
};

#endif
