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

// Why a process lacks a capability, as far as /proc tells.
enum lack {
	LACK_PLAIN,
	LACK_DROPPED,      // not in its bounding set either
	LACK_BOUNDING,     // in its bounding set, which was restricted, and nothing grants it
	LACK_NO_NEW_PRIVS, // its program's file has it, and it has no_new_privs
};

// In what the process that a bind is asked for differs from the one that makes the bind.
enum differs {
	DIFFERS_USER_NS,
	DIFFERS_UID,
	DIFFERS_GROUPS,
	DIFFERS_CAPABILITIES,
	DIFFERS_NO_NEW_PRIVS,
	DIFFERS_SECCOMP,
	DIFFERS_LANDLOCK, // it may have Landlock rules, which nothing shows
	DIFFERS_LABEL,    // of the security modules
	DIFFERS_CGROUP,
	DIFFERS_COUNT
};
#define DIFFERS(d) (1U << DIFFERS_##d)

// How the process `pid` was asked for.
enum stand_in {
	ASKED_AS_OURSELVES, // its network namespace was entered, and no more
	ASKED_AS_IT,        // the prediction is for it, and `differs` is what a live bind was made without
	PREDICTED_AS_IT,    // likewise; `differs` is what kept us from binding as it
	SEEN_OF_IT,         // the bind was its own
};

// Capabilities are the effective ones, in the user namespace that owns the network namespace (cap_capable(),
// security/commoncap.c). Values that could not be read are UNKNOWN.
// As whom a bind is made, other than as ourselves: an ordinary user (ordinary_uid) without effective capabilities.
enum unprivileged {
	UNPRIVILEGED_OFF,
	UNPRIVILEGED_ON,
	UNPRIVILEGED_BOUNDING, // CAP_NET_BIND_SERVICE is all that its bounding set has, and no other set has it
	UNPRIVILEGED_AMBIENT   // the same, and it is an ambient capability: the permitted and effective sets have it
};

struct caller {
	uint32_t uid; // that its sockets get: the file system's
	enum tri net_bind_service, net_raw, net_admin;
	enum lack lack_bind_service, lack_raw; // of those that are NO
	bool as_owner; // it holds them because it made that user namespace: they do not go with the effective ones
	enum tri ping_group;            // one of its groups is inside net.ipv4.ping_group_range
	enum unprivileged unprivileged; // how it binds
	uint32_t ordinary_uid;          // an ordinary user's, that it can become; 0: it has one already, or can't
	char owner[64]; // of the network namespace: "user namespace 4026532259 of uid 1000"; "" for the caller's own
	uint32_t gid;   // effective
	struct hooks hooks;

	uint32_t pid; // the process that is asked for, 0 for ourselves
	char comm[64];
	enum stand_in stand_in;
	unsigned differs; // set of DIFFERS()
};

// The same caller as an ordinary user: without effective capabilities, and with another uid where it is root's.
struct caller caller_unprivileged(const struct caller *c);
// As one of these.
struct caller caller_lowered(const struct caller *c, enum unprivileged how);
// "" for UNPRIVILEGED_OFF, else "unprivileged", "unprivileged bounding", "unprivileged ambient": as a command.
const char *unprivileged_name(enum unprivileged u);

bool caller_equal(const struct caller *a, const struct caller *b);

// "uid", "no_new_privs": the name in JSON.
const char *differs_name(enum differs d);

#endif
