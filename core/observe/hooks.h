// SPDX-License-Identifier: GPL-3.0-or-later
// The hooks around bind that may refuse it and that no interface asks: LSMs, seccomp, cgroup BPF.
#ifndef BINDWALK_HOOKS_H
#define BINDWALK_HOOKS_H

#include "core/model/host.h"

// Active LSMs, seccomp and cgroup BPF programs on bind.
void hooks_read(struct hooks *out);

#endif
