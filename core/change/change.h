// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of the network namespace that the calling thread is in. The caller answers for being allowed to: a lab, a test's own
// namespace, or a confirmed edit.
#ifndef BINDWALK_CHANGE_H
#define BINDWALK_CHANGE_H

#include "core/model/host.h"

struct changer;

int change_open(struct changer **out); // 0 or -errno
void change_close(struct changer *c);
// The kernel's own words on the last refusal (extended ACK), "" for none.
const char *change_why(const struct changer *c);

// Each returns 0 or -errno as the kernel gave it.
int change_link_up(struct changer *c, const char *name, bool up);
int change_link_del(struct changer *c, const char *name);
// The peer goes into another namespace when peer_netns >= 0.
int change_veth_add(struct changer *c, const char *name, const char *peer, int peer_netns);
int change_vrf_add(struct changer *c, const char *name, uint32_t table);
int change_dummy_add(struct changer *c, const char *name);
// The next interface that is made has this index, if it is free, and its peer that one; 0: the kernel chooses, as always else.
void change_want_index(struct changer *c, uint32_t index, uint32_t peer);
// The kernel makes no link-local address by itself when the link comes up (IN6_ADDR_GEN_MODE_NONE).
int change_link_no_autoaddr(struct changer *c, const char *name);
int change_link_master(struct changer *c, const char *name, const char *master); // NULL: none
int change_link_mtu(struct changer *c, const char *name, uint32_t mtu);
// flags: IFA_F_NODAD, IFA_F_OPTIMISTIC ... preferred: seconds, UINT32_MAX for ever. broadcast may be NULL.
int change_addr_add(struct changer *c, const char *dev, const struct addr *a, unsigned prefixlen, uint32_t flags,
		    uint32_t preferred, const struct addr *broadcast);
int change_addr_del(struct changer *c, const char *dev, const struct addr *a, unsigned prefixlen);

// The same with all that an address can have.
struct addr_change {
	struct addr addr;
	uint8_t len;
	uint32_t flags;                      // IFA_F_*
	uint32_t valid, preferred;           // seconds, UINT32_MAX for ever
	const struct addr *broadcast, *peer; // NULL for none
	int scope;                           // RT_SCOPE_*, -1 for what iproute2 would choose
};
int change_addr(struct changer *c, bool add, const char *dev, const struct addr_change *a);

struct route_change {
	struct prefix dst;
	uint8_t type; // RTN_*
	uint8_t tos;
	uint32_t table; // 0: local for local, broadcast and anycast types, else main, as iproute2 does
	uint32_t metric;
	const char *dev;        // NULL for none
	const struct addr *via; // NULL for none
	uint32_t nhid;
	bool append, replace; // NLM_F_APPEND, NLM_F_REPLACE; none: NLM_F_EXCL
	// Zero for what iproute2 would choose:
	const struct addr *src; // preferred source address
	uint8_t protocol;       // RTPROT_*
	bool has_scope;
	uint8_t scope; // RT_SCOPE_*
	bool onlink;
};
int change_route(struct changer *c, bool add, const struct route_change *r);

struct rule_change {
	int family;
	uint32_t priority;
	uint32_t table;
	struct prefix from; // family 0 for all
	bool has_priority;
	// Zero for none:
	struct prefix to;
	uint8_t action; // FR_ACT_*, 0 for a lookup in table
	const char *iif, *oif;
	uint32_t mark, mask;
	uint8_t tos, protocol;
	bool l3mdev, invert;
	bool append; // also where there is one already: no NLM_F_EXCL
};
int change_rule(struct changer *c, bool add, const struct rule_change *r);
// blackhole, or a device; id must be non-zero
int change_nexthop(struct changer *c, bool add, uint32_t id, const char *dev, bool blackhole);
int change_nexthop_of(struct changer *c, bool add, int family, uint32_t id, const char *dev, bool blackhole);
// Writes a file under /proc/sys by dotted name: "net.ipv4.ip_nonlocal_bind", "1".
int change_sysctl(const char *name, const char *value);

#endif
