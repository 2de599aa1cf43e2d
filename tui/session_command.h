// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that the explorer hands over to the session: what they show comes back to the screen.
#ifndef BINDWALK_SESSION_COMMAND_H
#define BINDWALK_SESSION_COMMAND_H

#include "core/command/session.h"
#include "tui/app.h"

// Carries app->command out.
enum exit_status session_command_run(struct app *app, struct session *s);
// Makes a command of app->sysctl; false when there is none.
bool session_command_sysctl(struct app *app);

#endif
