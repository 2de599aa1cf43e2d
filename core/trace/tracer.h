// SPDX-License-Identifier: GPL-3.0-or-later
// Follows a program, its threads and its children, and hands over each bind with its walk: predicted before the
// kernel runs the real call, and merged with what it returned. By ptrace; a launched program has a seccomp filter
// that stops it at these calls only.
//
// When the process that traces ends, however that happens, a launched program ends with it. One that was found running,
// or was launched to stay, goes on as if nothing had been.
#ifndef BINDWALK_TRACER_H
#define BINDWALK_TRACER_H

#include "core/trace/launch.h"
#include "core/trace/tracer_out.h"

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

enum { TRACER_ERROR = 320 };

// Gets ready: a launched program is there, but has not begun; tracer_run() attaches to one that runs. Until `prepare`
// has run, a launched program has the caller's signal handlers. 0, or -errno with a sentence in err.
int tracer_open(const struct tracer_how *how, struct tracer **out, char *err, size_t errlen);

// The process that was launched, or was given.
pid_t tracer_process(const struct tracer *t);
// Was Bindwalk started under a seccomp filter, whose refusals do not reach the filter that the launched program has?
bool tracer_may_miss(const struct tracer *t);
// Why a launched program that was not to stay has no seccomp filter, and so runs slower; NULL: it has one.
const char *tracer_unfiltered(const struct tracer *t);

// From within the callback of a call: what was done to its socket before, NULL where that is not known. A setsockopt()
// that is refused is itself the last of these.
const struct socket_history *tracer_history(const struct tracer *t);
// After tracer_run(): the next socket from *n on (0 first) with a refused call and without a bind. NULL behind the last
// one.
const struct socket_history *tracer_untold(const struct tracer *t, size_t *n);

// Follows it until the last one of its threads has ended, or tracer_stop(). 0, or -errno with a sentence in err; when
// it returns, nothing is traced any more. Any thread may call it: the tracer is a thread of its own, and waits for
// children of that thread only (__WNOTHREAD), so the caller's other children are the caller's. SIGCHLD has a handler
// until it returns (SA_RESTART); so one program at a time can be traced, and another one gets -EBUSY.
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
