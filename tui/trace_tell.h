// SPDX-License-Identifier: GPL-3.0-or-later
// What a trace prints: a line for each call, the walk of each that was refused, and a summary at the end. On standard
// error, since standard output is the program's; or in a file.
#ifndef BINDWALK_TRACE_TELL_H
#define BINDWALK_TRACE_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/bind_event.h"
#include "core/model/inquiry.h"
#include "core/model/socket_history.h"
#include "core/model/trace_summary.h"
#include "tui/output.h"

struct trace_wish {
	bool failed, full, json, summary, options;
	const char *output; // a new file, NULL: standard error
	struct report_style style;
};

// Begins with a wish and zeros.
struct trace_tell {
	const struct trace_wish *wish;
	int fd;
	struct event_counts told; // refusals whose walks were printed
	uint64_t refused;         // binds, printed or not
	struct trace_summary summary;
	bool failed;   // it could not be written
	bool given_up; // nobody reads it, and the end was asked for
	// Of the socket of the next call, for --options; NULL: not known. Lent.
	const struct socket_history *history;
};

// Creates the file. EXIT_OK, or a line on standard error.
enum exit_status trace_tell_open(struct trace_tell *t, const struct trace_wish *wish);
// A line about the trace itself: "bindwalk: …". Not in JSON, but on standard error then.
__attribute__((format(printf, 2, 3))) void trace_tell_say(struct trace_tell *t, const char *fmt, ...);
// Such a line about a process that is traced; the summary has it as well.
__attribute__((format(printf, 2, 3))) void trace_tell_note(struct trace_tell *t, const char *fmt, ...);
// `v` and `in` may be NULL; `p` is the program that the process runs. A refusal like one before takes one line.
void trace_tell_call(struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v,
		     const struct inquiry *in, const struct trace_program *p);
// What was done to a socket that had no bind.
void trace_tell_history(struct trace_tell *t, const struct socket_history *s);
// Instead of trace_tell_close(), where nothing was traced after all: the file goes.
void trace_tell_drop(struct trace_tell *t);
// The summary, and the end of the file. `status` is that of the exit, or the signal.
enum exit_status trace_tell_close(struct trace_tell *t, enum trace_end end, int status);

#endif
