// SPDX-License-Identifier: GPL-3.0-or-later
// struct host: everything observed of one network namespace that can matter to bind. A value without
// I/O: filled by core/observe/observe from the kernel, or by a test or a snapshot.
#ifndef BINDWALK_HOST_H
#define BINDWALK_HOST_H

#include "core/model/attempt.h"
#include "core/model/kernel.h"
#include "core/model/route_info.h"
#include "core/model/tri.h"

enum { FLAG_LOWER_UP = 0x10000 }; // IFF_LOWER_UP, which net/if.h lacks: the carrier is there

struct link {
	uint32_t index;
	char name[16];
	char kind[16];         // IFLA_INFO_KIND: "veth", "vrf", "" for none
	uint32_t flags;        // IFF_*
	uint8_t operstate;     // IF_OPER_*
	bool ignores_linkdown; // net.ipv4.conf.DEVICE.ignore_routes_with_linkdown is on
	bool promotes;         // net.ipv4.conf.DEVICE.promote_secondaries is on
	bool disables_ipv6;    // net.ipv6.conf.DEVICE.disable_ipv6 is on
	uint32_t master;       // index of the master, 0 for none
	uint32_t vrf_table;    // the table of a VRF device, 0 for any other device
	uint16_t tunnel_port;  // UDP: at which the kernel receives for this tunnel, 0 for none or not known
};

// Another name of a link, by which programs may call it like by its own. Longer ones than a link's fit no system call
// of theirs.
struct altname {
	uint32_t index;
	char name[16];
};

struct host_addr {
	struct addr addr;
	uint8_t prefixlen;
	uint8_t scope;             // RT_SCOPE_*
	uint32_t flags;            // IFA_F_*, all 32 bits
	uint32_t index;            // the interface
	uint32_t valid, preferred; // seconds, UINT32_MAX for ever
	uint32_t peer; // hash of the other end of a point-to-point address, 0 for none: only tells look-alikes apart
};

// An address that left while the host was followed (host_left.h).
struct left_addr {
	struct host_addr entry;  // as it was; family 0: none
	char device[16];         // the interface's name then
	struct addr primary;     // it was a secondary address of this one, and went with it; family 0: no
	uint32_t sequence, port; // of the message that announced it
};

enum { HOST_LEFT = 16 };

// Eight bytes an IPv4 route and twenty an IPv6 one: a million must fit.
struct route4 {
	uint32_t dst; // host order
	uint32_t len : 6;
	uint32_t info : 26; // into host.infos4
};

struct route6 {
	struct in6_addr dst;
	uint32_t len : 8;
	uint32_t info : 24; // into host.infos6
};

struct ports {
	uint16_t low, high; // 0: any
};

struct rule {
	uint8_t family;
	uint8_t action; // FR_ACT_*
	uint8_t tos, ipproto;
	bool builtin; // one of those that a namespace begins with
	bool invert;  // what does not match
	uint32_t priority;
	uint32_t table;
	struct prefix from, to; // family 0 for "all"
	char iif[16], oif[16];
	uint32_t mark, mask;
	uint32_t target; // of FR_ACT_GOTO: another rule's priority
	bool l3mdev, of_users, suppresses, suppresses_group;
	uint32_t uid_low, uid_high; // of_users
	uint32_t suppressed;        // suppresses: routes with a prefix of this length or shorter
	uint32_t group;             // suppresses_group: routes through devices of this group
	struct ports source, dest;
};

enum trie {
	TRIE_UNKNOWN,
	TRIE_MERGED, // tables local and main share one trie: a lookup in either walks both
	TRIE_SPLIT
};

struct host {
	uint64_t generation; // counts what was changed in a host that is followed
	bool recorded;       // read from a recording: whatever is said of it is marked as a replay, never as live
	struct kernel kernel;
	enum tri has_kind
		[KIND_COUNT]; // does this kernel's configuration have such sockets; YES unless it is known better
	enum tri has_inet6;   // are there IPv6 sockets at all; NO with ipv6.disable=1 on the kernel's command line
	char name[65];        // host name

	struct link *links; // by index
	size_t nlinks, links_cap;
	struct altname *altnames; // by index; few links have any
	size_t naltnames, altnames_cap;
	struct host_addr *addrs; // IPv4 first; by (address, interface, prefix length)
	size_t naddrs, addrs_cap;
	struct route4 *routes4; // by (dst, len), then in the kernel's order of preference
	size_t nroutes4, routes4_cap;
	struct route6 *routes6;
	size_t nroutes6, routes6_cap;
	struct route_infos infos4, infos6;
	uint32_t count4[33]; // IPv4 routes of each length
	uint64_t lengths4;   // bit n: a route of length n exists
	struct rule *rules;  // by (family, priority), then in the kernel's order
	size_t nrules, rules_cap;

	bool lacks_rules4;              // this kernel has no IPv4 rules: one trie for ever
	enum tri has_local4, has_main4; // does the IPv4 table exist
	enum trie trie;
	// Is the IPv4 table content read? NO on a host too large for a one-shot question: classification
	// then rests on what the kernel was asked.
	bool routes4_read;

	struct left_addr left[HOST_LEFT]; // a ring
	unsigned nleft;                   // ever

	int64_t sysctl[SYSCTL_COUNT];
	bool sysctl_known[SYSCTL_COUNT];
	// It may exist, but could not be read: the value is the kernel's default, and says nothing. What is neither
	// known nor hidden does not exist in this kernel, which does as by default.
	bool sysctl_hidden[SYSCTL_COUNT], reserved_hidden;
	uint8_t reserved_ports[8192]; // bit map of net.ipv4.ip_local_reserved_ports
};

// A fresh, empty host with the kernel's default sysctls. NULL when out of memory.
struct host *host_new(void);
void host_free(struct host *h);
// A deep copy, or NULL.
struct host *host_copy(const struct host *h);

// Adding: 0 or -ENOMEM. Values are copied. Order of adding is the kernel's order (dump order); it decides between
// routes that are equal in prefix, table, TOS and metric. Call host_sort() (host_order.h) when done: queries need it.
int host_add_link(struct host *h, const struct link *l);
int host_add_altname(struct host *h, uint32_t index, const char *name);
int host_add_addr(struct host *h, const struct host_addr *a);
int host_add_route(struct host *h, const struct prefix *dst, const struct route_info *info);
int host_add_rule(struct host *h, const struct rule *r);

// Emptying one kind of object, keeping the memory.
void host_clear_links(struct host *h);
void host_clear_addrs(struct host *h);
void host_clear_routes(struct host *h, int family);
void host_clear_rules(struct host *h);

// Queries over a sorted host. NULL when there is none.
const struct link *host_link(const struct host *h, uint32_t index);
// By its own name, or one of the others.
const struct link *host_link_named(const struct host *h, const char *name);
// The name, or the index in digits when no such interface exists. Returns buf.
const char *host_link_name(const struct host *h, uint32_t index, char buf[static 16]);
// The VRF that a device is, or is in: its link; NULL for none (l3mdev_master_dev_rcu()).
const struct link *host_vrf_of(const struct host *h, uint32_t index);
// Does the device have an address of the family? AF_UNSPEC: of either.
bool host_has_addr(const struct host *h, uint32_t device, int family);
// Index of the first entry with this address, or naddrs; the next ones follow it while the address is equal.
size_t host_find_addr(const struct host *h, const struct addr *a);
// The one on that device; naddrs when there is none.
size_t host_find_addr_on(const struct host *h, const struct addr *a, uint32_t device);
// The address that a secondary IPv4 one stands behind (__inet_insert_ifa(), net/ipv4/devinet.c); NULL for any other.
const struct host_addr *host_primary_of(const struct host *h, const struct host_addr *a);
// Does a secondary address of the device take its primary's place when that goes (IN_DEV_PROMOTE_SECONDARIES)?
bool host_promotes(const struct host *h, uint32_t device);
const struct route_info *host_info4(const struct host *h, size_t route);
const struct route_info *host_info6(const struct host *h, size_t route);
struct prefix host_prefix4(const struct host *h, size_t route);
struct prefix host_prefix6(const struct host *h, size_t route);

// For a walk as another kernel would take it: what was read was read through this kernel's eyes. Call it on a sorted
// host.
void host_as_kernel(struct host *h, const struct kernel *other);

// An Any-IP route: type local, shorter than a single address, and not one the kernel itself made
// (RTPROT_KERNEL).
bool route_is_anyip(const struct route_info *info, unsigned len, int family);

#endif
