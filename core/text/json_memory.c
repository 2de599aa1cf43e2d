// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/json_memory.h"

#include <jansson.h>
#include <stdlib.h>

static _Thread_local bool lost;

static void *allocate(size_t size)
{
	void *p = malloc(size);
	lost |= !p;
	return p;
}

void json_memory_watch(void)
{
	json_set_alloc_funcs(allocate, free);
}

void json_memory_lose(void)
{
	lost = true;
}

bool json_memory_lost(void)
{
	bool was = lost;
	lost = false;
	return was;
}
