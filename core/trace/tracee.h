// SPDX-License-Identifier: GPL-3.0-or-later
// The threads that are traced, by thread id.
#ifndef BINDWALK_TRACEE_H
#define BINDWALK_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct traced_call;

// What a thread has, if the call that it is in succeeds.
enum awaited { AWAIT_NOTHING, AWAIT_RING, AWAIT_FILTER };

struct tracee {
	pid_t tid, tgid;
	struct traced_call *call; // the one that it is in, NULL for none
	enum awaited awaited;     // of a call of another kind
	bool lowered;             // it has fewer privileges than it would have untraced
	bool foreign;             // of another word size: its calls have other numbers
	bool own_no_new_privs;    // it has set that itself
	// Of its process.
	bool said_ring, said_filter;
};

// Begins zeroed.
struct tracees {
	struct tracee **at; // by tid
	size_t n, cap;
};

struct tracee *tracee_find(const struct tracees *t, pid_t tid);
// A new one, with what it has from the thread that made it; with NULL, from its process or its parent. NULL when memory
// ran out.
struct tracee *tracee_add(struct tracees *t, pid_t tid, const struct tracee *maker);
// What is known of all of its process is with the first thread.
struct tracee *tracee_process(const struct tracees *t, struct tracee *x);
void tracee_remove(struct tracees *t, pid_t tid);
void tracees_free(struct tracees *t);

#endif
