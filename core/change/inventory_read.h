// SPDX-License-Identifier: GPL-3.0-or-later
// Reads what exists in the namespace of the calling thread.
#ifndef BINDWALK_INVENTORY_READ_H
#define BINDWALK_INVENTORY_READ_H

#include "core/change/inventory_take.h"

// Of the kinds in a set of 1 << edit_kind what `wants` (NULL: all) takes. 0 or -errno; then *out is empty, here as
// below.
int inventory_read(struct inventory *out, unsigned kinds, inventory_wants *wants, void *data);
// What e may change, or remove along with it.
int inventory_read_around(struct inventory *out, const struct edit *e);
// The objects of e and of the edits in `of`, and all addresses.
int inventory_read_objects(struct inventory *out, const struct edit *e, const struct inventory *of);

#endif
