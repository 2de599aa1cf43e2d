// SPDX-License-Identifier: GPL-3.0-or-later
// Sysctls of a network namespace as edits. Inside the inventory: core/change/inventory*.c.
#ifndef BINDWALK_INVENTORY_SYSCTL_H
#define BINDWALK_INVENTORY_SYSCTL_H

#include "core/change/inventory.h"

// Hands each sysctl below net. that the calling thread may read and that somebody may write to `each`, whose non-zero value
// ends it and is returned. 0 or -errno.
int sysctl_each(int (*each)(const struct edit *e, void *data), void *data);
// The same for one, if it is there.
int sysctl_one(const char *name, int (*each)(const struct edit *e, void *data), void *data);

#endif
