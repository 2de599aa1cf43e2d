// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that the explorer hands over to the session: what they show comes back to the screen.
#ifndef BINDWALK_COMMANDS_H
#define BINDWALK_COMMANDS_H

#include "core/session.h"
#include "tui/app.h"

// Carries app->command out.
void commands_run(struct app *app, struct session *s);
// Makes a command of app->sysctl; false when there is none.
bool commands_sysctl(struct app *app);

#endif
