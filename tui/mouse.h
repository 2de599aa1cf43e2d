// SPDX-License-Identifier: GPL-3.0-or-later
// What a click or the wheel does: as the key that stands there, or in a pane. It never answers whether a host may be
// changed. Pure.
#ifndef BINDWALK_MOUSE_H
#define BINDWALK_MOUSE_H

#include "tui/app.h"

bool mouse_is(const struct key *key);
// Turns a click on a key's name, in the bottom line or the title, into that key. False for anything else.
bool mouse_presses(const struct app *app, struct key *key);
// In a pane: a click selects, and on what is selected does what Enter does, or Space where Enter binds; on a check box
// it toggles, on the heading it focuses and then zooms. The wheel scrolls where the pointer is. Bits of enum dirty.
unsigned mouse_run(struct app *app, const struct key *key);

#endif
