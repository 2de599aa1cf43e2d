// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change the attempt. Pure.
#ifndef BINDWALK_APP_ATTEMPT_H
#define BINDWALK_APP_ATTEMPT_H

#include "tui/app.h"

int app_run_attempt(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);

#endif
