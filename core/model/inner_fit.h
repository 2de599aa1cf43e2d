// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what the kernel's functions returned is what a step of the walk says of them. Pure.
#ifndef BINDWALK_INNER_FIT_H
#define BINDWALK_INNER_FIT_H

#include "core/model/walk.h"

// False where a function that the step stands for ran and should not have, or the other way round, or returned something
// else. What was not watched, and what the step itself could not tell, fits.
bool inner_fits(const struct walk *w, unsigned step);

#endif
