// SPDX-License-Identifier: GPL-3.0-or-later
// The ports that the kernel chooses from for port 0: which are left, and who has the others. Pure.
#ifndef BINDWALK_PORT_POOL_H
#define BINDWALK_PORT_POOL_H

#include "core/model/port_conflict.h"

struct pool {
	unsigned low, high;      // both included
	unsigned size, reserved; // ports; those of net.ipv4.ip_local_reserved_ports
	unsigned held;           // not reserved, and a socket is in the way, or may be
	bool never_tried;        // the only free port is the last of three, which TCP never tries
	enum tri left;           // does the kernel find one
};

// The kernel's range as far as the socket's own IP_LOCAL_PORT_RANGE leaves it (0: not set), and what is reserved of it;
// nobody is asked who holds what. Models inet_sk_get_local_port_range() (net/ipv4/inet_connection_sock.c).
struct pool pool_of(const struct host *h, uint16_t low, uint16_t high);

// Adds who holds what: question->socks must be those of all ports. Models inet_csk_find_open_port() (the same file),
// udp_lib_get_port() (net/ipv4/udp.c) and sctp_get_port_local() (net/sctp/socket.c).
void pool_count(struct pool *p, const struct host *h, const struct question *q, const struct claimant *me);

// The same range as connect() sees it, for one destination.
struct connect_pool {
	unsigned bound;     // ports that a socket has bound, or listens on
	unsigned connected; // others that have a connection between the same two addresses and the destination's port
};

// question->socks must be those of all ports. Models __inet_hash_connect() (net/ipv4/inet_hashtables.c); a port that
// was bound before it was connected can't be told from one that connect() chose.
struct connect_pool pool_connect(const struct pool *p, const struct host *h, const struct question *q,
				 const struct addr *from, const struct endpoint *to);

// Whom most of the held ports from low to high belong to: "28000 by uid 1000 (curl), 231 by closed connections"; ""
// for nobody. Writes at most len bytes; returns buf.
char *pool_print(unsigned low, unsigned high, const struct host *h, const struct question *q, const struct claimant *me,
		 char *buf, size_t len);

#endif
