// SPDX-License-Identifier: GPL-3.0-or-later
// Going from section to section of the help. Pure.
#ifndef BINDWALK_HELP_RUN_H
#define BINDWALK_HELP_RUN_H

#include "tui/app.h"

// The commands `section N`, `section next` and `section back`; opens the help if it is not open. Bits of enum dirty.
unsigned help_run(struct app *app, const struct command_call *call);

#endif
