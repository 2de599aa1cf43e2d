// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything stands on a screen of a given size. Pure arithmetic: a resize is to run it again.
#ifndef BINDWALK_LAYOUT_H
#define BINDWALK_LAYOUT_H

#include "tui/view.h"

struct layout layout_compute(const struct layout_wish *wish);
// Rows and columns of a pane's border on each side: 0 or 1.
int layout_border(const struct layout *l, enum pane_id pane);
// Which pane is there? PANE_COUNT for none.
enum pane_id layout_hit(const struct layout *l, int y, int x);

#endif
