// SPDX-License-Identifier: GPL-3.0-or-later
// Becoming the tracer of a process: one that was launched and waits, or one that runs, with all of its threads.
#ifndef BINDWALK_TRACER_ATTACH_H
#define BINDWALK_TRACER_ATTACH_H

#include <stddef.h>
#include <sys/types.h>

#include "core/trace/tracee.h"

// `options`: PTRACE_O_*. Adds the thread; it is not stopped. 0, or -errno with the reason in err.
int tracer_attach_launched(pid_t pid, unsigned long options, struct tracees *to, char *err, size_t errlen);

// Adds its threads, each of which stops soon. Threads that begin meanwhile are traced as well. 0, or -errno with the
// reason in err: some may have been added then.
int tracer_attach(pid_t pid, unsigned long options, struct tracees *to, char *err, size_t errlen);

#endif
