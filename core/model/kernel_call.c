// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/kernel_call.h"

#include <string.h>

static const struct kernel_function_info functions[KERNEL_FUNCTIONS] = {
#define FUNCTION(name, step, takes, gives, arguments, quiet)                                                           \
	[KF_##name] = {#name, STEP_##step, TAKES_##takes, GIVES_##gives, quiet},
#include "core/model/kernel_functions.def"
#undef FUNCTION
};

_Static_assert(KERNEL_FUNCTIONS <= 64, "a set of functions is a uint64_t");

const struct kernel_function_info *kernel_function_info(enum kernel_function f)
{
	return &functions[f];
}

int kernel_function_find(const char *name)
{
	for (int i = 0; i < KERNEL_FUNCTIONS; i++)
		if (strcmp(functions[i].name, name) == 0)
			return i;
	return -1;
}

bool witnessed_watched(const struct witnessed *w, enum kernel_function f)
{
	return w->sets.watched >> f & 1;
}

const struct kernel_call *witnessed_call(const struct witnessed *w, enum kernel_function f)
{
	for (unsigned i = 0; i < w->ncalls; i++)
		if (w->calls[i].function == f)
			return &w->calls[i];
	return NULL;
}

int kernel_call_errno(const struct kernel_call *c)
{
	enum { MOST = 4095 };
	return c->returned < 0 && c->returned >= -MOST ? -(int)c->returned : 0;
}
