// SPDX-License-Identifier: GPL-3.0-or-later
// The palette on the screen: opening it over any view, typing into it, running the selected command. Pure.
//
// Functions that return unsigned return bits of enum dirty.
#ifndef BINDWALK_PALETTE_RUN_H
#define BINDWALK_PALETTE_RUN_H

#include "tui/app.h"

// Opens it, with a text to begin with.
unsigned palette_open(struct app *app, const char *text);
// Closes it and restores what was on the screen.
unsigned palette_close(struct app *app);
// Types a key. False for a key that is not text.
bool palette_type(struct app *app, const struct key *key);
// Closes it, and passes on the selected command as its key or the typed line would. False if there is nothing to run: a
// command that needs more input opens the prompt; if it cannot run here, the palette stays open and says why.
bool palette_choose(struct app *app, struct command_call *out, unsigned *changed);

#endif
