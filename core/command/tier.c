// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/tier.h"

#include <stddef.h>

const struct tier_info *tier_info(enum tier t)
{
	static const struct tier_info tiers[TIER_COUNT] = {
		[TIER_USER] = {"T0", "observe, predict and bind; IP_FREEBIND needs no privilege", "any user"},
		[TIER_LAB] = {"T1", "a private lab, where everything can be changed",
			      "any user, where the system allows user namespaces"},
		[TIER_NET] = {"T2", "IP_TRANSPARENT, and with CAP_NET_ADMIN changes to this namespace",
			      "CAP_NET_ADMIN or CAP_NET_RAW"},
		[TIER_TRACE] =
			{"T3",
			 "the kernel's own FIB lookups while a bind runs (--witness), the binds of all programs (watch)",
			 "root, or CAP_PERFMON and a readable tracefs"},
		[TIER_BPF] = {"T4", "return values of kernel functions, beside a bind (--witness) and in watch",
			      "root, or CAP_BPF and CAP_PERFMON, where the kernel is not locked down and describes its "
			      "types (BTF)"},
	};
	return &tiers[t];
}
