// SPDX-License-Identifier: GPL-3.0-or-later
// The program that is traced, or was last: what the view of binds shows of it. Pure.
#ifndef BINDWALK_TRACED_H
#define BINDWALK_TRACED_H

#include "core/command/command.h"
#include "core/model/bind_log.h"
#include "core/model/event_verdict.h"
#include "core/trace/output_tail.h"
#include "core/trace/trace_feed.h"

enum { TRACED_LINES = TAIL_LINES };

struct traced_line {
	bool note;            // ours, and not the program's
	char text[TAIL_TEXT]; // raw bytes
};

// The last of what it wrote, and of what is to be known of it, by number. Begins zeroed.
struct traced_lines {
	struct traced_line at[TRACED_LINES];
	uint64_t ever;
};

struct traced {
	bool shown; // the view shows its binds, and not those of all programs
	bool all;   // also those that succeed
	struct {    // for the loop: EFFECT_TRACE
		bool stop;
		pid_t pid;                 // 0: the command
		char command[COMMAND_ARG]; // as it was typed
	} order;
	char command[COMMAND_ARG]; // the last one that was begun, "" for a process that ran
	struct feed_status status;
	const struct bind_log *log;       // lent
	const struct traced_lines *lines; // lent; NULL: none
	// What is known already of one of the log, by its number; NULL for nothing. NULL: of none.
	const struct event_verdict *(*verdict)(const void *from, uint64_t number);
	const void *from; // lent
};

// Does it go on at present?
static inline bool traced_goes_on(const struct traced *t)
{
	return t->status.state != FEED_NONE && t->status.state != FEED_ENDED;
}

#endif
