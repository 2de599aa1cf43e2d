// SPDX-License-Identifier: GPL-3.0-or-later
// What undoes a change: told beforehand on a host, seen afterwards in a lab. Pure.
#ifndef BINDWALK_EDIT_INVERSE_H
#define BINDWALK_EDIT_INVERSE_H

#include "core/change/inventory.h"

// For a lab: may e be made in `now`? Not where it takes away something odd, which could not be made again, or moves such a thing
// among those of its key. 0, or -EOPNOTSUPP with a sentence in err.
int edit_check(const struct inventory *now, const struct edit *e, char *err, size_t errlen);

// For a host: appends to `back` what undoes e if it is made in `now`, and makes the deletion of a route or rule one of the very
// thing that the kernel takes for it. 0; -EEXIST or -ENOENT when there is nothing to make or to take away; -EALREADY when e holds
// already and makes no difference; -EOPNOTSUPP when the opposite would not give back everything exactly; with a sentence in err.
// -ENOMEM.
int edit_inverse(const struct inventory *now, struct edit *e, struct inventory *back, char *err, size_t errlen);

// For a lab: appends to `back`, in order, what leads from `after` to `before`, of what e took or brought. What the kernel makes
// and takes along by itself is left to it. Makes the deletion of one route or rule that of the very one. 0 or -ENOMEM.
int edit_way_back(const struct inventory *before, const struct inventory *after, struct edit *e,
		  struct inventory *back);

#endif
