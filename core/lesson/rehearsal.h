// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a talk from its first step to its last without anybody, so that what would fail in front of the room is known
// before: a command that the kernel refuses, a check that does not hold, a question that no bind answers, a model that
// disagrees.
#ifndef BINDWALK_REHEARSAL_H
#define BINDWALK_REHEARSAL_H

#include "core/command/session.h"
#include "core/lesson/lesson.h"

// What happens in one step.
struct rehearsed_step {
	int64_t us;                   // how long its commands take
	const char *command;          // the first one that fails, lent by the lesson; NULL: all is well
	unsigned line;                // of the file
	char wrong[COMMAND_ERROR];    // why
	char expected[64], found[64]; // of a check, or a question; "" where that says nothing
};

struct rehearsal {
	unsigned failed; // steps
	int64_t us;
	struct rehearsed_step step[LESSON_STEPS];
};

// In a session whose namespace is the talk's lab, fresh. What fails does not keep the later steps from being played.
void rehearse(const struct lesson *l, struct session *s, struct rehearsal *out);

#endif
