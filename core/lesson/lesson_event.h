// SPDX-License-Identifier: GPL-3.0-or-later
// What happens in a lesson, as events of a learner's progress. Pure.
#ifndef BINDWALK_LESSON_EVENT_H
#define BINDWALK_LESSON_EVENT_H

#include "core/lesson/lesson_state.h"
#include "core/lesson/progress.h"

// A lesson's name without folders, number and suffix, as progress calls it: "ipv6" for "help/lessons/4-ipv6.lesson".
// Returns out.
char *lesson_short_name(const char *name, char out[static PROGRESS_NAME]);
// Which question of its step an `ask` is, from 1.
unsigned lesson_question_number(const struct lesson *l, unsigned item);

// An event of that kind, undated. step counts from 0, as in lesson_state; for PROGRESS_BEGIN it is where the lesson
// goes on, and for PROGRESS_DONE it does not matter.
struct progress_event lesson_event(const struct lesson *l, enum progress_kind kind, unsigned step);
// The learner's answer, once it was judged right or wrong.
struct progress_event lesson_event_answer(const struct lesson *l, const struct prediction *p);

#endif
