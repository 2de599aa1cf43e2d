// SPDX-License-Identifier: GPL-3.0-or-later
// What a lesson asks of the learner now. Pure.
#ifndef BINDWALK_LESSON_ASK_H
#define BINDWALK_LESSON_ASK_H

#include "tui/app.h"

// The question that waits. False where none does.
bool lesson_question(const struct app *app, struct ask *out);
// Does it ask which step ends bind?
bool lesson_asks_step(const struct app *app);
// Does `answer binds` (1) or `answer refused` (-1) mean choice n? 0: neither.
int lesson_means(const struct ask *ask, unsigned n);
// Is it answered by y and n, since one of two choices means yes and the other one no?
bool lesson_takes_letters(const struct ask *ask);
// The learner finds a way.
bool lesson_is_task(const struct app *app);
// Are remedies not told? They would be a way to the goal, or the answer to a later question.
bool lesson_keeps_remedies(const struct app *app);

#endif
