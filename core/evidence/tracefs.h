// SPDX-License-Identifier: GPL-3.0-or-later
// Where tracepoints are described.
#ifndef BINDWALK_TRACEFS_H
#define BINDWALK_TRACEFS_H

#include "core/evidence/tracepoint.h"

// A descriptor of tracefs' directory: where it is mounted, or else a mount of our own that hangs nowhere, is seen by
// nobody and goes away with the descriptor. -errno on failure.
int tracefs_open(void);

// Reads the description of the tracepoint "system/name". -ENOENT where the kernel has none, -EINVAL where it can't be
// understood.
int tracefs_read(int dir, const char *name, struct tracepoint *out);

// The sentence for a failure of the two above: the cause and the remedy. Returns `code`.
int tracefs_refusal(int code, char *err, size_t errlen);
// For a tracepoint that the kernel does not have. Returns -ENOENT.
int tracefs_no_point(const char *name, char *err, size_t errlen);

#endif
