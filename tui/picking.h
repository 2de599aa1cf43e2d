// SPDX-License-Identifier: GPL-3.0-or-later
// Which lines the panes show, and in which order: filters, hidden link-local rows, sorting. Pure.
#ifndef BINDWALK_PICKING_H
#define BINDWALK_PICKING_H

#include "core/command/command.h"
#include "tui/app.h"

// app_run() functions: `filter`, `filter all`, `sort`, `hide`.
int picking_filter(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
int picking_sort(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
int picking_hide(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// Shows all lines again: of the focused pane, or, after a filter for all panes, of each.
unsigned picking_drop_filter(struct app *app);
// Is there one that picking_drop_filter() would drop?
bool picking_is_filtered(const struct app *app);
// Typing into the filter. False for a key that is not text.
bool picking_key(struct app *app, const struct key *key);

#endif
