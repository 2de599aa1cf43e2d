// SPDX-License-Identifier: GPL-3.0-or-later
// What a trace comes to: which bind failed first, what can be done about it, and what else did not go well. Pure.
#ifndef BINDWALK_TRACE_SUMMARY_H
#define BINDWALK_TRACE_SUMMARY_H

#include "core/model/bind_event.h"
#include "core/model/event_count.h"
#include "core/model/event_verdict.h"
#include "core/model/inquiry.h"
#include "core/model/remedy.h"

enum { TRACE_NOTES_KEPT = 8, TRACE_NOTE_TEXT = 1000, TRACE_EXE = 256 }; // a note fits into a row

enum trace_end {
	TRACE_END_NONE,   // it goes on, or was not launched
	TRACE_END_STATUS, // exited
	TRACE_END_SIGNAL
};

// What a process runs.
struct trace_program {
	enum program known;  // PROGRAM_COUNT: none that Bindwalk knows
	char exe[TRACE_EXE]; // its file, raw bytes; "": not known
};

// The bind that was refused first.
struct trace_first {
	bool present;
	bool bound_later; // the same program got the same address afterwards
	struct bind_event event;
	struct event_verdict verdict;
	struct trace_program program;
	struct remedy remedies[REMEDIES];
	unsigned n;
	const char *none; // why there are none; NULL where there are, or where there is no walk
};

// Begins zeroed.
struct trace_summary {
	uint64_t binds, refused;
	struct trace_first first;
	struct event_counts refusals; // binds
	struct event_counts options;  // setsockopt() that was refused, and that nobody may have looked at
	struct event_counts others;   // connect(), listen(), socket()
	char notes[TRACE_NOTES_KEPT][TRACE_NOTE_TEXT];
	uint64_t nnotes; // that there were
	enum trace_end end;
	int status; // of its exit, or the signal
};

// Counts a call. `v` and `in` may be NULL; `p` is the program that made it.
void trace_summary_add(struct trace_summary *s, const struct bind_event *e, const struct event_verdict *v,
		       const struct inquiry *in, const struct trace_program *p);
// What is to be known of a process besides its calls: raw bytes.
void trace_summary_note(struct trace_summary *s, const char *text);
// Puts the groups in order. Nothing can be added after it.
void trace_summary_end(struct trace_summary *s, enum trace_end end, int status);
void trace_summary_free(struct trace_summary *s);

#endif
