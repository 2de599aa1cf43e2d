// SPDX-License-Identifier: GPL-3.0-or-later
// The threads that are traced, by thread id.
#ifndef BINDWALK_TRACEE_H
#define BINDWALK_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct traced_call;

struct tracee {
	pid_t tid, tgid;
	struct traced_call *call; // the one that it is in, NULL for none
	bool entered;             // without a filter: the last stop was the entry of a system call
	bool lowered;             // its program has fewer rights than it would have untraced
	bool foreign;             // of another word size: its calls have other numbers
	bool said_ring, said_filter;
};

// Begins zeroed.
struct tracees {
	struct tracee **at; // by tid
	size_t n, cap;
};

struct tracee *tracee_find(const struct tracees *t, pid_t tid);
// A new one, with what it has from its process or the one that made it. NULL when memory ran out.
struct tracee *tracee_add(struct tracees *t, pid_t tid);
void tracee_remove(struct tracees *t, pid_t tid);
void tracees_free(struct tracees *t);

#endif
