// SPDX-License-Identifier: GPL-3.0-or-later
// Binds that were seen, and calls around them, counted by call, program, address, namespace and errno. Pure.
#ifndef BINDWALK_EVENT_COUNT_H
#define BINDWALK_EVENT_COUNT_H

#include "core/model/bind_event.h"
#include "core/model/event_verdict.h"

struct event_group {
	uint64_t times;
	int64_t first, last;          // bind_event.when
	struct bind_event *event;     // the last of them
	struct event_verdict verdict; // the last that there was
};

enum { EVENT_GROUPS = 4096 };

// Begins zeroed.
struct event_counts {
	struct event_group *groups;
	size_t n, cap;
	uint32_t *index; // by hash: a group's place + 1
	uint64_t total;
	uint64_t others; // of these the ones for which there was no group left, or no memory
};

// `v` may be NULL.
void event_count(struct event_counts *c, const struct bind_event *e, const struct event_verdict *v);
// The group that it would be counted in, as it is now; NULL for a new one. Good until the next one is counted.
const struct event_group *event_count_find(struct event_counts *c, const struct bind_event *e);
// Would both be counted in one group?
bool event_count_same(const struct bind_event *a, const struct bind_event *b);
// Are they calls of one program for one address and port, however they ended and whatever the sockets had set?
bool event_count_same_place(const struct bind_event *a, const struct bind_event *b);
// The worst first: what was refused, and of that what happened most often. Nothing can be counted after it.
void event_count_sort(struct event_counts *c);
void event_count_free(struct event_counts *c);

#endif
