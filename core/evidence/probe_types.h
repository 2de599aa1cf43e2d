// SPDX-License-Identifier: GPL-3.0-or-later
// What the running kernel's description of its types (BTF) says of the functions that are watched. Only with BPF.
#ifndef BINDWALK_PROBE_TYPES_H
#define BINDWALK_PROBE_TYPES_H

#include "core/evidence/probe_plan.h"

// Reads /sys/kernel/btf. 0, or -errno with a sentence that says what is missing.
int probe_types_read(struct probe_types *out, char *err, size_t errlen);

#endif
