// SPDX-License-Identifier: GPL-3.0-or-later
// Applies one event of the kernel to a host. Pure.
//
// Events don't say everything (host_doubt.h), and a reading may already know of them. Whatever can't be applied with
// certainty must be read again, and nothing else.
#ifndef BINDWALK_HOST_APPLY_H
#define BINDWALK_HOST_APPLY_H

#include <linux/netlink.h>

#include "core/observe/applying.h"

// The host is sorted, and stays so. Returns the parts that can't be trusted any more and must be read again (enum
// dump_kind).
unsigned host_apply(struct host *h, const struct nlmsghdr *m, struct host_apply *a);

#endif
