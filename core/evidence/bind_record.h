// SPDX-License-Identifier: GPL-3.0-or-later
// What the BPF programs and their reader share: the record of one bind. Both sides include it: only what both have.
#ifndef BINDWALK_BIND_RECORD_H
#define BINDWALK_BIND_RECORD_H

enum record_function {
#define FUNCTION(name, ...) RF_##name,
#include "core/model/kernel_functions.def"
#undef FUNCTION
	RECORD_FUNCTIONS
};

// How long after the reader was woken it is not woken again.
enum { RECORD_CALM_NS = 5000000 };

enum { RECORD_CALLS = 24, RECORD_CALLS_EACH = 3, RECORD_PROGRAM = 16, RECORD_SOCKADDR = 28 };

struct call_record {
	__s64 returned;
	__u32 ns; // since the entry of bind
	__u8 function;
	__u8 address; // 0, 4 or 6
	__u8 rtn, len;
	__u8 addr[16]; // of an IPv4 address the first four
	__u32 table, device, scope;
	__s32 number; // a capability, fd
	__s32 addrlen;
	__u16 port; // network order
	__u16 unused;
};

// Bits of bind_record.options.
enum {
	SOCKET_FREEBIND = 1,
	SOCKET_TRANSPARENT = 2,
	SOCKET_V6ONLY = 4,
	SOCKET_REUSEADDR = 8,
	SOCKET_REUSEPORT = 16,
	SOCKET_NOPORT = 32
};

struct bind_record {
	__u64 began;  // CLOCK_MONOTONIC
	__u64 cgroup; // of the default hierarchy
	__u32 ns;
	__s32 returned;
	__u32 pid, thread; // in the reader's pid namespace, 0 outside of it
	__u32 uid;
	__u32 netns;
	__s32 fd, addrlen;
	__u8 sockaddr[RECORD_SOCKADDR]; // as the kernel copied it
	__u8 got;                       // how many bytes of it
	__u8 got_socket;                // what follows is known
	__u16 family;
	__u16 type, protocol;
	__u32 options, device, mark;
	__u32 port_range; // high << 16 | low, 0 for none
	char program[RECORD_PROGRAM];
	__u16 counts[RECORD_FUNCTIONS];
	__u16 ncalls;
	__u8 entered; // enum record_function: where it began
	// Only of use while bind runs:
	__u8 by_family;  // 4 or 6: the kind of address looked for
	__u8 looked[16]; // the address, as its kind has it
	__u64 from;      // where the program has the sockaddr, if tracepoints watch
	struct call_record calls[RECORD_CALLS];
};

// Shared memory of the two: the reader writes the first part.
struct bind_control {
	__u32 pidns;  // the reader's pid namespace
	__u32 thread; // only this one's binds, 0: all
	__u32 tree;   // only those of the processes in the map `tree`
	__u32 on;
	__u32 refused_only; // count what succeeds, and no more
	__u32 unused;
	__u64 seen;  // binds of IP sockets whose record was handed over or not wanted
	__u64 woken; // when the reader was woken last
	__u64 lost;  // those for whose record there was no room, or whose end was missed
};

#endif
