// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between kernel releases, as data. Pure.
#ifndef BINDWALK_KERNEL_H
#define BINDWALK_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KERNEL_TEXT = 65 };

struct kernel {
	char release[KERNEL_TEXT]; // as uname(2) gives it
	unsigned major, minor, patch;
};

// One thing that only some releases do. The table in kernel.c gives releases and effect.
enum trait {
	TRAIT_LINKDOWN_ALL,     // conf.all.ignore_routes_with_linkdown counts, not only the device's own
	TRAIT_RAW6_OPTIONS,     // raw IPv6 honours IPV6_FREEBIND and IPV6_TRANSPARENT, not only the sysctl
	TRAIT_RAW4_NONLOCAL,    // raw IPv4 honours the nonlocal escapes
	TRAIT_PING_LIKE_UDP,    // ping takes broadcast and multicast addresses, until TRAIT_PING_VRF
	TRAIT_PING_VRF,         // ping sockets look into the VRF's table and check the bound device
	TRAIT_PING_NETNS,       // ping identifiers of other namespaces are not in the way
	TRAIT_MARK_NET_RAW,     // SO_MARK may be set with CAP_NET_RAW too
	TRAIT_REUSE_MEMORY,     // TCP's port remembers that all its sockets were bound with SO_REUSEADDR
	TRAIT_BHASH2,           // TCP finds who holds a port at an address by a hash of both
	TRAIT_BHASH2_MAPPED,    // TCP misses the conflict ::ffff:0.0.0.0 against ::ffff:x
	TRAIT_SCTP_VRF,         // SCTP looks into the VRF's table
	TRAIT_PORT_RANGE,       // IP_LOCAL_PORT_RANGE exists
	TRAIT_PORT_RANGE_MPTCP, // ... and on an MPTCP socket, like NO_PORT
	TRAIT_BIND_SK,          // the checks stand in inet_bind_sk()/inet6_bind_sk()
	TRAIT_BOUND_DIAG,       // sock_diag lists TCP sockets that are bound only
	TRAIT_UDP_WILDCARD,     // UDP at a wildcard overlooks nobody, however many have the port
	TRAIT_UDPLITE,          // UDP-Lite exists
	TRAIT_MPTCP_OPTIONS,    // MPTCP forwards FREEBIND and TRANSPARENT to the subflow
	TRAIT_RULE_DEL_SPLITS,  // deleting an IPv4 rule splits the local and main tries
	TRAIT_COUNT
};

struct trait_info {
	const char *name;   // stable, lower case
	const char *since;  // first release with it, "" from before 5.10
	const char *until;  // first release without it, "" for none
	const char *effect; // one sentence
};

const struct trait_info *trait_info(enum trait t);

// "6.18.44-fc-v595", "5.10", "7.3.4". 0, or -EINVAL when it does not start with MAJOR.MINOR.
int kernel_parse(const char *release, struct kernel *out);

// Distributions that keep the patch level out of the release ("6.1.0-56-cloud-amd64") tell it elsewhere: in uname's
// version ("#1 SMP Debian 6.1.192-2 (2026-11-02)"), Ubuntu in /proc/version_signature. Takes the patch level over from
// a word of `text` that names the same MAJOR.MINOR.
void kernel_refine(struct kernel *k, const char *text);

// Stable-branch backports that are known are taken into account by the patch level.
bool kernel_has(const struct kernel *k, enum trait t);

// The newest release that the model was checked against.
#define KERNEL_CHECKED "7.3"
// Is k newer? Then it may do what no trait tells.
bool kernel_unchecked(const struct kernel *k);

// <0, 0, >0 as k is before, at or after MAJOR.MINOR.
int kernel_compare(const struct kernel *k, unsigned major, unsigned minor);

#endif
