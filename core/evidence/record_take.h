// SPDX-License-Identifier: GPL-3.0-or-later
// What the record of a bind says, in the model's terms. Pure.
#ifndef BINDWALK_RECORD_TAKE_H
#define BINDWALK_RECORD_TAKE_H

#include "core/evidence/bind_probe.h"
#include "core/model/bind_event.h"

// The calls in a record of `len` bytes.
void record_calls(const struct bind_record *r, size_t len, const struct function_sets *sets, struct witnessed *out);

// All of it; `clock` is the difference of the wall clock to the record's, in nanoseconds. A socket of a family or kind
// that Bindwalk does not know is not known. unit and container are left for the caller.
void record_event(const struct bind_record *r, size_t len, const struct function_sets *sets, int64_t clock,
		  struct bind_event *out);

#endif
