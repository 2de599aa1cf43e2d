// SPDX-License-Identifier: GPL-3.0-or-later
// What was witnessed of a walk, as JSON. Pure.
#ifndef BINDWALK_REPORT_JSON_CALLS_H
#define BINDWALK_REPORT_JSON_CALLS_H

#include <jansson.h>

#include "core/model/facts.h"
#include "core/model/walk.h"

// What the kernel was seen to do at a step: NULL where nothing was seen of it. Its lookups have "lookups", "table",
// "device" and "errno"; its functions "calls" and "did_not_run".
json_t *report_json_kernel(const struct facts *f, const struct walk *w, unsigned step);

// Who watched: "tier" (bpf, or tracepoints), what is "missing", and the functions that were "not_watched". null where
// nobody did.
json_t *report_json_witness(const struct walk *w);

// Which hook was seen to refuse the bind or to change it: "who", and its "call" or null. NULL where none was.
json_t *report_json_hook(const struct facts *f, const struct walk *w);

#endif
