// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel was asked for one attempt, beyond what a host says: who holds the port, and what the FIB answers. A
// value; filled by core/observe and core/evidence, or by a test. Pure.
#ifndef BINDWALK_QUESTION_H
#define BINDWALK_QUESTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/addr.h"
#include "core/model/tri.h"

// Who has a socket open.
enum sock_owner {
	OWNER_UNSEARCHED, // nobody looked
	OWNER_PROCESS,    // pid and comm say which
	OWNER_KERNEL,     // every process was looked through and none has it: a socket of the kernel's own
	OWNER_HIDDEN,     // some processes could not be looked through
	OWNER_NONE,       // no file belongs to it: a connection that was closed, or that nobody has accepted yet
};

// A socket that holds a port, as sock_diag tells it (and pidfd_getfd, where capabilities allow).
struct sock {
	uint8_t family;
	uint8_t protocol; // IPPROTO_*
	uint8_t state;    // TCP_*: 7 CLOSE, 10 LISTEN, 13 BOUND_INACTIVE
	enum tri v6only;
	enum tri reuseaddr, reuseport;
	enum tri nonlocal; // IP_FREEBIND or IP_TRANSPARENT is set
	struct addr addr;  // mapped addresses stay mapped
	uint16_t port;
	struct addr peer; // the other end, family 0 for none
	uint16_t peer_port;
	uint32_t device;   // bound interface, 0 for any; it may be gone
	uint32_t uid;      // of its owner
	bool uid_unmapped; // the owner has no number in this user namespace: uid is the overflow uid, and says nothing
	uint8_t timer;     // idiag_timer: 0 none, 3 TIME_WAIT, ...
	uint32_t expires;  // milliseconds until the timer ends
	uint32_t inode;    // 0 for one that no file belongs to
	bool searched;     // for the process that has it open
	uint32_t pid;      // 0 when none was found
	uint32_t pid_uid;  // the effective uid of that process, 0 also where it can't be traced
	char comm[16];
	enum sock_owner owner;
	uint32_t likely; // not OWNER_PROCESS: index of the link that it likely belongs to, 0 for none
};

// The kernel's own answer to a lookup of one address in one table (NETLINK_FIB_LOOKUP).
struct fib_answer {
	bool present;
	uint32_t table, dst; // the question; dst in host order
	int err;             // what the kernel's lookup returned: 0, -EAGAIN, -ENOENT (no such table), ...
	uint8_t type;        // RTN_* when err is 0
	uint8_t len;         // of the matched prefix
};

// What connect() answered to a datagram socket that was bound like the attempt; it sends nothing, and takes the route
// that a stream socket's connect() takes.
struct route_answer {
	bool present;
	int err;           // errno of connect()
	bool broadcast;    // it wanted SO_BROADCAST
	struct addr local; // the source address then
};

struct question {
	struct sock *socks;
	size_t nsocks, socks_cap;
	enum tri socks_known; // the holders of socks_port were asked for
	enum tri socks_bound; // TCP sockets that are bound only are among them
	uint16_t socks_port;  // 0: of all ports
	uint8_t socks_protocol;
	struct fib_answer fib;
	struct fib_answer in_main; // what table main says of it, where it is not read because the tables are split
	struct route_answer route; // to attempt.then.dest
	// Sockets that an attempt with another port or of another kind meets, which a remedy is; NULL where nobody
	// asked. Owned.
	struct question *further;
};

// A closed connection that the kernel keeps for a while, in TIME_WAIT or as what is left of FIN_WAIT2.
bool sock_is_timewait(const struct sock *s);

// A question of all zeros is one that nobody has asked.
void question_free(struct question *q);
// Nobody has asked who holds the port; keeps the memory.
void question_forget_socks(struct question *q);
// 0 or -ENOMEM; the value is copied.
int question_add_sock(struct question *q, const struct sock *s);
// Of what was asked, only who holds the port: what also holds for a host that is supposed, or for another address.
// Lent.
struct question question_of_ports(const struct question *q);
// Is that very socket still among them?
bool question_has(const struct question *q, const struct sock *s);
// What is known of the processes behind the sockets of `before`, also that they can't be seen, is taken over for the
// same sockets.
void question_keep_owners(struct question *q, const struct question *before);
// Have both got the same answers? Time that runs (expires) makes no difference.
bool question_equal(const struct question *a, const struct question *b);

#endif
