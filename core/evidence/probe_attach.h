// SPDX-License-Identifier: GPL-3.0-or-later
// Attaches BPF programs of the loaded object to the kernel's functions, or to the tracepoints of bind. Only with BPF.
#ifndef BINDWALK_PROBE_ATTACH_H
#define BINDWALK_PROBE_ATTACH_H

#include "core/evidence/probe_plan.h"

struct bpf_link;
struct bpf_object;

enum { PROBE_LINKS = KERNEL_FUNCTIONS * 2 + 4 };

// All zero: nothing is loaded, and no function is to be watched.
struct probe_programs {
	struct bpf_object *object; // core/evidence/bpf/bind.bpf.c
	struct bpf_link *links[PROBE_LINKS];
	unsigned nlinks;
	struct probe_plan plan;
	struct function_sets sets;
	int no_bind; // why __sys_bind() is not watched: -errno
};

// Before the object is loaded: leaves out the programs that plan and `how` do not need.
void probe_choose(const struct probe_programs *p, const struct bind_probe_how *how);

// What follows is for an object that is loaded. Each returns 0 or -errno; what was attached stays so until
// probe_detach().

// The programs that follow a tree of processes.
int probe_attach_tree(struct probe_programs *p);
// All that are BY_MANY, in two calls.
int probe_attach_many(struct probe_programs *p);
// The others, one by one, and `sets` by what became of each. True: some that were BY_FEXIT are BY_KPROBE now, and the
// object has to be loaded again.
bool probe_attach_each(struct probe_programs *p);
// Those on the tracepoints of the system call. With a sentence.
int probe_attach_points(struct probe_programs *p, char *err, size_t errlen);
// What counts the binds whose end kprobes miss, where they may. Only to count: where it is refused, so be it.
void probe_attach_missed(struct probe_programs *p, const struct bind_probe_how *how);

// How often the kernel has left out one of the loaded programs: of all, and of those without which a bind is not seen.
// It does so where a thread was stopped inside of a program and another one came to it; kernels before 5.12, which stop
// no thread there, do not count it.
struct probe_missed {
	uint64_t all, vital;
};
struct probe_missed probe_missed(const struct probe_programs *p);

void probe_detach(struct probe_programs *p);

#endif
