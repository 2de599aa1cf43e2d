// SPDX-License-Identifier: GPL-3.0-or-later
// The next call after a bind that succeeds, as rows and as JSON. Pure.
#ifndef BINDWALK_REPORT_NEXT_H
#define BINDWALK_REPORT_NEXT_H

#include <jansson.h>

#include "core/model/next_call.h"
#include "core/text/rows.h"

// Line n about the next call, wrapped to `width` columns: "next" where it is predicted, "then" where
// it was made. False after the last line.
bool report_next(const struct facts *f, const struct walk *w, unsigned width, unsigned n, struct row *out);
// The same as an array; a new value.
json_t *next_json(const struct facts *f, const struct walk *w);

#endif
