// SPDX-License-Identifier: GPL-3.0-or-later
// Where the explorer's state stands on the screen: size, view, focus, the rows that each part needs, and what is
// scrolled into sight. Pure.
//
// Those that return something return bits of enum dirty.
#ifndef BINDWALK_APP_LAYOUT_H
#define BINDWALK_APP_LAYOUT_H

#include "tui/app.h"

unsigned app_relayout(struct app *app);
// The same, if verdict, hint or walks need more or fewer rows than before.
unsigned app_fit(struct app *app);
unsigned app_resize(struct app *app, int rows, int cols);
unsigned app_set_mode(struct app *app, enum mode mode);
unsigned app_focus(struct app *app, enum pane_id pane);
// Goes to a view, with the focus on its first pane; in the explore view on the pane that had it before.
unsigned app_view(struct app *app, enum view_id view);
// Beside a lesson: sets two walks into the place of the one, or takes them away.
unsigned app_compare_beside(struct app *app, bool on);
// Goes back: from the help and the palette to the view below them, else to the explore view.
unsigned app_leave_view(struct app *app);
unsigned app_open_help(struct app *app);
// Puts away what a command showed.
void app_output_drop(struct app *app);
// Scrolls each pane to what the selected step looks at.
void app_reveal_inputs(struct app *app);
// Scrolls what shows the host and the attempt to what changed since the last key, until a key may look elsewhere.
void app_reveal_changes(struct app *app);
// Scrolls one pane to its first row that changed.
void app_reveal_changed(struct app *app, enum pane_id pane);

#endif
