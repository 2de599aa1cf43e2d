// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of the network namespace that the calling thread is in. The caller answers for being allowed to: a lab, a
// test's own namespace, or a confirmed edit.
#ifndef BINDWALK_CHANGE_H
#define BINDWALK_CHANGE_H

#include "core/change/edit.h"

struct changer;

int change_open(struct changer **out); // 0 or -errno
void change_close(struct changer *c);
// The kernel's own words on the last refusal (extended ACK), "" for none.
const char *change_why(const struct changer *c);
// Did the kernel itself make or refuse the last change? If not, its answer got lost.
bool change_answered(const struct changer *c);

// Each returns 0 or -errno as the kernel gave it.
int change_link_up(struct changer *c, const char *name, bool up);
int change_link_del(struct changer *c, const char *name);
// A veth, dummy or VRF device, -EOPNOTSUPP for any other type. It gets the indexes in l, -EBUSY when one is taken; for
// 0 the kernel chooses. The peer of a veth goes into another namespace when peer_netns >= 0.
int change_link_add(struct changer *c, const char *name, const struct edit_link *l, int peer_netns);
int change_veth_add(struct changer *c, const char *name, const char *peer, int peer_netns);
int change_vrf_add(struct changer *c, const char *name, uint32_t table);
int change_dummy_add(struct changer *c, const char *name);
// The kernel makes no link-local address on its own when the link comes up (IN6_ADDR_GEN_MODE_NONE).
int change_link_no_autoaddr(struct changer *c, const char *name);
int change_link_master(struct changer *c, const char *name, const char *master); // NULL: none
int change_link_mtu(struct changer *c, const char *name, uint32_t mtu);
// flags: IFA_F_NODAD, IFA_F_OPTIMISTIC ... preferred: seconds, UINT32_MAX for ever. broadcast may be NULL.
int change_addr_add(struct changer *c, const char *dev, const struct addr *a, unsigned prefixlen, uint32_t flags,
		    uint32_t preferred, const struct addr *broadcast);
int change_addr_del(struct changer *c, const char *dev, const struct addr *a, unsigned prefixlen);

// The same with all that an address can have.
int change_addr(struct changer *c, bool add, const char *dev, const struct edit_addr *a);
// dev is NULL for none. -EEXIST when there is one with its key, unless r says to append or to replace.
int change_route(struct changer *c, bool add, const char *dev, const struct edit_route *r);
int change_rule(struct changer *c, bool add, const struct edit_rule *r);
// A next hop without a device drops. id must not be zero.
int change_nexthop(struct changer *c, bool add, int family, uint32_t id, const char *dev);
// Writes a file under /proc/sys by dotted name: "net.ipv4.ip_nonlocal_bind", "1".
int change_sysctl(const char *name, const char *value);

#endif
