// SPDX-License-Identifier: GPL-3.0-or-later
// The hooks around bind that may refuse it and that no interface asks: LSMs, seccomp, cgroup BPF.
#ifndef BINDWALK_HOOKS_H
#define BINDWALK_HOOKS_H

#include <sys/types.h>

#include "core/model/caller.h"

// Active LSMs, seccomp and cgroup BPF programs on bind, for process `pid` or with 0 the calling thread.
void hooks_read(pid_t pid, struct hooks *out);

#endif
