// SPDX-License-Identifier: GPL-3.0-or-later
// One event of the kernel's into a host that was read before it. Pure.
//
// Not all that happens is announced (host_doubt.h), and what was announced may have been read already. What cannot be applied with
// certainty has to be read again, and only that.
#ifndef BINDWALK_HOST_APPLY_H
#define BINDWALK_HOST_APPLY_H

#include <linux/netlink.h>

#include "core/model/host_change.h"
#include "core/observe/host_doubt.h"

// How events are applied, and what that leads to. All zeros at first.
struct host_apply {
	// These parts (enum dump_kind) were read while the events came, so they may know of them already. Each event still is the
	// newest of its object when all have been applied; order among equal routes can't be told.
	unsigned unsure;
	const struct dump_edge *edges; // with DUMP_ROUTES4: where the reading may have left routes out
	size_t nedges;
	struct host_doubts doubts;
	struct host_changes *changes; // what was done is added; may be NULL
};

// Applies an event to a sorted host, which stays sorted. Returns the parts that can't be trusted any more (enum dump_kind): they
// have to be read again.
unsigned host_apply(struct host *h, const struct nlmsghdr *m, struct host_apply *a);

#endif
