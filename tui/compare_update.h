// SPDX-License-Identifier: GPL-3.0-or-later
// The panes of the second walk and the matrix follow the present walk. Pure.
#ifndef BINDWALK_COMPARE_UPDATE_H
#define BINDWALK_COMPARE_UPDATE_H

#include "tui/app.h"

// The present walk is another one, or has other evidence.
void compare_take(struct app *app);
// One of the views was opened: works out what it shows, and goes to where both walks part.
void compare_opened(struct app *app);

#endif
