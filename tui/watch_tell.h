// SPDX-License-Identifier: GPL-3.0-or-later
// What a watch prints and writes: a line for each bind, with its walk if that is wished, or a summary at the end.
#ifndef BINDWALK_WATCH_TELL_H
#define BINDWALK_WATCH_TELL_H

#include <stdio.h>

#include "core/model/event_count.h"
#include "core/model/event_filter.h"
#include "core/model/inquiry.h"
#include "tui/output.h"

struct watch_wish {
	struct event_filter filter;
	bool json, full, summary;
	uint64_t limit;     // end after so many, 0: never
	bool dated;         // with the day: what is told is not from now
	const char *output; // a new file for the events, NULL for none
	struct report_style style;
};

// Begins with a wish and zeros.
struct watch_tell {
	const struct watch_wish *wish;
	FILE *file;
	struct event_counts counts;
	uint64_t shown;
	uint64_t unknown; // what a filter asks for was not seen of them
	bool over;        // so many were wished, nobody reads any more, or a write failed
	bool failed;
};

// Creates the file. EXIT_OK, or a line on standard error.
enum exit_status watch_tell_open(struct watch_tell *t, const struct watch_wish *wish);
// Does it pass the filter? Counts what it can't judge.
bool watch_tell_wants(struct watch_tell *t, const struct bind_event *e);
// Prints it at once. `v` and `in` may be NULL.
void watch_tell_event(struct watch_tell *t, const struct bind_event *e, const struct event_verdict *v,
		      const struct inquiry *in);
// The summary, and the end of the file.
enum exit_status watch_tell_close(struct watch_tell *t);

#endif
