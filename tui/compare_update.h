// SPDX-License-Identifier: GPL-3.0-or-later
// The panes of the second walk and the matrix follow the present walk. Pure.
#ifndef BINDWALK_COMPARE_UPDATE_H
#define BINDWALK_COMPARE_UPDATE_H

#include "tui/app.h"

// The current walk or its evidence changed.
void compare_take(struct app *app);
// A view was opened: computes what it shows, and selects the first difference.
void compare_opened(struct app *app);

#endif
