// SPDX-License-Identifier: GPL-3.0-or-later
// Why the kernel refuses to be watched, and what would let it: sentences without a period. A reason is given where it
// was proved; where it was not, what is there that may be the reason.
#ifndef BINDWALK_TRACING_REFUSAL_H
#define BINDWALK_TRACING_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

// Kernel lockdown in its strictest mode: no BPF program reads the kernel's memory then, and a kernel that booted with
// it has no tracepoints.
bool lockdown_is_confidential(void);

// For BPF programs that did not load or attach with `code`; `words`: what libbpf said last, "" for nothing. Tries out
// what the kernel does allow. Returns `code`.
int tracing_refusal(int code, const char *words, char *err, size_t errlen);

// For a perf event of that name that did not open with `code`, or has no ring. Returns `code`.
int perf_refusal(int code, const char *name, char *err, size_t errlen);

#endif
