// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies in the order that helps somebody who runs a program and did not write it: time, what its configuration
// can say, its unit, the host, and only then its code. Port 0 comes last, behind what leaves another obstacle. Pure.
#ifndef BINDWALK_REMEDY_ORDER_H
#define BINDWALK_REMEDY_ORDER_H

#include "core/model/remedy_value.h"

enum remedy_way {
	WAY_SPELLED, // the program's own configuration
	WAY_UNIT,    // its systemd unit
	WAY_HOST,    // outside of it: the host, another program, time
	WAY_CODE     // its code, for all that is known
};

struct remedy_choice {
	const struct remedy *remedy; // lent
	enum remedy_way way;
	char spelled[SPELLING_TEXT]; // WAY_SPELLED, WAY_UNIT: what to write there
};

// `p` may be PROGRAM_COUNT: not known, so its code may be the reader's own, and the order is the model's. Leaves out
// what no one but the author of a known program can do, what leaves another obstacle, where there is something else,
// and what the program spells as an earlier one. Returns how many.
unsigned remedy_order(const struct remedy *all, unsigned n, enum program p, const char *unit,
		      struct remedy_choice out[static REMEDIES]);

#endif
