// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the kernel's lists into a host. The calling thread's network namespace must be the sockets' own.
#ifndef BINDWALK_DUMP_H
#define BINDWALK_DUMP_H

#include "core/model/host.h"
#include "core/observe/fib_query.h"
#include "core/observe/nl.h"

enum dump_kind {
	DUMP_LINKS = 1,
	DUMP_ADDRS = 2,
	DUMP_RULES = 4,
	DUMP_ROUTES4 = 8, // and which tables exist, and whether they share a trie
	DUMP_ROUTES6 = 16,
	DUMP_PROC = 32, // sysctls, kernel, host name
	DUMP_ALL = 63
};

enum { DUMP_TICK = 1024 }; // routes between two calls of tick()

struct dump {
	struct nl *route, *fib; // fib: NETLINK_FIB_LOOKUP, may be NULL
	struct host *host;
	struct rule_state rules; // of the last DUMP_RULES: kept between calls
	size_t limit; // routes of one family to read at most, 0 for all; beyond it none are kept (IPv4: routes4_read is false)
	size_t routes;  // read so far, of both families
	size_t counted; // towards the limit
	// Called now and then: non-zero ends the reading with that value. May be NULL.
	int (*tick)(struct dump *d, void *data);
	void *data;
	// Set when an error is returned.
	const char *what; // what was being read: "routes"
};

// Replaces these kinds in d->host by what the kernel says now, with whatever follows from a change in them, and sorts it. 0,
// -EAGAIN when the lists changed too fast to be read in NL_DUMP_TRIES tries, or -errno; then the host is incomplete.
int dump_read(struct dump *d, unsigned kinds);

// Which IPv4 tables a host of this state keeps routes of.
bool dump_wants4(const struct host *h, uint32_t table);
bool dump_wants6(const struct host *h, uint32_t table, uint8_t type);

#endif
