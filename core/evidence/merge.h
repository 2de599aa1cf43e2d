// SPDX-License-Identifier: GPL-3.0-or-later
// Puts what was observed and witnessed into the walk of the same attempt. Pure.
#ifndef BINDWALK_MERGE_H
#define BINDWALK_MERGE_H

#include "core/evidence/trial.h"
#include "core/evidence/witness.h"

// What the calls returned; then concludes the walk.
void merge_trial(const struct trial *t, struct walk *w);

// What was seen, as evidence of the classify step; then concludes the walk. What is incomplete (no bind, records lost)
// is left out, and the walk says why. Call it after merge_trial().
void merge_seen(const struct seen *seen, const struct host *h, struct walk *w);

#endif
