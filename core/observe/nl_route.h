// SPDX-License-Identifier: GPL-3.0-or-later
// Parses routes: a dump and an event of the same route give the same value. Pure.
#ifndef BINDWALK_NL_ROUTE_H
#define BINDWALK_NL_ROUTE_H

#include <linux/netlink.h>

#include "core/model/host.h"

// As nl_parse_link() for routes (see nl_parse.h).
int nl_parse_route(const struct nlmsghdr *m, struct prefix *dst, struct route_info *out);

#endif
