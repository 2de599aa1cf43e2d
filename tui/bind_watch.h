// SPDX-License-Identifier: GPL-3.0-or-later
// Which binds the view of binds shows. Pure.
//
// Those that return unsigned return bits of enum dirty.
#ifndef BINDWALK_BIND_WATCH_H
#define BINDWALK_BIND_WATCH_H

#include "tui/app.h"

// An app_run() function: `watch`.
int bind_watch(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// Shows the binds of the traced program, or else those of all programs.
unsigned bind_show_traced(struct app *app, bool on);

#endif
