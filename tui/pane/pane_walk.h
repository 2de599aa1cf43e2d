// SPDX-License-Identifier: GPL-3.0-or-later
// The walk. Pure.
#ifndef BINDWALK_PANE_WALK_H
#define BINDWALK_PANE_WALK_H

#include "tui/pane/pane.h"

// One row of any walk: a step, or those that fold into it.
void pane_walk_row(const struct inquiry *in, bool unfolded, unsigned row, unsigned width, bool ascii, struct row *out);

extern const struct pane_ops pane_walk;

#endif
