// SPDX-License-Identifier: GPL-3.0-or-later
// What a trace comes to, in words. Pure.
#ifndef BINDWALK_TRACE_ANALYSIS_H
#define BINDWALK_TRACE_ANALYSIS_H

#include "core/model/trace_summary.h"
#include "core/text/event_row.h"
#include "core/text/report.h"

// The first row is one that grep finds: "bindwalk: ANALYSIS 7 binds, 5 refused; the program ended with status 1", or
// "3 binds, none refused", or "no binds". The others stand below it: what failed first, the smallest remedy, and what
// else to look at. `look` is for the time of the first one.
void trace_analysis_head(const struct trace_summary *s, struct row *out);
void trace_analysis_rows(const struct trace_summary *s, const struct event_look *look, report_line *put_row,
			 void *data);

#endif
