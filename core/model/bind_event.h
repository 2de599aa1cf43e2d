// SPDX-License-Identifier: GPL-3.0-or-later
// One bind of some program on this host, as it was seen. What was not seen is "not known". Pure.
#ifndef BINDWALK_BIND_EVENT_H
#define BINDWALK_BIND_EVENT_H

#include "core/model/attempt.h"
#include "core/model/call.h"
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

struct bind_event {
	enum bind_source source;
	enum call call;             // of a tracer: CALL_SOCKET, CALL_SETSOCKOPT, CALL_LISTEN or CALL_CONNECT as well
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
	// Of a tracer, after success: what the socket is bound to then.
	bool local_known;
	struct addr local;
	uint16_t local_port;
	uint32_t local_scope;
	struct witnessed inner;
};

#endif
