// SPDX-License-Identifier: GPL-3.0-or-later
// What many routes share (the kernel's fib_info, seen from outside), kept once each. Pure.
#ifndef BINDWALK_ROUTE_INFO_H
#define BINDWALK_ROUTE_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct route_info {
	uint32_t table;
	uint32_t metric;
	uint32_t oif;     // the device of the first usable next hop, 0 for none
	uint32_t nhid;    // next hop object, 0 for none
	uint32_t prefsrc; // IPv4: the preferred source, host order, 0 for none
	uint8_t type;     // RTN_*
	uint8_t tos;
	uint8_t protocol; // RTPROT_*
	uint8_t scope;    // RT_SCOPE_*
	uint8_t flags;    // enum route_flag
	bool via;         // a next hop has a gateway
	bool several;     // there is more than one next hop
	// Bit n: a next hop has a device whose index is n modulo 64; all bits when the devices are not known.
	uint64_t devices;
	uint64_t rest; // hash of all other attributes that tell one route from another, such as gateways
};

enum route_flag {
	ROUTE_DEAD = 1,     // IPv4: no next hop is usable (RTNH_F_DEAD on each, or on the route)
	ROUTE_LINKDOWN = 2, // shown only: what counts is ROUTE_DEAD
};

// In all that is kept of them.
bool route_info_equal(const struct route_info *a, const struct route_info *b);
// Do they belong to the same route of a prefix, perhaps at two moments? Ignores what the state of a link changes.
bool route_info_same(const struct route_info *a, const struct route_info *b);
// The kernel's order inside one prefix (fib_find_alias(), net/ipv4/fib_trie.c): table id and TOS descending, metric
// ascending.
int route_info_compare(const struct route_info *a, const struct route_info *b);
// Does a next hop go through this device? With several next hops, sometimes true for a device that none uses.
bool route_info_uses(const struct route_info *i, uint32_t device);

// The infos of all routes of one family, with a count of uses. Unused slots are reused. All zeros: empty.
struct route_infos {
	struct {
		struct route_info info;
		uint32_t uses;
	} * at;
	size_t n, cap, used; // slots, room for them, and those in use
	uint32_t free;       // the first free slot + 1; its info.table is the next one
	uint32_t *hash;      // open addressing; holds slot + 1
	size_t hash_slots;   // a power of two, or 0
};

void route_infos_free(struct route_infos *t);
// Forgets all infos; keeps the memory.
void route_infos_clear(struct route_infos *t);
// 0 or -ENOMEM, and *out is empty.
int route_infos_copy(const struct route_infos *t, struct route_infos *out);
// The slot of an equal info, or SIZE_MAX.
size_t route_infos_find(const struct route_infos *t, const struct route_info *info);
// One more use of an info, which is added when there is none like it. 0 and its slot, or -ENOMEM.
int route_infos_take(struct route_infos *t, const struct route_info *info, uint32_t *slot);
// One use less.
void route_infos_drop(struct route_infos *t, uint32_t slot);
// Call after changing infos in place.
void route_infos_rehash(struct route_infos *t);

#endif
