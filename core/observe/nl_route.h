// SPDX-License-Identifier: GPL-3.0-or-later
// Routes of netlink messages as values, so that a dump and an event of one route give the same. Pure.
#ifndef BINDWALK_NL_ROUTE_H
#define BINDWALK_NL_ROUTE_H

#include <linux/netlink.h>

#include "core/model/host.h"

// As nl_parse_link() for routes (see nl_parse.h).
int nl_parse_route(const struct nlmsghdr *m, struct prefix *dst, struct route_info *out);

#endif
