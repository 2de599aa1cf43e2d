// SPDX-License-Identifier: GPL-3.0-or-later
// Follows a program, its threads and its children, and hands over each bind with its walk: predicted before the
// kernel runs the real call, and merged with what it returned. By ptrace; a launched program has a seccomp filter
// that stops it at these calls only.
//
// When the process that traces ends, however that happens, a launched program ends with it. One that was found running,
// or was launched to stay, goes on as if nothing had been.
#ifndef BINDWALK_TRACER_H
#define BINDWALK_TRACER_H

#include "core/model/bind_event.h"
#include "core/model/event_verdict.h"
#include "core/model/inquiry.h"
#include "core/trace/launch.h"

struct tracer;

struct tracer_how {
	char **command;                 // to launch; NULL: `pid`
	pid_t pid;                      // one that runs, with all of its threads
	bool stay;                      // launched without a filter: it may go on alone
	bool every_option;              // stops at each setsockopt()
	const struct launch_user *user; // see launch.h
	int output;
	void (*prepare)(void);
};

// What is to be known of a process besides its binds.
enum trace_note {
	TRACE_LOWERED,    // its file would give it rights, which it does not get while it is traced
	TRACE_FOREIGN,    // of another word size: its calls are not seen
	TRACE_IO_URING,   // it has a ring: binds through it are not seen
	TRACE_OWN_FILTER, // it puts a seccomp filter on itself: what that refuses is not seen by way of ours
	TRACE_ENDED,      // the program that was launched has ended, and children of it go on
	TRACE_NOTES
};

// The callbacks. They are called while the thread that they are about waits.
struct tracer_out {
	// `v` and `in` are NULL where there is no walk; all of it is lent.
	void (*call)(void *data, const struct bind_event *e, const struct event_verdict *v, const struct inquiry *in);
	void (*note)(void *data, enum trace_note note, pid_t process, const char *program);
	void *data;
};

enum { TRACER_ERROR = 320 };

// Gets ready: the program is there, but has not begun; or it runs and is attached to in tracer_run(). 0, or -errno
// with a sentence in err.
int tracer_open(const struct tracer_how *how, struct tracer **out, char *err, size_t errlen);

// The process that was launched, or was given.
pid_t tracer_process(const struct tracer *t);
// Was no_new_privs set on it, or a seccomp filter put? Known after tracer_run() has begun: from within its callbacks.
bool tracer_filters(const struct tracer *t);

// Follows it until the last one of its threads has ended, or tracer_stop(). One thread calls it, and is the tracer.
// 0, or -errno with a sentence in err.
int tracer_run(struct tracer *t, const struct tracer_out *out, char *err, size_t errlen);

// Ends tracer_run() soon. From any thread, and from a signal handler. A launched program that was not to stay is
// killed.
void tracer_stop(struct tracer *t);

// After tracer_run(): how the launched program ended, as waitpid() has it. False: it goes on, or it was not launched.
bool tracer_status(const struct tracer *t, int *status);
// Why the launched program could not begin: an errno, 0 where it did. *at_exec: exec refused, not what comes before it.
int tracer_failure(const struct tracer *t, bool *at_exec);

void tracer_close(struct tracer *t);

#endif
