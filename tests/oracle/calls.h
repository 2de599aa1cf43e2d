// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's functions against the walk: each call that was seen inside of a bind, with its return value.
#ifndef BINDWALK_CALLS_H
#define BINDWALK_CALLS_H

#include "core/model/walk.h"

struct calls_tally {
	unsigned long binds;                      // those that were seen from inside
	unsigned long compared[KERNEL_FUNCTIONS]; // calls
	unsigned long silent[KERNEL_FUNCTIONS];   // binds in which a function that is watched did not run
	struct function_sets sets;
};

// Does each function say what the walk says? `err` is what bind returned. Where it does not, *why names it.
bool calls_agree(const struct walk *w, const struct host *h, int err, struct calls_tally *t, const char **why);

// As TAP comments.
void calls_print(const struct calls_tally *t);

#endif
