// SPDX-License-Identifier: GPL-3.0-or-later
// What was seen to be done to each socket before its bind: its socket(), and each setsockopt() with its value and its
// end. Kept by the socket's inode, which is the same in whatever process has it. Bounded; the oldest go. Pure.
#ifndef BINDWALK_SOCKET_HISTORY_H
#define BINDWALK_SOCKET_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/attempt.h"

enum {
	HISTORY_SOCKETS = 1024,
	HISTORY_CALLS = 32, // of each socket
	HISTORY_VALUE = 16, // bytes of a value that are kept: the longest that bears on bind, an interface's name
};

// A setsockopt().
struct option_call {
	int level, number;
	int len;                      // as given
	uint8_t got;                  // how many bytes of the value are known
	uint8_t value[HISTORY_VALUE]; // raw
	int err;                      // 0: it was set
};

struct socket_history {
	uint64_t inode;             // 0: not known
	int pid, fd;                // of the process that made it, or was first seen with it
	bool made;                  // its socket() was seen; else the next three are not known
	int family, type, protocol; // as given to it; another family than IPv4 and IPv6 only where the inode is 0
	bool told;                  // a bind of it was seen
	bool bound;                 // one succeeded: `local` and `port` are what the last of these gave it
	struct addr local;
	uint16_t port;
	bool chosen;       // the kernel chose the port
	bool let_go;       // a connection was begun after that: when it ends, TCP lets go of a port that was chosen
	uint64_t left_out; // how many of its first calls are not kept, for want of room
	unsigned ncalls;
	struct option_call calls[HISTORY_CALLS];
};

struct histories;

// NULL when memory ran out. It may be given to all of them.
struct histories *histories_new(void);
void histories_free(struct histories *h);

// That of a socket, NULL for none. By its inode; where that is 0, of one whose inode is not known, by process and
// descriptor, which may be another socket's meanwhile.
struct socket_history *history_find(const struct histories *h, uint64_t inode, int pid, int fd);
// A new one, in the place of what was there. Lent until the next one. NULL when memory ran out.
struct socket_history *history_begin(struct histories *h, uint64_t inode, int pid, int fd);
void history_add(struct socket_history *s, const struct option_call *c);
// The n-th that is kept, the oldest first; NULL behind the last one.
struct socket_history *history_at(const struct histories *h, size_t n);

// The option of the table that it is about, with its value; false for another one, and where the value is not known.
bool option_call_setting(const struct option_call *c, struct setting *out);
// What the socket has, as far as all of it was seen: its kind and its settings, and no address. False where it is not
// known.
bool history_attempt(const struct socket_history *s, struct attempt *out);
// The n-th option of the table that was refused, and not set later, from 0 on. False behind the last one.
bool history_refused(const struct socket_history *s, unsigned n, struct setting *out, int *err);
// Does a TCP socket that is closed have the port that getsockname() tells? One that the kernel chose may be gone.
bool history_has_port(const struct socket_history *s);
// Was any of its calls refused?
bool history_failed(const struct socket_history *s);

#endif
