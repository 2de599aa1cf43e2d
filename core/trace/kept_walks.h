// SPDX-License-Identifier: GPL-3.0-or-later
// The walks of the last binds of a trace, as they were made: by the number of the bind in its log.
#ifndef BINDWALK_KEPT_WALKS_H
#define BINDWALK_KEPT_WALKS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/evidence/event_walk.h"

enum { KEPT_WALKS = 64 };

struct kept_walk {
	uint64_t number;
	struct event_walk *walk; // NULL: none
	size_t bytes;            // about
};

struct kept_ring {
	struct kept_walk at[KEPT_WALKS];
	uint64_t ever, first; // the first that is there
};

// Those of binds that were refused do not make room for others. Begins zeroed.
struct kept_walks {
	struct kept_ring refused, others;
	size_t bytes;
};

// Takes the walk over. The oldest ones make room, also where the hosts that they were decided on are large.
void kept_walks_add(struct kept_walks *k, uint64_t number, bool refused, struct event_walk *walk);
// NULL where it is not kept, or there was none.
struct event_walk *kept_walks_find(const struct kept_walks *k, uint64_t number);
void kept_walks_free(struct kept_walks *k);

#endif
