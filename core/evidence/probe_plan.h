// SPDX-License-Identifier: GPL-3.0-or-later
// In which way each of the kernel's functions is watched. Pure.
#ifndef BINDWALK_PROBE_PLAN_H
#define BINDWALK_PROBE_PLAN_H

#include "core/evidence/probe_how.h"
#include "core/model/kernel.h"
#include "core/model/kernel_call.h"

// fexit programs slow a function down the least; but each is attached on its own, and before 6.13 takes a tenth of a
// second to detach. For one's own few binds it is quicker to attach kprobes to many functions at once, where the kernel
// can (5.18): to all but those that packets pass, and the system call.
// Where a kernel may stop a thread inside of an fexit program, it leaves that program out for all others on the same
// processor until the thread goes on: of 16 threads that bind on one, nine binds of ten. Kprobes are not stopped.
enum probe_way { BY_NONE, BY_FEXIT, BY_MANY, BY_KPROBE };

// What the types of the kernel and its modules say.
struct probe_types {
	int arguments[KERNEL_FUNCTIONS]; // -1: the kernel itself has no such function
	uint64_t of_modules;             // 1 << enum kernel_function
	bool many;                       // kprobes can be attached to many functions at once
	bool tells_values;               // an fexit program may ask what a function returned
	bool preempts;                   // a thread may be stopped inside of an fexit program
};

struct probe_plan {
	enum probe_way way[KERNEL_FUNCTIONS];
};

void probe_plan_make(const struct probe_types *types, const struct bind_probe_how *how, struct probe_plan *out);

// All that were to be watched in one way are so in another. False where there were none.
bool probe_plan_instead(struct probe_plan *p, enum probe_way from, enum probe_way to);

// Can letting go of fexit programs or of many kprobes hang, and with it all tracing on this host? It can where the
// process is killed because the init of its pid namespace ends: letting go waits for RCU tasks, they wait for the init,
// and the init waits for the process. From 5.18 until 6.9 (exit_tasks_rcu_start(), kernel/rcu/tasks.h). Kprobes that
// are attached one by one never wait. `k` is NULL where the kernel is not known; `pidns` is the namespace's inode.
bool probe_may_hang(const struct kernel *k, uint64_t pidns);

// May such a kernel stop a thread anywhere? `version` is uname's; `mode` what sched/preempt in debugfs says, as in
// "none (voluntary) full", "" where it is not known.
bool probe_preempts(const char *version, const char *mode);

#endif
