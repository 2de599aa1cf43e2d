// SPDX-License-Identifier: GPL-3.0-or-later
// For a refusal: the smallest changes that would turn it round, each decided again by the model. Pure.
#ifndef BINDWALK_REMEDY_H
#define BINDWALK_REMEDY_H

#include "core/model/facts.h"
#include "core/model/walk.h"

enum { REMEDIES = 8 };

struct remedy {
	char change[120];  // what to do, as a command where there is one
	const char *price; // whom it concerns and which right it needs
	bool verified;     // the model accepts the attempt after it
};

// Fills out[] with the changes that fit this refusal; returns how many. 0 for a success. Reaches the heap only to try a
// route or an address on a copy of the host; out of memory leaves such a remedy unverified.
unsigned remedies(const struct facts *f, const struct walk *w, struct remedy out[static REMEDIES]);

#endif
