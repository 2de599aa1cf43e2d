// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a caller: the credentials and capabilities of a process as bind counts them, and the hooks around it that may
// refuse.
#ifndef BINDWALK_CALLER_READ_H
#define BINDWALK_CALLER_READ_H

#include <sys/types.h>

#include "core/model/caller.h"
#include "core/model/host.h"

// Of process `pid`, or of the calling thread with 0, in the network namespace of the calling thread. Capabilities count
// in the user namespace that owns it, as cap_capable() (security/commoncap.c) decides. Needs h->sysctl for the ping
// groups. In a namespace that a process was named for (netns_process()), also in what that process differs from us.
// 0, or -errno if the process does not exist or cannot be inspected; *out is then undefined.
int caller_read(pid_t pid, const struct host *h, struct caller *out);
// Of a process (or thread) whose own bind it is: what it differs in from us plays no part, and is not looked for.
int caller_read_seen(pid_t pid, const struct host *h, struct caller *out);

#endif
