// SPDX-License-Identifier: GPL-3.0-or-later
// Adds one message of a dump to a host. Pure.
#ifndef BINDWALK_HOST_TAKE_H
#define BINDWALK_HOST_TAKE_H

#include <linux/netlink.h>

#include "core/model/host.h"

// The parts of a host: each is read, and goes out of date, separately.
enum dump_kind {
	DUMP_LINKS = 1,
	DUMP_ADDRS = 2,
	DUMP_RULES = 4, // and which IPv4 tables exist, and whether they share a trie
	DUMP_ROUTES4 = 8,
	DUMP_ROUTES6 = 16,
	DUMP_PROC = 32, // sysctls, kernel, host name
	DUMP_ALL = 63
};

// IPv4 addresses from one to the other, in host order.
struct dump_edge {
	uint32_t from, to;
};

// Adds the object of an RTM_NEW... message. Call it in the order of the dump, links and the state of the tries before
// routes, and host_sort() at the end. Skips other messages, and routes that bind never asks for (host_wants4(),
// host_wants6()). 0, -ENOMEM or -EBADMSG.
int host_take(struct host *h, const struct nlmsghdr *m);

// Is it the table of a VRF? 0 never is.
bool host_has_vrf_table(const struct host *h, uint32_t table);
// Does a host of this state keep routes of the table?
bool host_wants4(const struct host *h, uint32_t table);
bool host_wants6(const struct host *h, uint32_t table, uint8_t type);

// Replaces a link's other names with those in a message about it. h is sorted. 1 if they changed, 0, or -ENOMEM.
int host_take_altnames(struct host *h, uint32_t index, const struct nlmsghdr *m);
void host_drop_altnames(struct host *h, uint32_t index);

#endif
