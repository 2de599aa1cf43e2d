// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel's functions returned inside of a bind, set against what the walk says of it. Pure.
#ifndef BINDWALK_WALK_INNER_H
#define BINDWALK_WALK_INNER_H

#include "core/model/tri.h"
#include "core/model/walk.h"

// What the witness says of a step's functions.
enum inner_said {
	INNER_SILENT, // no witness, or none of them was watched
	INNER_RAN,    // see walk_inner_answer()
	INNER_NOT_RUN // watched, and the kernel did not call it
};

// *function, unless it is NULL or the step is silent: the function that says so, as this kernel names it. A step that
// has no function of its own is silent: see walk_inner_nonlocal().
enum inner_said walk_inner_said(const struct walk *w, unsigned step, enum kernel_function *function);

// The call that answers the step's question, the last one where there are several; NULL for none.
const struct kernel_call *walk_inner_answer(const struct walk *w, unsigned step);

// All calls that belong to a step, also those that only help it, n from 0, in the order in which they returned: NULL
// behind the last one. Those of the result are the functions that the bind passed through, the innermost first.
const struct kernel_call *walk_inner_call(const struct walk *w, unsigned step, unsigned n);

// Whether a nonlocal bind was allowed. Its question is inlined in the kernel; what ran after it shows the answer.
// UNKNOWN where nothing does, as for an address that is local anyway.
enum tri walk_inner_nonlocal(const struct walk *w);

// Which hook was seen to refuse the bind, to change its address, or to waive the privilege for its port.
enum inner_hook {
	INNER_HOOK_UNSEEN,     // what was watched cannot tell
	INNER_HOOK_NONE,       // all are watched, and none did
	INNER_HOOK_BEFORE,     // what stands before the system call: seccomp, or a tracer
	INNER_HOOK_LSM,        // security_socket_bind(); not Landlock, where hook_socket_bind() is watched
	INNER_HOOK_LANDLOCK,   // hook_socket_bind()
	INNER_HOOK_CGROUP,     // a cgroup's BPF program on bind
	INNER_HOOK_CGROUP_POST // one that runs when the port is given; by elimination, since it is not watched
};

// "a security module"; NULL for INNER_HOOK_UNSEEN and INNER_HOOK_NONE.
const char *inner_hook_name(enum inner_hook hook);

// *call, unless it is NULL: its function's call, NULL for none.
enum inner_hook walk_inner_hook(const struct walk *w, const struct kernel_call **call);

// Why a function on the way was not watched.
enum inner_unwatched {
	INNER_ABSENT,  // this kernel has none of that name, or its compiler inlined it
	INNER_REFUSED, // nothing can be attached to it
	INNER_INLINE   // inline in the source
};

// Function n of a step that was not watched, from 0, though others were; NULL behind the last one. One that this kernel
// does not have is named only where it has no other name.
const char *walk_inner_unwatched(const struct walk *w, unsigned step, unsigned n, enum inner_unwatched *why);

#endif
