// SPDX-License-Identifier: GPL-3.0-or-later
// What commands show, where the selected step is explained else. Pure.
#ifndef BINDWALK_APP_OUTPUT_H
#define BINDWALK_APP_OUTPUT_H

#include "tui/app.h"

// Lines of a command's result. A single one becomes the message, more of them the pane of details.
void app_output_begin(struct app *app, const char *title);
void app_output_add(struct app *app, const struct row *row);
unsigned app_output_end(struct app *app);

#endif
