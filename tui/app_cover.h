// SPDX-License-Identifier: GPL-3.0-or-later
// Covering the walk on the screen, uncovering it, and asking for a prediction. Pure.
#ifndef BINDWALK_APP_COVER_H
#define BINDWALK_APP_COVER_H

#include "tui/app.h"

// If the command would show what is hidden, takes the cover off and says so.
unsigned app_cover_give_way(struct app *app, const struct command_call *call);
// The next step, or the result.
unsigned app_cover_next(struct app *app);
// A digit during a question: goes to the step of that number. False for any other key.
bool app_cover_digit(struct app *app, const struct key *key);

// The commands `cover`, `ask` and `answer`, of type may_fail_fn.
int app_cover_run(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);

#endif
