// SPDX-License-Identifier: GPL-3.0-or-later
// Which objects of a host a pane lists, and in which order, as plain numbers: a million routes are never formatted,
// only the lines on the screen are. Pure.
#ifndef BINDWALK_HOST_ITEMS_H
#define BINDWALK_HOST_ITEMS_H

#include "core/model/host_change.h"
#include "core/model/identity.h"
#include "core/model/walk.h"

enum { ITEMS_EXTRA = 8 };

struct host_items {
	struct ref_item {
		uint32_t second : 1; // links: an address, not a link. Routes: IPv6, not IPv4
		uint32_t index : 31; // into the host's array
	} * item;
	size_t count, cap;
	struct ref_item extra[ITEMS_EXTRA]; // listed only because the walk points at them
	unsigned nextra;
};

void host_items_free(struct host_items *t);

// Each link with its addresses under it. 0 or -ENOMEM (then empty).
int host_items_build_links(struct host_items *t, const struct host *h);
// The routes that can make an address local: table local, and the types local, broadcast, multicast and anycast of any
// table; IPv4 first, each family in the host's order. 0 or -ENOMEM (then empty).
int host_items_build_routes(struct host_items *t, const struct host *h);
// Is it one of them?
bool host_items_lists(const struct route_info *r);
// Takes over one change of a route; call it for all of them, in order. Says which item was inserted or removed
// (SIZE_MAX: none). 0; or -ENOMEM, and the list must be built again.
struct items_change {
	size_t inserted, removed;
};
int host_items_change_route(struct host_items *t, const struct host_change *c, struct items_change *out);
// The items of all routes of a prefix, from *first until before *end.
void host_items_of_prefix(const struct host_items *t, const struct host *h, const struct prefix *p, size_t *first,
			  size_t *end);
// Lists the routes that the walk points at too, and no longer those that an earlier walk did. 1 when that changed the
// list, 0 when not, -ENOMEM.
int host_items_point_routes(struct host_items *t, const struct walk *w);

// The item of an object, SIZE_MAX when it is not listed.
size_t host_items_find_link(const struct host_items *t, const struct ref *ref);
size_t host_items_find_route(const struct host_items *t, const struct ref *ref);

#endif
