// SPDX-License-Identifier: GPL-3.0-or-later
// Which lines the panes show, and in which order: filters, hidden link-local rows, sorting. Pure.
#ifndef BINDWALK_PICKING_H
#define BINDWALK_PICKING_H

#include "core/command/command.h"
#include "tui/view.h"

struct app;
struct key;

// In struct app.
struct picking {
	bool all;                    // the filter is one for all panes
	bool hides_link_local;       // where a pane has such rows
	bool points_out[PANE_COUNT]; // one of them is shown, since the selected step points at it
	unsigned order[PANE_COUNT];  // of pane_ops.orders
};

// app_run() functions: `filter`, `filter all`, `sort`, `hide`.
int picking_filter(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
int picking_sort(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
int picking_hide(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// Shows all lines again: of the focused pane, or, after a filter for all panes, of each.
unsigned picking_drop_filter(struct app *app);
// Is there one that picking_drop_filter() would drop?
bool picking_is_filtered(const struct app *app);
// How many lines its text leaves.
size_t picking_matches(const struct app *app);
// Typing into the filter. False for a key that is not text.
bool picking_key(struct app *app, const struct key *key);
// Can lines of this pane be left out?
bool picking_has(enum pane_id pane);

#endif
