// SPDX-License-Identifier: GPL-3.0-or-later
// A walk as JSON. Pure.
#ifndef BINDWALK_REPORT_JSON_H
#define BINDWALK_REPORT_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "core/model/facts.h"
#include "core/model/walk.h"

// A new value. If memory ran out, parts are missing: see json_memory_lost().
json_t *report_json_walk(const struct facts *f, const struct walk *w);
// The same as text. 0 or -errno, also when the text is not whole.
int report_json(const struct facts *f, const struct walk *w, FILE *out);

#endif
