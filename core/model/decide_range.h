// SPDX-License-Identifier: GPL-3.0-or-later
// How far a verdict holds. Pure.
#ifndef BINDWALK_DECIDE_RANGE_H
#define BINDWALK_DECIDE_RANGE_H

#include "core/model/facts.h"
#include "core/model/walk.h"

// Adds holds_for: the largest prefix around the address with the same verdict for the same reason, and nobody in it has
// the port.
void decide_range(const struct facts *f, struct walk *w);

#endif
