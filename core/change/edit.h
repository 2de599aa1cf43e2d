// SPDX-License-Identifier: GPL-3.0-or-later
// One change of a network namespace as a value: core/command reads it from a line; it prints as such a line, and as the
// iproute2 or sysctl command that it equals. The same value says that something exists: see core/change/inventory.h.
// Pure.
#ifndef BINDWALK_EDIT_H
#define BINDWALK_EDIT_H

#include "core/model/host.h"

enum edit_kind {
	EDIT_LINK,    // "link add NAME type KIND ..." and "link del NAME"
	EDIT_UP,      // "link set NAME up|down"
	EDIT_MASTER,  // "link set NAME master IF|nomaster"
	EDIT_MTU,     // "link set NAME mtu N", not a command here: for what exists
	EDIT_ADDR,    // "address add|del ADDRESS/LENGTH dev IF ..."
	EDIT_NEXTHOP, // "nexthop add|del id N [dev IF|blackhole]"
	EDIT_ROUTE,   // "route add|append|replace|del [TYPE] PREFIX ..."
	EDIT_RULE,    // "rule add|del ..."
	EDIT_SYSCTL,  // "sysctl NAME VALUE"
	EDIT_KINDS
};

enum { EDIT_TEXT = 768, EDIT_ERROR = 256, EDIT_VALUE = 128, EDIT_GROUP = 48 };

struct edit_link {
	char type[16];   // "veth", "dummy", "vrf"; of what exists any IFLA_INFO_KIND, "" for none
	char peer[16];   // of a veth; of what exists also the device that it is on
	bool neighbour;  // the peer is in the lab's second namespace
	bool no_carrier; // of what exists
	uint32_t index;  // of what exists; when it is made, the wanted one; 0 for none
	uint32_t peer_index;
	uint32_t table;
};

struct edit_addr {
	struct addr addr, broadcast, peer; // family 0 for none
	uint8_t len, scope;                // RT_SCOPE_*
	bool has_scope;                    // else what iproute2 would choose
	bool tentative, failed;            // existing address: duplicate detection runs, or found one
	uint32_t flags;                    // IFA_F_*
	uint32_t valid, preferred;         // seconds, UINT32_MAX for ever
};

struct edit_nexthop {
	uint32_t id;
	uint8_t family;
	bool blackhole;
	uint8_t nmembers;             // of an existing next hop: it is a group of others
	uint32_t members[EDIT_GROUP]; // the first of them
};

struct edit_route {
	struct prefix dst;
	struct addr via, src; // family 0 for none
	uint32_t table;       // 0: local for local, broadcast and anycast types, else main, as iproute2 does
	uint32_t metric, nhid;
	uint8_t type, tos, scope, protocol; // RTN_*, RT_SCOPE_*, RTPROT_* (0: RTPROT_BOOT)
	bool has_scope;                     // else what iproute2 would choose
	bool onlink;
	bool append, replace; // after, or in the place of, the first one with this prefix, tos and metric
};

struct edit_rule {
	struct rule rule; // action 0: a lookup in table
	bool has_priority;
	uint8_t protocol;
	bool append; // not a word: even where the kernel takes a narrower one for it
};

struct edit_sysctl {
	char name[EDIT_VALUE], value[EDIT_VALUE];
};

struct edit {
	enum edit_kind kind;
	bool add;        // false: del; EDIT_UP: up; EDIT_MASTER, EDIT_MTU, EDIT_SYSCTL: true
	bool by_kernel;  // of an existing object: the kernel made it along with another one, and removes it with that
	const char *odd; // of an existing object: a property that the language cannot express ("multipath"), else NULL
	char dev[16];    // "" for none; EDIT_LINK: the name
	union {
		struct edit_link link;
		char master[16]; // "" for none
		uint32_t mtu;
		struct edit_addr addr;
		struct edit_nexthop nexthop;
		struct edit_route route;
		struct edit_rule rule;
		struct edit_sysctl sysctl;
	};
};

// Reads a line of the command language: this layer only prints it. How many edits it is, at most two, or -EINVAL with a
// sentence in err.
typedef int edit_reader(const char *line, struct edit out[static 2], char *err, size_t errlen);

// As a line of the command language. Returns buf.
char *edit_print(const struct edit *e, char *buf, size_t len);
// As the command that people know: "ip route add local 10.0.0.0/8 dev lo", "sysctl -w net...=1". Returns buf.
char *edit_shell(const struct edit *e, char *buf, size_t len);
// The same for a script of any POSIX shell: whatever bytes a name has, it stays one word (core/text/quoting.h). False
// if it does not fit.
bool edit_script(const struct edit *e, char *buf, size_t len);
// Do both speak of the same object (the same address on the same interface, the same sysctl), whatever its properties?
bool edit_same_object(const struct edit *a, const struct edit *b);
// Is it about a state that something has, rather than about the thing?
bool edit_is_state(const struct edit *e);
// AF_INET or AF_INET6 of an address, a next hop or a route, else AF_UNSPEC.
int edit_family(const struct edit *e);
// Do two routes, or two rules, of a namespace differ in nothing that a lookup goes by? Then the one before the other
// counts.
bool edit_same_key(const struct edit *a, const struct edit *b);
// What takes away the very thing that exists.
struct edit edit_deletion(const struct edit *thing);
// The scope (RT_SCOPE_*) that iproute2 gives an IPv4 route of a type (RTN_*); a gateway or next hop object counts as
// next hop.
uint8_t edit_default_scope(uint8_t type, bool has_next_hop);
// iproute2's table for a route of that type (RTN_*).
uint32_t edit_default_table(uint8_t type);
// Is e a `route replace`, and the fact a route whose place it would take?
bool edit_replaces(const struct edit *e, const struct edit *fact);

#endif
