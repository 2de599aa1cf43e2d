// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody needs of a walk whose server does not start: why, who is in the way, and what to do. Pure.
#ifndef BINDWALK_TRACE_WALK_H
#define BINDWALK_TRACE_WALK_H

#include "core/model/bind_event.h"
#include "core/text/event_row.h"
#include "core/text/report.h"
#include "core/text/trace_remedy.h"

enum { TRACE_REMEDIES = 5 }; // in the short form

// What to say of a refusal that the trace itself may have caused; see trace_row_is_lowered(). It has no remedies then.
extern const char trace_walk_lowered[];
// In which network namespace it was, where that is not ours, and how to run a command there; "" where it is. Returns
// buf.
const char *trace_place(const struct bind_event *e, char buf[static EVENT_ROW_TEXT]);
// Below the line of a refusal, for lines of `width` columns. Of the steps only the one that decided and those that
// speak to it.
void trace_walk_rows(const struct facts *f, const struct walk *w, const struct bind_event *e,
		     const struct trace_owner *o, unsigned width, report_line *put_row, void *data);
// All of it, as `bindwalk explain` prints it, but with all remedies for that program.
void trace_walk_full(const struct facts *f, const struct walk *w, const struct bind_event *e,
		     const struct trace_owner *o, unsigned width, report_line *put_row, void *data);

#endif
