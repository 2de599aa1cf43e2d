// SPDX-License-Identifier: GPL-3.0-or-later
// The commands about the second walk and the matrix. Pure.
//
// Each returns bits of enum dirty, or 0 and -EINVAL with a sentence in err: see the tables of tui/app_run.c.
#ifndef BINDWALK_COMPARE_RUN_H
#define BINDWALK_COMPARE_RUN_H

#include "tui/app.h"

int compare_with(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
int compare_counterpart(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
unsigned compare_pin(struct app *app, const struct command_call *call);
unsigned compare_cell(struct app *app, const struct command_call *call);
// A click on the matrix or on two walks: selects the column there. True: it was selected before.
bool compare_click(struct app *app, enum pane_id pane, int x);
// The selection in the second walk or in the matrix went to another line.
unsigned compare_moved(struct app *app);

#endif
