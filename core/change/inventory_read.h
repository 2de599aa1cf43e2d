// SPDX-License-Identifier: GPL-3.0-or-later
// Reads what exists in the namespace of the calling thread.
#ifndef BINDWALK_INVENTORY_READ_H
#define BINDWALK_INVENTORY_READ_H

#include "core/change/inventory_take.h"

// Reads what there is in the namespace of the calling thread: of the kinds in a set of 1 << edit_kind, what `wants` (NULL: all)
// takes. 0 or -errno; then *out is empty.
int inventory_read(struct inventory *out, unsigned kinds, inventory_wants *wants, void *data);
// What of the namespace it takes to tell how to take e back; or, with `back`, whether that is done.
int inventory_read_around(struct inventory *out, const struct edit *e, const struct inventory *back);

#endif
