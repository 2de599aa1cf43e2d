// SPDX-License-Identifier: GPL-3.0-or-later
// Routes and next hops of an inventory.
#ifndef BINDWALK_INVENTORY_ROUTE_H
#define BINDWALK_INVENTORY_ROUTE_H

#include "core/change/inventory_reading.h"

// For nl_dump(); data is the reading.
int reading_nexthop(const struct nlmsghdr *m, void *data);
int reading_route(const struct nlmsghdr *m, void *data);

#endif
