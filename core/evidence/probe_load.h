// SPDX-License-Identifier: GPL-3.0-or-later
// Loads the BPF object into the kernel and attaches it, in the best way that this kernel allows. Only with BPF.
#ifndef BINDWALK_PROBE_LOAD_H
#define BINDWALK_PROBE_LOAD_H

#include "core/evidence/probe_attach.h"

struct bind_control;

struct probe_loaded {
	struct probe_programs programs;
	struct bind_control *control; // the programs' variables, shared with them
};

// `out` is all zero. 0, or -errno with a sentence that says what is missing and how to get it; probe_unload() in both
// cases.
int probe_load(const struct bind_probe_how *how, struct probe_loaded *out, char *err, size_t errlen);
void probe_unload(struct probe_loaded *l);

// The descriptor of a map, or -errno.
int probe_map(const struct probe_loaded *l, const char *name);

#endif
