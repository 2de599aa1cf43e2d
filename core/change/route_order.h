// SPDX-License-Identifier: GPL-3.0-or-later
// Of IPv4 routes and of rules that are equal in what a lookup goes by, the first one counts: their order is a part of
// the state.
#ifndef BINDWALK_ROUTE_ORDER_H
#define BINDWALK_ROUTE_ORDER_H

#include "core/change/change.h"
#include "core/change/inventory.h"

// Brings those that stand side by side in `wanted` into its order, in the namespace of the calling thread. None is away
// for longer than it takes to move it. 0 or -errno.
int route_order_restore(struct changer *c, const struct inventory *wanted);

#endif
