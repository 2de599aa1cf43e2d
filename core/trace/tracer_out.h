// SPDX-License-Identifier: GPL-3.0-or-later
// What a tracer reports, and to whom.
#ifndef BINDWALK_TRACER_OUT_H
#define BINDWALK_TRACER_OUT_H

#include <sys/types.h>

#include "core/evidence/event_walk.h"
#include "core/trace/trace_note.h"

// The callbacks. They are called on a thread of the tracer's own, one at a time, between the begin and the end of
// tracer_run(), while the thread that they are about waits: the program is as slow as they are.
struct tracer_out {
	// A bind; a call around it that was refused; and each listen(). `in` is NULL where there is no walk: then `v`
	// says why not, or is NULL as well. All of it is lent.
	void (*call)(void *data, const struct bind_event *e, const struct event_verdict *v, const struct inquiry *in);
	// Called in its place if not NULL; it closes the walk, which may be NULL.
	void (*take)(void *data, const struct bind_event *e, struct event_walk *walk);
	// `process` may not have begun yet.
	void (*note)(void *data, enum trace_note note, pid_t process, const char *program);
	// The launched program has stopped by that signal, as for job control. True: it is to go on now. May be NULL.
	bool (*stopped)(void *data, int sig);
	void *data;
};

#endif
