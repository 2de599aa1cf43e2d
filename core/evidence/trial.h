// SPDX-License-Identifier: GPL-3.0-or-later
// The live bind: performs an attempt on a real socket and keeps every system call with its result.
#ifndef BINDWALK_TRIAL_H
#define BINDWALK_TRIAL_H

#include <sys/socket.h>

#include "core/model/caller.h"
#include "core/model/question.h"
#include "core/model/walk.h"

enum { TRIAL_CALLS = ATTEMPT_SETTINGS + 6 };

struct trial_call {
	enum call call;
	int ret;          // as returned, -1 on failure
	int err;          // errno on failure, else 0
	unsigned setting; // CALL_SETSOCKOPT: which one
};

struct trial {
	unsigned ncalls;
	struct trial_call calls[TRIAL_CALLS];
	enum call call; // the first that failed, CALL_BIND when none did
	int err;
	struct addr local; // getsockname()
	uint16_t port;
	uint32_t scope;
	uint32_t device; // SO_BINDTOIFINDEX read back after bind, also after a failed one
	bool device_known;
};

// Runs socket(), each setsockopt(), bind(), getsockname(), close(), and stops at the first failure (the socket is
// always closed). Never listens, never sends. An unprivileged caller lowers this thread's effective capabilities for
// its time; where it has another uid than this process, or sets of its own, a child makes the calls. 0, or -errno
// when the trial itself could not be made (capabilities that would not come back abort the program).
int trial_run(const struct attempt *a, const struct caller *c, struct trial *out);

// As trial_run(), always on this thread, and calls `around(true)` right before bind() and `around(false)` right after
// it.
int trial_run_around(const struct attempt *a, const struct caller *c, struct trial *out,
		     void (*around)(bool before, void *data), void *data);

// A socket that is bound like the attempt's, for the caller to close; -1 when a call failed, and *out says which one.
int trial_open(const struct attempt *a, struct trial *out);

// Makes the call after bind(), CALL_LISTEN or CALL_CONNECT to a->then.dest, on a bound socket of its own that is closed
// at once. A stream socket then accepts connections for a moment, or sends a SYN: only in a namespace where that may
// be. Waits wait_ms for an answer at most. out->present is false where the socket could not be bound. 0 or -errno, as
// above.
int trial_next(const struct attempt *a, enum call call, const struct caller *c, int wait_ms, struct next_seen *out);
// Asks the kernel for the route to a->then.dest by connect() on a datagram socket that is bound like the attempt's,
// which sends nothing. out->present is false where there can't be such a socket. 0 or -errno, as above.
int trial_route(const struct attempt *a, const struct caller *c, struct route_answer *out);
// As trial_run(), by a child with the user namespace, uids, groups and capabilities of process `pid`; this process has
// one thread. *missing: the set of DIFFERS() of those that could not be taken on. Where this bind looks at one of them,
// none was made: *out has no calls.
int trial_run_as(const struct attempt *a, pid_t pid, struct trial *out, unsigned *missing);

// "setsockopt(3, SOL_IP, IP_FREEBIND, [1], 4) = 0", as strace would print it. Returns buf.
char *trial_call_print(const struct attempt *a, const struct trial *t, unsigned call, char *buf, size_t len);

#endif
