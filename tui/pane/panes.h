// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the panes, and what is done to any of them. Pure.
#ifndef BINDWALK_PANES_H
#define BINDWALK_PANES_H

#include "tui/pane/pane.h"

const struct pane_ops *pane_ops(enum pane_id pane);
// Does it show how the bind ends, or what may become of it?
bool pane_tells(enum pane_id pane);
// The items of a pane that the selected step points at; returns how many.
unsigned pane_pointed(const struct app *app, enum pane_id pane, size_t out[static STEP_INPUTS]);
// Is the item one of those?
bool pane_is_pointed(size_t item, const size_t *pointed, unsigned n);
// The mark of an item that changed since the last key; ' ' for none.
char pane_mark(const struct app *app, enum pane_id pane, size_t item);
// The first item of a pane that changed since the last key; SIZE_MAX for none.
size_t pane_changed(const struct app *app, enum pane_id pane);
// Counts and filters a pane's list again.
void pane_update(struct app *app, enum pane_id pane);
// Can lines of this pane be left out?
bool pane_picks(enum pane_id pane);
// How many lines a filter leaves, of the focused pane or, if it is one for all panes, of each.
size_t pane_matches(const struct app *app);
// As pane_update(), when its order or what it hides is another; the selected line stays selected and in its place.
void pane_pick_again(struct app *app, enum pane_id pane);
// Of what is hidden, what the selected step points at is shown all the same.
void pane_show_pointed(struct app *app, enum pane_id pane);
void pane_filter(struct app *app, enum pane_id pane, const char *text);
// Checks whether these items match the filter, after pane_prepare(). 0; or -ENOMEM, and the pane must be updated.
int pane_match_items(struct app *app, enum pane_id pane, size_t first, size_t end);
void pane_prepare(struct app *app, enum pane_id pane);
// "Interfaces /eth 12 of 40000" and so on.
void pane_title(const struct app *app, enum pane_id pane, struct row *out);

#endif
