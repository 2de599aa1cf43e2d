// SPDX-License-Identifier: GPL-3.0-or-later
// BPF programs on the kernel's functions that take part in a bind (core/evidence/bpf/): a record of each bind, from
// inside. They are gone with the process that attached them, however it ends. Needs CAP_BPF and CAP_PERFMON, or root.
// Some kernels refuse programs on functions, but allow them on tracepoints: the record then says what bind was asked
// and what it returned, and nothing of the functions in between; binds by io_uring and of 32-bit programs have none.
// Needs tracefs as well.
#ifndef BINDWALK_BIND_PROBE_H
#define BINDWALK_BIND_PROBE_H

#include <sys/types.h>

#include "core/evidence/probe_how.h"
#include "core/model/kernel_call.h"

struct bind_probe;
struct bind_record;

enum { PROBE_ERROR = WITNESSED_WHY };

// Attaches them, and lets them rest (bind_probe_on()). 0, or -errno with a sentence that says what is missing and how
// to get it.
int bind_probe_open(const struct bind_probe_how *how, struct bind_probe **out, char *err, size_t errlen);
void bind_probe_close(struct bind_probe *p);

void bind_probe_on(struct bind_probe *p, bool on);
// Of binds that succeed, only the number from now on; or records again.
void bind_probe_refused_only(struct bind_probe *p, bool on);
// Watches that process, too. 0 or -errno.
int bind_probe_add(struct bind_probe *p, pid_t process);

// Which functions are watched, and which can't be.
struct function_sets bind_probe_sets(const struct bind_probe *p);

// Becomes readable when there are records.
int bind_probe_fd(const struct bind_probe *p);
// Hands over the records that are there; the bytes are valid in `take` only. How many, or -errno.
int bind_probe_read(struct bind_probe *p, void (*take)(void *data, const struct bind_record *r, size_t len),
		    void *data);

struct bind_counts {
	// Binds whose record was handed over, or not wanted (refused_only); none of other sockets than IP's.
	uint64_t seen;
	// All others: there was no room, or the kernel let their beginning or end pass unseen. Of the latter one may be
	// counted twice.
	uint64_t lost;
	// How often the kernel left out one of our programs, for a thread was stopped inside of it.
	uint64_t missed;
};
struct bind_counts bind_probe_counts(const struct bind_probe *p);

#endif
