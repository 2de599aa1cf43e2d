// SPDX-License-Identifier: GPL-3.0-or-later
// The events of routes: host_apply() for RTM_NEWROUTE and RTM_DELROUTE. Pure.
#ifndef BINDWALK_HOST_APPLY_ROUTE_H
#define BINDWALK_HOST_APPLY_ROUTE_H

#include "core/observe/host_apply.h"

unsigned host_apply_route(struct host *h, const struct nlmsghdr *m, struct host_apply *a);

// What an event, applied to a newer reading, would leave unknown, going by the host as it was before that reading.
unsigned host_foresee(const struct host *before, const struct nlmsghdr *m);

#endif
