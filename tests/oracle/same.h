// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the kernel has changed something by itself between two readings.
#ifndef BINDWALK_SAME_H
#define BINDWALK_SAME_H

#include "core/model/host.h"

bool same_host(const struct host *a, const struct host *b);
bool same_socks(const struct host *a, const struct host *b); // that were asked for

#endif
