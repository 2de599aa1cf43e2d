// SPDX-License-Identifier: GPL-3.0-or-later
// Follows a program, its threads and its children, and hands over each bind with its walk: predicted before the
// kernel runs the real call, and merged with what it returned. By ptrace; a launched program has a seccomp filter
// that stops it at these calls only.
//
// When the process that traces ends, however that happens, a launched program ends with it. One that was found running,
// or was launched to stay, goes on as if nothing had been.
#ifndef BINDWALK_TRACER_H
#define BINDWALK_TRACER_H

#include "core/evidence/event_walk.h"
#include "core/model/bind_event.h"
#include "core/model/event_verdict.h"
#include "core/model/inquiry.h"
#include "core/trace/launch.h"

struct socket_history;
struct tracer;

struct tracer_how {
	char **command;                 // to launch; NULL: `pid`
	pid_t pid;                      // one that runs, with all of its threads
	bool stay;                      // launched without a filter: it may go on alone
	bool every_option;              // stops at each setsockopt()
	const struct launch_user *user; // see launch.h
	int output;
	const sigset_t *mask;  // see launch.h
	void (*prepare)(void); // likewise
};

// What is to be known of a process besides its binds.
enum trace_note {
	TRACE_BEGUN,      // it is traced from now on; a launched program begins right after this
	TRACE_LOWERED,    // its file would give it privileges that it does not get while it is traced; once per file
	TRACE_FOREIGN,    // of another word size: its calls are not seen
	TRACE_IO_URING,   // it has a ring: binds through it are not seen
	TRACE_OWN_FILTER, // it has put a seccomp filter on itself that may refuse a bind: then ours does not see it
	TRACE_ENDED,      // the program that was launched has ended, and children of it go on
	TRACE_NOTES
};

// The callbacks. They are called on a thread of the tracer's own, one at a time, between the begin and the end of
// tracer_run(), while the thread that they are about waits: the program is as slow as they are.
struct tracer_out {
	// A bind; a call around it that was refused; and each listen(). `v` and `in` are NULL where there is no walk;
	// all of it is lent.
	void (*call)(void *data, const struct bind_event *e, const struct event_verdict *v, const struct inquiry *in);
	// In its place, where it is not NULL: who gets the walk closes it.
	void (*take)(void *data, const struct bind_event *e, struct event_walk *walk);
	// `process` may not have begun yet.
	void (*note)(void *data, enum trace_note note, pid_t process, const char *program);
	// The launched program has stopped by that signal, as for job control. True: it is to go on now. NULL: nothing.
	bool (*stopped)(void *data, int sig);
	void *data;
};

enum { TRACER_ERROR = 320 };

// Gets ready: the program is there, but has not begun; or it runs and is attached to in tracer_run(). The handlers of
// signals that the caller has are the program's until `prepare` has run. 0, or -errno with a sentence in err.
int tracer_open(const struct tracer_how *how, struct tracer **out, char *err, size_t errlen);

// The process that was launched, or was given.
pid_t tracer_process(const struct tracer *t);
// Why a launched program that was not to stay has no seccomp filter, and so runs slower; NULL: it has one.
const char *tracer_unfiltered(const struct tracer *t);
// Does a program get, under this tracer, what its file gives?
bool tracer_raises(const struct tracer *t);

// From within the callback of a call: what was done to its socket before, NULL where that is not known. See
// core/model/socket_history.h. An option that is refused is its last one.
const struct socket_history *tracer_history(const struct tracer *t);
// After tracer_run(): the next socket from *n on (0 first) that had a call refused, and that no bind was told of. NULL
// behind the last one.
const struct socket_history *tracer_untold(const struct tracer *t, size_t *n);

// Follows it until the last one of its threads has ended, or tracer_stop(). 0, or -errno with a sentence in err; when
// it returns, nothing is traced any more. From any thread, and whatever that does meanwhile: the tracer is a thread of
// its own, and waits for children of that thread only (__WNOTHREAD), so the caller's other children are the caller's.
// But SIGCHLD has a handler until it returns (SA_RESTART), and so one program at a time can be traced: else -EBUSY.
int tracer_run(struct tracer *t, const struct tracer_out *out, char *err, size_t errlen);

// Ends tracer_run() as soon as a callback or a walk in it has ended. From any thread, from a callback, from a signal
// handler, and before tracer_run(). A launched program that was not to stay is killed, with all that it started;
// others go on, without having been stopped for it.
void tracer_stop(struct tracer *t);

// After tracer_run(): how the launched program ended, as waitpid() has it. False: it goes on, or it was not launched.
bool tracer_status(const struct tracer *t, int *status);
// Why the launched program could not begin: an errno, 0 where it did. *at_exec: exec refused, not what comes before it.
int tracer_failure(const struct tracer *t, bool *at_exec);

// After tracer_run(), or instead of it: then the launched program ends without having begun. A program that was to stay
// and runs is a child of the caller's, who may wait for it.
void tracer_close(struct tracer *t);

#endif
