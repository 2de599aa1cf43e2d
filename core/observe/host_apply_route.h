// SPDX-License-Identifier: GPL-3.0-or-later
// Events about routes. Pure.
#ifndef BINDWALK_HOST_APPLY_ROUTE_H
#define BINDWALK_HOST_APPLY_ROUTE_H

#include <linux/netlink.h>

#include "core/observe/applying.h"

// host_apply() for RTM_NEWROUTE and RTM_DELROUTE.
unsigned host_apply_route(struct host *h, const struct nlmsghdr *m, struct host_apply *a);

// Before a reading replaces this host: which parts would the event leave unknown if it were applied to that reading
// (enum dump_kind)?
unsigned host_foresee(const struct host *before, const struct nlmsghdr *m);

#endif
