// SPDX-License-Identifier: GPL-3.0-or-later
// Sysctls of a network namespace as edits. Inside the inventory: core/change/inventory*.c.
#ifndef BINDWALK_INVENTORY_SYSCTL_H
#define BINDWALK_INVENTORY_SYSCTL_H

#include "core/change/inventory_take.h"

// Takes each sysctl below net. that the calling thread may read and that somebody may write to. 0 or -errno.
int sysctl_each(struct inventory_reading *r);
// The same for one, if it is there.
int sysctl_one(const char *name, struct inventory_reading *r);

#endif
