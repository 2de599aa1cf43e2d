// SPDX-License-Identifier: GPL-3.0-or-later
// The sockets of a host that are bound, with whether each would bind again. Pure.
#ifndef BINDWALK_SOCK_LIST_H
#define BINDWALK_SOCK_LIST_H

#include "core/model/restart.h"

enum { UNIT_TEXT = 128 };

// Which sockets are wanted. All zeros: each one that a restart binds.
struct sock_wish {
	int family;       // AF_INET, AF_INET6, 0 for both
	int protocol;     // IPPROTO_*, 0 for all
	uint16_t port;    // 0 for all
	struct addr addr; // family 0 for all; a socket at it, or at the wildcard that covers it
	bool all;         // connections as well, which no restart binds
};

struct listed {
	struct sock sock;
	bool counts; // `again` says something
	struct restart again;
	char unit[UNIT_TEXT], container[UNIT_TEXT]; // "" for none, or not known
};

// Begins zeroed.
struct sock_list {
	struct listed *rows; // by protocol, port, address
	size_t n;
	size_t refused, open; // rows that would not bind again, and that may not
};

// The protocol under which sock_diag has sockets of that kind.
int sock_list_protocol(enum kind k);
bool sock_wished(const struct sock_wish *wish, const struct sock *s);

// By protocol, port, address: the order of the list.
int sock_compare(const struct sock *a, const struct sock *b);

// Fills the list from all sockets of the host that are known: those of other addresses may be in the way. Sorts socks.
// 0 or -ENOMEM.
int sock_list_fill(const struct host *h, struct sock *socks, size_t n, const struct sock_wish *wish,
		   struct sock_list *out);
void sock_list_free(struct sock_list *l);

#endif
