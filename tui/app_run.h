// SPDX-License-Identifier: GPL-3.0-or-later
// What a command does to the explorer. Pure.
#ifndef BINDWALK_APP_RUN_H
#define BINDWALK_APP_RUN_H

#include "tui/app.h"

unsigned app_dispatch(struct app *app, const struct command_call *call);
// The same, but a refusal is -EINVAL and a sentence in err instead of a message. Bits are added to *changed.
int app_run(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// One key or mouse event, in every mode but MODE_PROMPT.
unsigned app_key(struct app *app, const struct key *key);
// May what the command changes be changed here?
bool app_may(const struct app *app, enum command_id id);
unsigned app_run_move(struct app *app, enum command_id id);
// Asks before app->command changes this host: a yes asks for EFFECT_COMMAND again.
unsigned app_ask_change(struct app *app, const char *change);
int app_hand_over(struct app *app, const struct command_call *call, unsigned *changed);

#endif
