// SPDX-License-Identifier: GPL-3.0-or-later
// Why the kernel refuses to be watched, and what would let it: a sentence without a period.
#ifndef BINDWALK_TRACING_REFUSAL_H
#define BINDWALK_TRACING_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

// Kernel lockdown in its strictest mode, which refuses tracing even to root.
bool lockdown_is_confidential(void);

// For BPF programs that did not load or attach with `code`; `words`: what libbpf said last, "" for nothing. Returns
// `code`.
int tracing_refusal(int code, const char *words, char *err, size_t errlen);

#endif
