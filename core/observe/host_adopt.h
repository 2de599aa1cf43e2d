// SPDX-License-Identifier: GPL-3.0-or-later
// A new reading takes the place of an older one. Pure.
#ifndef BINDWALK_HOST_ADOPT_H
#define BINDWALK_HOST_ADOPT_H

#include "core/model/host_change.h"
#include "core/observe/host_take.h"

// Gives h the parts (enum dump_kind) of a fresh, sorted reading that are not as they were, and adds what changed to
// `changes`. The caller frees what remains in `fresh`. True when something changed.
bool host_adopt(struct host *h, struct host *fresh, unsigned kinds, struct host_changes *changes);

#endif
