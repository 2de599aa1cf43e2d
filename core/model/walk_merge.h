// SPDX-License-Identifier: GPL-3.0-or-later
// The one way for what a real bind showed into the walk of its attempt, be it now or recorded. Pure.
#ifndef BINDWALK_WALK_MERGE_H
#define BINDWALK_WALK_MERGE_H

#include "core/model/walk.h"

// What one call before bind() returned.
struct call_seen {
	int ret, err;
};

struct bind_seen {
	unsigned ncalls; // of socket() and each setsockopt() that was made, by step of the walk
	struct call_seen calls[ATTEMPT_SETTINGS + 1];
	struct {
		bool present; // false: nobody called
		enum call call;
		int err;
		struct addr local;
		uint16_t port;
		uint32_t scope;
	} observed;
	struct {
		bool present; // the kernel's lookups were seen
		unsigned count;
		uint32_t table, oif;
		int err; // errno
	} lookups;
	const char *unwitnessed;       // see struct walk
	const struct witnessed *inner; // NULL: nobody watched
};

// Puts all of it in the place of what was merged before, and concludes the walk. What the model predicts and what the
// kernel was asked stays.
void walk_merge(struct walk *w, const struct bind_seen *seen);

#endif
