// SPDX-License-Identifier: GPL-3.0-or-later
// Two walks side by side: which steps correspond, and the first one that differs. Pure.
#ifndef BINDWALK_BESIDE_H
#define BINDWALK_BESIDE_H

#include "core/model/walk.h"

enum { BESIDE_ROWS = 2 * WALK_STEPS, BESIDE_NONE = -1 };

struct beside_row {
	int step[2]; // of the first and of the second walk; BESIDE_NONE: it does not take this step here
	// The number under which that walk takes the step, earlier or later; BESIDE_NONE if it never does.
	int elsewhere[2];
	bool differs;
};

struct beside {
	unsigned n;
	struct beside_row row[BESIDE_ROWS];
	unsigned first; // the first row that differs; n if none does
};

// Steps are matched by what they are for, not by their number or name: where IPv4 asks whether the address is
// acceptable, IPv6 looks into the list of addresses. Both walks keep their order.
void walk_beside(const struct walk *first, const struct walk *second, struct beside *out);

// One name for two corresponding steps: their own, or "acceptable" for IPv4's "acceptable" and IPv6's
// "address-list".
const char *beside_role(enum step_id id);

#endif
