// SPDX-License-Identifier: GPL-3.0-or-later
// What keys and the player do to the lesson on the screen. Pure.
#ifndef BINDWALK_LESSON_VIEW_H
#define BINDWALK_LESSON_VIEW_H

#include "tui/app.h"

// The player changed the state: covers the walk where the answer to a question would be seen, and shows what is new.
// Bits of enum dirty.
unsigned lesson_changed(struct app *app);
// The first of these alone: before what comes next looks at the walk.
void lesson_cover(struct app *app);
// A step begins: what was shown before is put away.
unsigned lesson_step_begins(struct app *app);
// Back to the lesson, or the talk, from wherever somebody looks.
unsigned lesson_return(struct app *app);
// The lesson is over, or another one begins.
void lesson_forget(struct app *app);
// Adds what a command led to.
void lesson_found(struct app *app, unsigned item, enum role role, const char *text);
// Adds what that says about a prediction.
void lesson_judged(struct app *app, unsigned item, const struct prediction *p);

// A command of lessons, as app_run().
int lesson_run(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// `answer`, where a question of a lesson waits. False where none does.
bool lesson_take_answer(struct app *app, const char *what, unsigned *changed);
// What a key means while a lesson waits somewhere else; NULL: what it always means.
const struct binding *lesson_key(const struct app *app, const struct key *key);
// A digit of the number of a step. False: the key is for something else.
bool lesson_digit(struct app *app, const struct key *key);

#endif
