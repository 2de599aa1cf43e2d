// SPDX-License-Identifier: GPL-3.0-or-later
// A host that differs from another one in a few objects and borrows the rest, for trying a change. For one
// destination only the routes that cover it are copied, so it is cheap on a host of any size. Pure.
#ifndef BINDWALK_HOST_OVERLAY_H
#define BINDWALK_HOST_OVERLAY_H

#include "core/model/host.h"

struct overlay {
	struct host host; // as changed; valid as long as the base is
	bool own_links, own_addrs, own_routes4, own_routes6;
};

// Sysctls may be changed in o->host as they are.
void overlay_begin(struct overlay *o, const struct host *base);
void overlay_end(struct overlay *o);

// Each is 0 or -ENOMEM. The link with that index, to be changed; NULL for none or without memory.
struct link *overlay_link(struct overlay *o, uint32_t index);
// The addresses, to be changed.
int overlay_own_addrs(struct overlay *o);
int overlay_add_addr(struct overlay *o, const struct host_addr *a);
// Puts an IPv4 route where the kernel puts a new one. From then on lookups are right for `dst` (host order) alone.
int overlay_add_route4(struct overlay *o, uint32_t dst, const struct prefix *p, const struct route_info *info);
// The same for an IPv6 route.
int overlay_add_route6(struct overlay *o, const struct addr *dst, const struct prefix *p,
		       const struct route_info *info);
// The host without one of the base's IPv4 routes: its place there. As above.
int overlay_remove_route4(struct overlay *o, uint32_t dst, size_t route);

#endif
