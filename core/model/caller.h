// SPDX-License-Identifier: GPL-3.0-or-later
// Whose bind is asked about: what a process brings along that bind() looks at. Pure.
#ifndef BINDWALK_CALLER_H
#define BINDWALK_CALLER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/tri.h"

// Hooks that may refuse a bind and whose answer nobody outside can compute: what is present for this caller.
struct hooks {
	char lsms[128];    // "lockdown,capability,landlock", "" when it can't be read
	enum tri seccomp;  // the process runs under a filter
	bool no_new_privs; // a hint at Landlock
	int cgroup_bind;   // cgroup BPF bind programs in effect, -1 when it can't be read
};

// Capabilities are the effective ones, in the user namespace that owns the network namespace (cap_capable(),
// security/commoncap.c).
struct caller {
	uint32_t uid;
	bool net_bind_service, net_raw, net_admin;
	bool as_owner;     // it holds them because it made that user namespace: they do not go with the effective ones
	bool ping_group;   // one of its groups is inside net.ipv4.ping_group_range
	bool unprivileged; // it binds without its effective capabilities
	char owner[64];    // of the network namespace: "user namespace 4026532259 of uid 1000"; "" for the caller's own
	struct hooks hooks;
};

// The same caller after it has dropped its effective capabilities.
struct caller caller_unprivileged(const struct caller *c);

bool caller_equal(const struct caller *a, const struct caller *b);

#endif
