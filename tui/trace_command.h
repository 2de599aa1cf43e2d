// SPDX-License-Identifier: GPL-3.0-or-later
// The command `trace`, and which binds the view of binds shows. Pure.
//
// Those that return unsigned return bits of enum dirty.
#ifndef BINDWALK_TRACE_COMMAND_H
#define BINDWALK_TRACE_COMMAND_H

#include "tui/app.h"

// An app_run() function.
int trace_command(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// Shows the binds of the traced program, or else those of all programs.
unsigned trace_show(struct app *app, bool on);
// Shows those that succeed as well, or no more.
unsigned trace_toggle_all(struct app *app);
// Is a program traced at present?
bool trace_goes_on(const struct app *app);
// The program wrote something, or its status is another one.
void trace_changed(struct app *app);

#endif
