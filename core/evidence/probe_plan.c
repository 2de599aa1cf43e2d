// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/probe_plan.h"

#include <string.h>

static const int arguments_510[] = {
#define FUNCTION(name, step, takes, gives, arguments, quiet) arguments,
#include "core/model/kernel_functions.def"
#undef FUNCTION
};

static enum probe_way best_way(enum kernel_function f, const struct probe_types *types,
			       const struct bind_probe_how *how)
{
	const struct kernel_function_info *info = kernel_function_info(f);
	bool of_module = types->of_modules >> f & 1;
	if (how->quiet && !info->quiet)
		return BY_NONE;
	if (how->kprobes || (types->arguments[f] < 0 && !of_module))
		return BY_KPROBE;
	bool many = how->own_thread ? info->quiet && f != KF___sys_bind : types->preempts;
	if (types->many && many)
		return BY_MANY;
	if (of_module) // an fexit program of a module needs CAP_SYS_ADMIN
		return BY_KPROBE;
	// Where a value can't be asked for, it stands behind the arguments.
	return types->tells_values || types->arguments[f] == arguments_510[f] ? BY_FEXIT : BY_KPROBE;
}

void probe_plan_make(const struct probe_types *types, const struct bind_probe_how *how, struct probe_plan *out)
{
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		out->way[f] = best_way((enum kernel_function)f, types, how);
}

bool probe_plan_instead(struct probe_plan *p, enum probe_way from, enum probe_way to)
{
	bool any = false;
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		any |= p->way[f] == from;
		p->way[f] = p->way[f] == from ? to : p->way[f];
	}
	return any;
}

bool probe_may_hang(const struct kernel *k, uint64_t pidns)
{
	const uint64_t first = 0xEFFFFFFC; // PROC_PID_INIT_INO, which never ends
	return pidns != first && (!k || (kernel_compare(k, 5, 18) >= 0 && kernel_compare(k, 6, 9) < 0));
}

bool probe_preempts(const char *version, const char *mode)
{
	return strstr(version, "PREEMPT") && !strstr(mode, "(none)") && !strstr(mode, "(voluntary)");
}
