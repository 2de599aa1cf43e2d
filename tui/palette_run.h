// SPDX-License-Identifier: GPL-3.0-or-later
// The palette on the screen: opened over any view, typed into, and what Enter does. Pure.
//
// What returns unsigned returns bits of enum dirty.
#ifndef BINDWALK_PALETTE_RUN_H
#define BINDWALK_PALETTE_RUN_H

#include "tui/app.h"

// Opens it, with a text to begin with.
unsigned palette_open(struct app *app, const char *text);
// Back to what was on the screen, which is as it was.
unsigned palette_close(struct app *app);
// Types a key. False for a key that is not text.
bool palette_type(struct app *app, const struct key *key);
// Closes it, and gives the selected command to run, as its key or the typed line would. False where there is none: what
// needs more opens the prompt with it; where it can't run here, the palette stays open and says why.
bool palette_choose(struct app *app, struct command_call *out, unsigned *changed);

#endif
