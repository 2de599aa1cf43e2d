// SPDX-License-Identifier: GPL-3.0-or-later
// What a lesson says, into the recording of the session that it is played in. Pure.
#ifndef BINDWALK_LESSON_RECORD_H
#define BINDWALK_LESSON_RECORD_H

#include "core/lesson/lesson_state.h"
#include "core/record/recording.h"

// The words of items [from, until), with the titles of steps that begin there and what the learner answered; the
// lesson's title and goal before its first item, and its last words after the last one.
void lesson_record(struct recording *r, const struct lesson_state *s, unsigned from, unsigned until);

#endif
