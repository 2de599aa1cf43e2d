// SPDX-License-Identifier: GPL-3.0-or-later
// One bind of some program on this host, as it was seen. What was not seen is "not known". Pure.
#ifndef BINDWALK_BIND_EVENT_H
#define BINDWALK_BIND_EVENT_H

#include "core/model/attempt.h"
#include "core/model/call.h"
#include "core/model/call_reason.h"
#include "core/model/kernel_call.h"
#include "core/model/sock_list.h" // UNIT_TEXT

enum { PROGRAM_TEXT = 16, CGROUP_TEXT = 256, NETNS_TEXT = 64 };

// Who saw it: what each can't see is missing from the event.
enum bind_source {
	SOURCE_BPF,             // programs on the kernel's functions
	SOURCE_BPF_TRACEPOINTS, // programs on the system call's tracepoints: nothing of the functions within
	SOURCE_TRACEPOINTS,     // those without any program
	SOURCE_PTRACE,          // its tracer, who stopped it at the call and asked its socket
	SOURCE_COUNT
};

// An option that a program wanted, and went on without.
struct option_refused {
	struct setting set;
	int err; // 0: there was none
};

struct bind_event {
	enum bind_source source;
	// Of a tracer: CALL_SOCKET, CALL_SETSOCKOPT, CALL_LISTEN or CALL_CONNECT as well. Of the first two no address
	// is known. CALL_SETSOCKOPT: the last of the attempt's settings is the option, with its value as far as it
	// could be read. CALL_LISTEN and CALL_CONNECT: the attempt's address and port are what the socket is bound to,
	// and addr_known is false where it is bound to nothing; attempt.then has the destination.
	enum call call;
	int64_t when;               // nanoseconds since 1970, of bind's entry
	uint64_t ns;                // how long it took
	int pid, thread;            // in our pid namespace; 0: not known there
	char program[PROGRAM_TEXT]; // the process's name, raw bytes
	bool uid_known;
	uint32_t uid;    // as the host counts
	uint64_t netns;  // its inode, 0: not known
	uint64_t cgroup; // its id, 0: not known
	// Looked up afterwards: raw bytes, "" for none, or not known.
	char unit[UNIT_TEXT], container[UNIT_TEXT];
	char cgroup_path[CGROUP_TEXT]; // below the root of the hierarchy
	char netns_name[NETNS_TEXT];   // a name of `ip netns`
	bool netns_ours;               // it is the one that we are in
	uint16_t family;               // AF_* of the socket, 0: not known
	int fd;                        // -1: none (io_uring), or not known
	int addrlen;                   // -1 with fd -1: or not known
	// What the kernel was given. Of a bind that ended before the kernel looked at its socket (EBADF, ENOTSOCK)
	// neither is known; of tracepoints only the address of an IPv4 bind that the FIB was asked for.
	bool addr_known, socket_known;
	struct attempt attempt; // its settings are those that the socket had
	int err;                // errno, 0 for success
	bool filtered;          // its tracer put a seccomp filter on it, and maybe no_new_privs: they refuse nothing
	bool lowered;           // traced, the process has fewer privileges than untraced: a refusal may come from that
	// Of a tracer:
	uint64_t inode;                // of the socket, 0: not known
	bool from_calls;               // it could not be asked: `attempt` has what was seen set on it
	struct option_refused missing; // with this option, which was refused before, the bind would have succeeded
	struct call_reason reason;     // of a refusal without a walk, such as of listen() and connect()
	// What the socket is bound to after the call; of a bind that was refused only where it was bound before
	// (attempt.binds is BINDS_OTHER), and of listen() and connect() not where it is bound to nothing.
	bool local_known;
	struct addr local;
	uint16_t local_port;
	uint32_t local_scope;
	struct witnessed inner;
};

#endif
