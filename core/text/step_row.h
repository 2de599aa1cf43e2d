// SPDX-License-Identifier: GPL-3.0-or-later
// A step's row where there is little room. Pure.
#ifndef BINDWALK_STEP_ROW_H
#define BINDWALK_STEP_ROW_H

#include "core/text/rows.h"

// An answer is what stands behind the arrow: where the row has too little room, the middle goes rather than the end.
void step_row_fit(struct row *r, unsigned width, bool ascii);
// Appends bytes [from, to) of a row, clipped with an ellipsis to so many columns and filled up to them.
void step_row_cell(struct row *out, const struct row *r, size_t from, size_t to, unsigned width);

#endif
