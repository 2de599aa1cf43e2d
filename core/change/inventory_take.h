// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of rtnetlink dumps as edits. A property that the language can't express makes a thing odd, and is named.
// Pure.
#ifndef BINDWALK_INVENTORY_TAKE_H
#define BINDWALK_INVENTORY_TAKE_H

#include <linux/netlink.h>

#include "core/change/inventory.h"

typedef bool inventory_wants(const struct edit *fact, void *data);

struct inventory_link;

// An inventory in the making.
struct inventory_reading {
	struct inventory *out;
	unsigned kinds;         // a set of 1 << edit_kind
	inventory_wants *wants; // NULL: all
	void *data;
	bool has_neighbour;           // veth ends in another namespace are the lab's neighbour's
	struct inventory_link *links; // free() it in the end
	size_t nlinks, links_cap;
};

// Adds what is wanted of a message, whose content is not trusted. Links are only noted: other messages name them by
// index. 0, -ENOMEM or -EBADMSG.
int inventory_take(struct inventory_reading *r, const struct nlmsghdr *m);
// Adds the links, once all have been noted. 0 or -ENOMEM.
int inventory_take_links(struct inventory_reading *r);
// Adds one edit, if it is wanted. 0 or -ENOMEM.
int inventory_take_edit(struct inventory_reading *r, const struct edit *e);

#endif
