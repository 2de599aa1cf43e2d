// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel was seen to do inside of one bind: its functions with their arguments and return values. Pure.
#ifndef BINDWALK_KERNEL_CALL_H
#define BINDWALK_KERNEL_CALL_H

#include "core/model/addr.h"
#include "core/model/step.h"

// What the arguments of a function are.
enum kernel_takes {
	TAKES_NONE,             // none that we read
	TAKES_SYSCALL,          // (int fd, struct sockaddr *, int addrlen), as the program passed them
	TAKES_SOCKET,           // (struct socket *, struct sockaddr *, int addrlen)
	TAKES_SOCK,             // (struct sock *, struct sockaddr *, ...)
	TAKES_SOCK_ONLY,        // (struct sock *, ...)
	TAKES_PORT,             // (struct sock *, u16 port)
	TAKES_ADDR6,            // (const struct in6_addr *)
	TAKES_DEVICE,           // (const struct net_device *)
	TAKES_NET_DEVICE,       // (struct net *, int ifindex)
	TAKES_NET_ADDR4,        // (struct net *, __be32)
	TAKES_NET_ADDR4_TABLE,  // (struct net *, __be32, u32 table)
	TAKES_NET_DEVICE_ADDR4, // (struct net *, const struct net_device *, __be32)
	TAKES_FLOW4,            // (struct fib_table *, const struct flowi4 *, struct fib_result *, int flags)
	TAKES_NET_ADDR6_DEVICE, // (struct net *, const struct in6_addr *, const struct net_device *, ...)
	TAKES_CAPABILITY        // (struct user_namespace *, int)
};

// How its return value reads.
enum kernel_gives {
	GIVES_ERRNO,   // 0 or -errno
	GIVES_RTN,     // RTN_*
	GIVES_TABLE,   // a table's id, 0 for none
	GIVES_CLASS6,  // IPV6_ADDR_* bits, the scope << 16
	GIVES_FOUND,   // 1 or 0
	GIVES_POINTER, // a pointer, NULL for none: `returned` is 1 or 0
};

// See kernel_functions.def.
enum kernel_function {
#define FUNCTION(name, ...) KF_##name,
#include "core/model/kernel_functions.def"
#undef FUNCTION
	KERNEL_FUNCTIONS
};

struct kernel_function_info {
	const char *name;
	enum step_id step;
	enum kernel_takes takes;
	enum kernel_gives gives;
	bool quiet; // not called for each packet
};

const struct kernel_function_info *kernel_function_info(enum kernel_function f);
// By name; -1 where it is none that can be watched.
int kernel_function_find(const char *name);

// One call, with what its `takes` says. What it does not take is 0.
struct kernel_call {
	enum kernel_function function;
	int64_t returned;
	uint32_t ns;       // from the entry of bind to its return
	struct addr addr;  // as passed; family 0 for none. The lookup's destination.
	uint16_t port;     // of a sockaddr or TAKES_PORT, host order
	uint32_t scope;    // sin6_scope_id
	uint32_t table;    // the table looked into
	uint32_t device;   // an ifindex
	int capability;    // -1 for none
	int fd, addrlen;   // TAKES_SYSCALL; addrlen of TAKES_SOCKET, too
	unsigned rtn, len; // TAKES_FLOW4 that found a route: its RTN_* and prefix length
};

enum { KERNEL_CALLS = 24, KERNEL_CALLS_EACH = 3, WITNESSED_WHY = 320 };

// Sets of 1 << enum kernel_function. What is in none of them was not to be watched.
struct function_sets {
	uint64_t watched; // what is not in it may have run unseen
	uint64_t absent;  // this kernel has no function of that name, or its compiler inlined it
	uint64_t refused; // it has, but nothing can be attached to it
};

// One bind from inside. Calls with an address are those for this bind's address: an interrupt may have come in between.
struct witnessed {
	bool present;
	char why_not[WITNESSED_WHY]; // where it is not present: a sentence without a period; "" where nobody watched
	bool not_reached;            // not present, since what stands before the system call answered in its place
	struct function_sets sets;
	uint16_t counts[KERNEL_FUNCTIONS]; // how often each ran
	unsigned ncalls; // the first KERNEL_CALLS_EACH of each function, in the order of their returns
	struct kernel_call calls[KERNEL_CALLS];
};

// Was it watched?
bool witnessed_watched(const struct witnessed *w, enum kernel_function f);
// Its first call, or NULL.
const struct kernel_call *witnessed_call(const struct witnessed *w, enum kernel_function f);

// The errno that a function returned as a negative number; 0 where it returned none. A file may have any number there.
int kernel_call_errno(const struct kernel_call *c);

#endif
