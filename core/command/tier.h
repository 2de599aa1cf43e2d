// SPDX-License-Identifier: GPL-3.0-or-later
// What can be seen and done depends on rights: the tiers. Each is tried, not guessed; one does not imply those before it.
#ifndef BINDWALK_TIER_H
#define BINDWALK_TIER_H

#include <stdbool.h>
#include <stddef.h>

enum tier { TIER_USER, TIER_LAB, TIER_NET, TIER_TRACE, TIER_BPF, TIER_COUNT };

enum { TIER_WHY = 512 }; // bytes that hold any of the reasons

struct tier_info {
	const char *name;  // "T0"
	const char *about; // what it gives
};

const struct tier_info *tier_info(enum tier t);

// Has the calling process this tier, in the network namespace where it is? If not, why says what is missing and how to get
// it. Leaves the process, and the system, as they were. For a process of one thread.
bool tier_try(enum tier t, char *why, size_t len);

#endif
