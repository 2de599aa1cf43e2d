// SPDX-License-Identifier: GPL-3.0-or-later
// What leads from one state of a namespace to another, of all that bind looks at. Pure.
#ifndef BINDWALK_HOST_EDITS_H
#define BINDWALK_HOST_EDITS_H

#include "core/change/edit.h"

typedef void host_edit_fn(const struct edit *e, void *data);

// Calls `emit` for each edit in the order in which they can be made. `from` is NULL for a namespace that is new. Both
// are sorted. A device of a kind that the language can't make becomes a veth one whose other end is at the neighbour
// (link.no_carrier: and down there), and a route goes through its device without a gateway: bind sees no difference.
// An address with addr.tentative stays so.
void host_edits(const struct host *from, const struct host *to, host_edit_fn *emit, void *data);

#endif
