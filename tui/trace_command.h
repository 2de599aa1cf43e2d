// SPDX-License-Identifier: GPL-3.0-or-later
// The command `trace`. Pure.
#ifndef BINDWALK_TRACE_COMMAND_H
#define BINDWALK_TRACE_COMMAND_H

#include "tui/app.h"

// An app_run() function.
int trace_command(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// The program wrote something, or its status is another one.
void trace_changed(struct app *app);

#endif
