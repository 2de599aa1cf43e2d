// SPDX-License-Identifier: GPL-3.0-or-later
// The palette on the screen: opened over any view, typed into, and what Enter does. Pure.
//
// Each returns bits of enum dirty.
#ifndef BINDWALK_PALETTE_RUN_H
#define BINDWALK_PALETTE_RUN_H

#include "tui/app.h"

// Opens it, with a text to begin with.
unsigned palette_open(struct app *app, const char *text);
// Back to what was on the screen, which is as it was.
unsigned palette_close(struct app *app);
// Types a key. False for a key that is not text.
bool palette_type(struct app *app, const struct key *key);
// Runs the selected command, as its key or the typed line would; what needs more opens the prompt with it. Stays open
// where it can't run here, and says why. 0 or -EINVAL with a sentence in err.
int palette_choose(struct app *app, char *err, size_t errlen, unsigned *changed);

#endif
