// SPDX-License-Identifier: GPL-3.0-or-later
// What a trace comes to, as JSON. Pure.
#ifndef BINDWALK_TRACE_JSON_H
#define BINDWALK_TRACE_JSON_H

#include <jansson.h>

#include "core/model/trace_summary.h"

// One object. If memory ran out, parts are missing: see json_memory_lost().
json_t *trace_summary_json(const struct trace_summary *s);

#endif
