// SPDX-License-Identifier: GPL-3.0-or-later
// What a click or the wheel does: presses the key named there, or acts in a pane. It never confirms a change of a host.
// Pure.
#ifndef BINDWALK_MOUSE_H
#define BINDWALK_MOUSE_H

#include "tui/app.h"

bool mouse_is(const struct key *key);
// Turns a click on a key's name, in the bottom line or the title, into that key. False for anything else.
bool mouse_presses(const struct app *app, struct key *key);
// In a pane: a click selects a line; a click on the selected line does what Enter does, or Space where Enter binds. On
// a check box it toggles; on a heading it focuses the pane, then zooms it. The wheel scrolls the pane under the
// pointer. Bits of enum dirty.
unsigned mouse_run(struct app *app, const struct key *key);

#endif
