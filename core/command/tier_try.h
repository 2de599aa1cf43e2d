// SPDX-License-Identifier: GPL-3.0-or-later
// Which tiers this process has. Each is tried, not guessed.
#ifndef BINDWALK_TIER_TRY_H
#define BINDWALK_TIER_TRY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/command/tier.h"

enum { TIER_WHY = 512 }; // bytes that hold any of the reasons

// Has the calling process this tier, in the network namespace where it is? If not, why says what is missing and how to
// get it. Leaves the process, and the system, as they were. For a process of one thread.
bool tier_try(enum tier t, char *why, size_t len);

#endif
