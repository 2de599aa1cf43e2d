// SPDX-License-Identifier: GPL-3.0-or-later
// What only some kernels have: found out by trying, in a namespace that exists for this alone.
#ifndef BINDWALK_FEATURE_H
#define BINDWALK_FEATURE_H

#include <stddef.h>

// "vrf", "ipv6". 0; -EOPNOTSUPP with a sentence in why, also for what can't be found out; -EINVAL for another name.
int feature_try(const char *name, char *why, size_t len);

#endif
