// SPDX-License-Identifier: GPL-3.0-or-later
// What a trial and its witness saw, put into the walk of the same attempt. Pure.
#ifndef BINDWALK_MERGE_H
#define BINDWALK_MERGE_H

#include "core/evidence/trial.h"
#include "core/evidence/witness.h"

// What the calls returned, and what the kernel was seen to do meanwhile (NULL: nobody watched; then the host may be
// NULL, too); concludes the walk. What is incomplete (no bind, records lost) is left out, and the walk says why.
void merge_bind(const struct trial *t, const struct seen *seen, const struct host *h, struct walk *w);

#endif
