// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the kernel's lists into a host. The calling thread's network namespace must be the sockets' own.
#ifndef BINDWALK_DUMP_H
#define BINDWALK_DUMP_H

#include "core/observe/fib_query.h"
#include "core/observe/host_take.h"
#include "core/observe/nl.h"

enum { DUMP_TICK = 1024 }; // routes between two calls of tick()

struct dump {
	struct nl *route, *fib; // fib: NETLINK_FIB_LOOKUP, may be NULL
	struct host *host;
	// Routes of one family to read at most, 0 for all; beyond it none are kept (IPv4: routes4_read is false).
	size_t limit;
	unsigned done;  // enum dump_kind: the lists that were read so far, but for routes
	size_t routes;  // read so far, of both families
	size_t counted; // towards the limit
	// Called now and then: non-zero ends the reading with that value. May be NULL.
	int (*tick)(struct dump *d, void *data);
	// Called before routes are read, when it is known which of them the host keeps. May be NULL.
	void (*scoped)(struct dump *d, void *data);
	void *data;
	// Set at the end.
	unsigned read;        // enum dump_kind: what was asked for, and what that needs
	enum trie_by trie_by; // what host->trie rests on, if it was asked for
	// Between two datagrams the kernel finds its place by counting, so a change meanwhile can make it skip or
	// repeat another route. IPv4: only between the last address of one datagram and the first of the next
	// (fn_trie_dump_leaf(), net/ipv4/fib_trie.c). IPv6: anywhere (fib6_dump_table(), net/ipv6/ip6_fib.c), if there
	// was more than one datagram.
	struct dump_edge *edges; // to be freed by the caller
	size_t nedges, edges_cap;
	unsigned parts6;
	// Set when an error is returned.
	const char *what; // the kind being read: "routes"
};

// Replaces these kinds in d->host by what the kernel says now, with whatever they rest on and what follows from a
// change in them, and sorts it. d->host->trie is what was known before. 0, -EAGAIN when the lists changed too fast to
// be read in NL_DUMP_TRIES tries, or -errno; then the host is incomplete.
int dump_read(struct dump *d, unsigned kinds);

#endif
