// SPDX-License-Identifier: GPL-3.0-or-later
// Reads $XDG_CONFIG_HOME/bindwalk/config when the explorer starts.
#ifndef BINDWALK_SETTINGS_READ_H
#define BINDWALK_SETTINGS_READ_H

#include "core/command/script.h"
#include "tui/app.h"

// Reads the user's file, where there is one; of one that can't be used the app's message says why.
void settings_read(struct app *app);
// Applies the lines of a script. Returns how many were wrong; the app's message is about the first.
unsigned settings_run(struct app *app, struct script *script);

#endif
