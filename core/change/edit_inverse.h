// SPDX-License-Identifier: GPL-3.0-or-later
// What undoes a change: predicted on a host, observed in a lab. Pure.
#ifndef BINDWALK_EDIT_INVERSE_H
#define BINDWALK_EDIT_INVERSE_H

#include "core/change/inventory.h"

// For a lab: may e be made in `now`? Not if it removes something odd, which nobody could make again, or moves it among
// those with its key. 0, or -EOPNOTSUPP with a sentence in err.
int edit_check(const struct inventory *now, const struct edit *e, char *err, size_t errlen);

// For a host: appends to `back` what undoes e if it is made in `now`, and turns the deletion of a route or rule into
// that of the one which the kernel would remove. 0; -EEXIST or -ENOENT when there is nothing to make or to remove;
// -EALREADY when e changes nothing; -EOPNOTSUPP when its opposite would not give back everything exactly; all with a
// sentence in err. -ENOMEM.
int edit_inverse(const struct inventory *now, struct edit *e, struct inventory *back, char *err, size_t errlen);

// Can these be the steps with which edit_inverse() undoes e, in whatever state it was made? A text that says so may be
// somebody else's.
bool edit_is_undone_by(const struct edit *e, const struct inventory *back);

// For a lab: appends to `back`, in order, the steps from `after` to `before`, except for what the kernel makes and
// removes on its own. Turns the deletion of a route or rule into that of the one the kernel removed. 0 or -ENOMEM.
int edit_way_back(const struct inventory *before, const struct inventory *after, struct edit *e,
		  struct inventory *back);

#endif
