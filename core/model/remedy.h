// SPDX-License-Identifier: GPL-3.0-or-later
// For a refusal: what turns it round, or removes this obstacle so that the next one shows. Each is a changed attempt,
// host, caller or question that the model has decided again. Pure.
#ifndef BINDWALK_REMEDY_H
#define BINDWALK_REMEDY_H

#include "core/model/facts.h"
#include "core/model/remedy_value.h"
#include "core/model/walk.h"

// Fills out[] for a refusal, cheapest first, those that leave an obstacle last; returns how many: 0 for a success, and
// where nothing is known to help. Reaches the heap to try an address, a route or a link; without memory such a remedy
// is left out.
unsigned remedies(const struct facts *f, const struct walk *w, struct remedy out[static REMEDIES]);

// Why there is none, in one sentence; NULL for a success.
const char *remedy_none(const struct walk *w);

#endif
