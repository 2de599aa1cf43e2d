// SPDX-License-Identifier: GPL-3.0-or-later
// Why a process lacks a capability: the sets, and the program's file.
#ifndef BINDWALK_CAP_LACK_H
#define BINDWALK_CAP_LACK_H

#include <stddef.h>

#include "core/model/caller.h"
#include "core/observe/credentials.h"

// Of process `pid`, or the calling thread with 0, that has these credentials. LACK_PLAIN also for one that it has.
enum lack cap_lack(pid_t pid, const struct credentials *c, unsigned cap);

// Does an extended attribute security.capability give it to who executes the file? struct vfs_cap_data.
bool cap_in_file(const void *attribute, size_t len, unsigned cap);

#endif
