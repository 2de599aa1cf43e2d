// SPDX-License-Identifier: GPL-3.0-or-later
// The tiers: what privileges let Bindwalk see and do. One does not imply those before it. Pure; tier_try.h tries
// them.
#ifndef BINDWALK_TIER_H
#define BINDWALK_TIER_H

enum tier { TIER_USER, TIER_LAB, TIER_NET, TIER_TRACE, TIER_BPF, TIER_COUNT };

struct tier_info {
	const char *name;  // "T0"
	const char *about; // what it gives
	const char *who;   // who has it
};

const struct tier_info *tier_info(enum tier t);

#endif
