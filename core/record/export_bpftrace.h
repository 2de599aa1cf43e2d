// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a bpftrace script that watches the kernel functions which decided its binds, on the kernel that it was
// recorded on, while the session's shell script runs. Pure.
#ifndef BINDWALK_EXPORT_BPFTRACE_H
#define BINDWALK_EXPORT_BPFTRACE_H

#include <stdio.h>

#include "core/record/recording.h"

// 0 or -errno of the stream; -ENOMEM where a walk could not be made.
int export_bpftrace(const struct recording *r, FILE *out);

#endif
