// SPDX-License-Identifier: GPL-3.0-or-later
// Which commands the view of binds does not carry out. Pure.
#ifndef BINDWALK_BIND_KEEP_H
#define BINDWALK_BIND_KEEP_H

#include "tui/app.h"

// In the view of binds, is the command about the attempt, which is not what the screen shows? It is not carried out.
bool bind_keeps_back(const struct app *app, enum command_id id);
// Why, and how to go on. Returns buf.
char *bind_kept_back(const struct app *app, enum command_id id, char *buf, size_t len);

#endif
