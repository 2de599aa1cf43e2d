// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that could not be read, and what a walk would be with each value that they may have. Pure.
#ifndef BINDWALK_UNKNOWN_H
#define BINDWALK_UNKNOWN_H

#include "core/model/facts.h"
#include "core/model/walk.h"

// Sysctls have their own ids; the others follow. A set of them is a bit mask.
enum unknown_id {
	UNKNOWN_RESERVED = SYSCTL_COUNT, // net.ipv4.ip_local_reserved_ports
	UNKNOWN_INET6,                   // are there IPv6 sockets at all
	UNKNOWN_KIND,                    // does the kernel have sockets of the attempt's kind
	UNKNOWN_ROUTES4,                 // the IPv4 routes, and the kernel was not asked either
	UNKNOWN_TABLES4,                 // which IPv4 tables exist
	UNKNOWN_TRIE,                    // do the tables local and main share a trie
	UNKNOWN_CAPABILITIES,            // those of the caller over the network namespace
	UNKNOWN_PING_GROUP,              // is a group of its own in the range for ping sockets
	UNKNOWN_COUNT
};
_Static_assert(UNKNOWN_COUNT <= 32, "a bit each");

// "net.ipv4.ip_nonlocal_bind", "IPv4 routes": something that could not be read.
const char *unknown_name(unsigned id);

typedef void decide_fn(const struct facts *f, const struct attempt *a, struct walk *out);

// `w` was decided on values that stand in for those that could not be read. Decides again on each other value that they
// may have: where a step finds something else, it says so (walk_step.uncertain), and where the bind ends otherwise, the
// prediction is not certain.
void unknown_judge(const struct facts *f, const struct attempt *a, decide_fn *decide_as_read, struct walk *w);

#endif
