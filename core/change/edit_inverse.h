// SPDX-License-Identifier: GPL-3.0-or-later
// What takes a change back. Pure.
#ifndef BINDWALK_EDIT_INVERSE_H
#define BINDWALK_EDIT_INVERSE_H

#include "core/change/inventory.h"

// Makes the deletion of a route or rule one of the very thing that the kernel takes for it: the first that fits.
void inventory_resolve(const struct inventory *now, struct edit *e);

// Appends to `out`, in order, what takes e back if it is made in `now`: its opposite, then whatever the kernel may take away
// along with it, and in either case what has the same key as a route or rule, in their order. Each is to be made only where it
// does not hold by then. 0; -EEXIST or -ENOENT when there is nothing to make or to take away; -EALREADY when e holds already
// and makes no difference; -EOPNOTSUPP when there is no way back; with a sentence in err. -ENOMEM.
int inventory_inverse(const struct inventory *now, const struct edit *e, struct inventory *out, char *err,
		      size_t errlen);

#endif
