// SPDX-License-Identifier: GPL-3.0-or-later
// Maps the rows of the walk's pane to steps: steps that bind does not reach fold into one row, so that the result stays
// near. Pure.
#ifndef BINDWALK_WALK_ROWS_H
#define BINDWALK_WALK_ROWS_H

#include "core/model/walk.h"

// How many rows there are. With `unfolded` each step has one.
unsigned walk_rows_count(const struct walk *w, bool unfolded);
// The step of a row; of a folded row, the first.
unsigned walk_rows_step(const struct walk *w, bool unfolded, unsigned row);
// The row of a step.
unsigned walk_rows_of(const struct walk *w, bool unfolded, unsigned step);
// How many steps the row stands for.
unsigned walk_rows_folded(const struct walk *w, bool unfolded, unsigned row);

#endif
