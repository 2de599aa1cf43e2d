// SPDX-License-Identifier: GPL-3.0-or-later
// The last binds that were seen on this host, by number. Pure.
#ifndef BINDWALK_BIND_LOG_H
#define BINDWALK_BIND_LOG_H

#include "core/model/bind_event.h"

enum { BIND_LOG = 2000 };

// The last BIND_LOG of them. Begins zeroed.
struct bind_log {
	struct bind_event *at;
	size_t cap;
	bool full;     // grows no more
	uint64_t ever; // the number of the next one
};

void bind_log_free(struct bind_log *l);
// Its number; UINT64_MAX if memory ran out.
uint64_t bind_log_add(struct bind_log *l, const struct bind_event *e);
// NULL if the log no longer has it.
const struct bind_event *bind_log_at(const struct bind_log *l, uint64_t number);
// The number of the oldest one: how many had to make room.
uint64_t bind_log_first(const struct bind_log *l);

#endif
