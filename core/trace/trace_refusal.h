// SPDX-License-Identifier: GPL-3.0-or-later
// Why a program can't be traced, and the smallest remedy: sentences without a period. The order is the kernel's:
// ptrace_attach(), __ptrace_may_access() (kernel/ptrace.c), yama_ptrace_access_check().
#ifndef BINDWALK_TRACE_REFUSAL_H
#define BINDWALK_TRACE_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/model/tri.h"

enum { TRACE_PROGRAM = 64 };

// What is known of a process and of us. Zeroed, nothing stands in the way.
struct trace_facts {
	pid_t pid;
	bool launched; // by us
	// What it is.
	bool missing, zombie, of_kernel, ourselves;
	bool started_us; // and waits for us
	pid_t tgid;      // it is a thread of that process, or 0
	pid_t tracer;    // another one's, 0: none
	char program[TRACE_PROGRAM], tracer_program[TRACE_PROGRAM];
	// Who it is, and who we are.
	bool other_user; // one of its ids is not ours
	uint32_t uid;
	bool more_capabilities; // than we have
	bool hidden;            // it is not dumpable: set-uid, or by its own wish
	enum tri other_user_ns;
	bool capable;  // we have CAP_SYS_PTRACE, in our user namespace
	bool filtered; // we are under a seccomp filter
	int yama;      // kernel.yama.ptrace_scope, 0 for none
	bool from_us;  // it is a descendant of ours
};

// What stands in the way of tracing it before the kernel is asked? False: nothing does.
bool trace_refusal_known(const struct trace_facts *f, char *err, size_t errlen);
// The kernel refused with that errno.
void trace_refusal_say(const struct trace_facts *f, int error, char *err, size_t errlen);
// A program runs without a seccomp filter, and so slower: for want of what?
const char *trace_refusal_filter(int error);

#endif
