// SPDX-License-Identifier: GPL-3.0-or-later
// What was witnessed inside of a bind, as JSON and back. Pure.
#ifndef BINDWALK_WITNESSED_JSON_H
#define BINDWALK_WITNESSED_JSON_H

#include "core/model/kernel_call.h"
#include "core/record/field.h"

json_t *witnessed_json(const struct witnessed *w);
// `out` begins zeroed; `from` may be NULL. False, and an error at its place, where it is not what witnessed_json()
// makes: every function has a name that this version knows, and there are no more calls than a bind keeps.
bool witnessed_json_read(const json_t *from, struct json_place *p, struct witnessed *out);

#endif
