// SPDX-License-Identifier: GPL-3.0-or-later
// Applies a remedy by the number shown on the screen. Pure.
#ifndef BINDWALK_REMEDY_APPLY_H
#define BINDWALK_REMEDY_APPLY_H

#include "tui/app.h"

// An app_run() function: applies the remedy whose number is the argument.
int remedy_apply(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// A command succeeded (`done`) or failed; `made`: it changed something. If it belongs to a remedy, continues with the
// remedy's next command. True if one undo should revert this change together with the one before it.
bool remedy_apply_next(struct app *app, bool done, bool made);
// The user answered no to one of the remedy's commands.
void remedy_apply_stop(struct app *app);
// The remedies are on the screen now.
void remedy_apply_drawn(struct app *app, int64_t now_ms);
// Somebody pressed a key.
void remedy_apply_key(struct app *app, int64_t now_ms);

#endif
