// SPDX-License-Identifier: GPL-3.0-or-later
// Questions that the kernel answers about one address, and what follows from them: do the IPv4 tables local and main
// exist, and do they share a trie? Any user may ask.
#ifndef BINDWALK_FIB_QUERY_H
#define BINDWALK_FIB_QUERY_H

#include "core/model/host.h"
#include "core/model/question.h"
#include "core/observe/nl.h"

// observe_ask() on a socket of protocol NETLINK_FIB_LOOKUP.
int fib_query_lookup(struct nl *fib, uint32_t table, uint32_t dst, struct fib_answer *out);

// Do the tables exist? Falls back to /proc where the kernel can't be asked.
void fib_query_tables(struct nl *fib, enum tri *local, enum tri *main_table);

// What the IPv4 rules say about the tries.
struct rule_state {
	bool added;       // some rule was not there from the start: split for ever
	bool local_first; // the kernel's own rule for table local is there
	unsigned builtin; // how many of its own three are
};
struct rule_state fib_query_rules(const struct host *h);

// What an answer about the tries rests on. By address and by routes, one question follows the other: a change between
// them can make the answer wrong.
enum trie_by {
	TRIE_BY_RULES,   // the list of rules alone
	TRIE_BY_ADDRESS, // what the kernel says about addresses of table local
	TRIE_BY_ROUTES   // the same, compared with the routes of both tables
};

// Does a lookup in table local walk table main's routes too? Needs h->addrs and h->rules, and uses the routes of table
// local as far as they are read. TRIE_UNKNOWN when nothing here can tell; then fib_query_trie_by_route() may. *by is
// TRIE_BY_RULES or TRIE_BY_ADDRESS.
enum trie fib_query_trie(struct nl *route, struct nl *fib, const struct host *h, enum trie_by *by);

// The same by comparison with the routes of both tables, which h must hold, sorted: what routing says to those of table
// local, and in table local an address for which a shared trie and two tries give different answers. TRIE_UNKNOWN when
// such an address does not exist: then it makes no difference to any bind.
enum trie fib_query_trie_by_route(struct nl *route, struct nl *fib, struct host *h);

#endif
