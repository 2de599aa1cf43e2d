// SPDX-License-Identifier: GPL-3.0-or-later
// What host_apply() needs to know besides the host and the event. Pure.
#ifndef BINDWALK_APPLYING_H
#define BINDWALK_APPLYING_H

#include "core/model/host_change.h"
#include "core/observe/host_doubt.h"

// State that lasts from event to event. All zeros at first.
struct host_apply {
	// These parts (enum dump_kind) were read while the events arrived, and may already include them. After the last
	// event every object is right all the same, but the order among equal routes is not certain.
	unsigned unsure;
	const struct dump_edge *edges; // with DUMP_ROUTES4: where the reading may lack routes
	size_t nedges;
	struct host_doubts doubts;
	struct host_changes *changes; // gets a record of each change; may be NULL
};

#endif
