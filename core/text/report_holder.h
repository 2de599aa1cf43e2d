// SPDX-License-Identifier: GPL-3.0-or-later
// The socket that holds a walk's port, as rows. Pure.
#ifndef BINDWALK_REPORT_HOLDER_H
#define BINDWALK_REPORT_HOLDER_H

#include "core/model/facts.h"
#include "core/model/walk.h"
#include "core/text/rows.h"

// Line n about the holder and the condition of sharing that fails, wrapped to `width` columns; with
// `detail` like the inputs of a step's details. False after the last line.
bool report_holder(const struct facts *f, const struct walk *w, bool detail, unsigned width, unsigned n,
		   struct row *out);

#endif
