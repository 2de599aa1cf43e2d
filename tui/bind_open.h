// SPDX-License-Identifier: GPL-3.0-or-later
// The commands about a bind that was seen: opening its walk, taking it over. Pure.
//
// Those that return unsigned return bits of enum dirty.
#ifndef BINDWALK_BIND_OPEN_H
#define BINDWALK_BIND_OPEN_H

#include "tui/app.h"

// An app_run() function: `use` on the walk that is open.
int bind_use(struct app *app, char *err, size_t errlen, unsigned *changed);
// The watch is wanted, and asked for anew where it was refused.
void bind_switch_on(struct watched_binds *b, bool all);
// Asks the loop for the walk of an item of the binds pane (app.opening); where none was seen, for a new try.
unsigned bind_open(struct app *app, size_t item);
// What was asked for is there: the walk, lent until it is closed or another one is opened; or why there is none.
unsigned bind_open_take(struct app *app, const struct inquiry *walk, const char *why);
unsigned bind_close(struct app *app);
// Is the walk of one open in the view that is on the screen?
bool bind_is_open(const struct app *app);
// Selects CMD_STEP_FIRST or CMD_STEP_DECIDING in the walk that is open; the caller then calls app_moved().
void bind_step(struct app *app, enum command_id id);

#endif
