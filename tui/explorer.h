// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive explorer of the network namespace that the calling thread is in.
#ifndef BINDWALK_EXPLORER_H
#define BINDWALK_EXPLORER_H

#include <stdbool.h>

#include "core/lesson/lesson.h"
#include "core/model/attempt.h"
#include "core/record/recording.h"
#include "tui/target.h"

struct explorer_options {
	bool lab; // the namespace is ours
	struct target place;
	struct editor *editor;             // lent; NULL: read-only
	const struct recording *recording; // lent: it is shown, and no namespace. NULL: none
	const char *recorded;              // the lesson that it is the recording of; NULL: it is shown frame by frame
	const char *notice;                // said at the start, NULL for nothing
	struct attempt first;
	bool has_first;    // else one is chosen
	const char *color; // "auto", "always", "never"; NULL is auto
	bool ascii;        // no characters beyond ASCII, whatever the locale says
	bool mouse;
	bool paced;            // the lesson is a talk, on a stage
	struct lesson *lesson; // to be played, in the lab that it asks for; it is taken over. NULL: none
};

// Runs until the user quits, or an end signal is noted; returns the exit status: 0, or 4 with one line on standard
// error when this terminal can't show it or the host can't be read. *end_signal is SIGHUP when the terminal went away,
// else 0. The terminal is as it was, and the caller ends the process by end_signal_release().
int explorer_run(const struct explorer_options *o, int *end_signal);

#endif
