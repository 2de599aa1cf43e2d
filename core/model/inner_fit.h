// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what the kernel's functions returned is what a step of the walk says of them. Pure.
#ifndef BINDWALK_INNER_FIT_H
#define BINDWALK_INNER_FIT_H

#include "core/model/walk.h"

// Merges it: sets w->inner, and claims[EV_KERNEL] of each step of which it says something (of_calls). Where that is not
// what the model says, the claim contradicts. Call it after walk_observe() and walk_witness(), and then
// walk_conclude().
void walk_witness_inner(struct walk *w, const struct witnessed *inner);

// Of one step: false where a function that it stands for ran and should not have, or the other way round, or returned
// something else. What was not watched, and what the step itself could not tell, fits.
bool inner_fits(const struct walk *w, unsigned step);

#endif
