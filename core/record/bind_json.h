// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded bind as JSON and back. Pure.
#ifndef BINDWALK_BIND_JSON_H
#define BINDWALK_BIND_JSON_H

#include "core/record/field.h"
#include "core/record/frame_bind.h"

// "agrees", "changed": the word of an enum agreement.
enum { AGREEMENTS = DISAGREES + 1 };
const char *agreement_word(unsigned n);

json_t *bind_json(const struct frame_bind *b);
// Without whose bind it is, which is often the same in all frames.
json_t *bind_caller_json(const struct frame_bind *b);
// The caller frees it; NULL, and an error at its place.
struct frame_bind *bind_json_read(const json_t *bind, const json_t *caller, struct json_place *p);

#endif
