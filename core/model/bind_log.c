// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/bind_log.h"

#include <stdlib.h>

void bind_log_free(struct bind_log *l)
{
	free(l->at);
	*l = (struct bind_log){0};
}

uint64_t bind_log_first(const struct bind_log *l)
{
	return l->ever > l->cap ? l->ever - l->cap : 0;
}

const struct bind_event *bind_log_at(const struct bind_log *l, uint64_t number)
{
	return number < l->ever && number >= bind_log_first(l) ? &l->at[number % l->cap] : NULL;
}

// Until the first one is overwritten, the index of each is its number, also after the array grows.
static void grow(struct bind_log *l)
{
	size_t cap = l->cap ? l->cap * 2 : 32;
	if (l->full || l->ever < l->cap)
		return;
	cap = cap < BIND_LOG ? cap : BIND_LOG;
	struct bind_event *more = realloc(l->at, cap * sizeof *more);
	l->full = !more ? l->cap > 0 : cap == BIND_LOG;
	if (!more)
		return;
	l->at = more;
	l->cap = cap;
}

uint64_t bind_log_add(struct bind_log *l, const struct bind_event *e)
{
	grow(l);
	if (!l->cap)
		return UINT64_MAX;
	l->at[l->ever % l->cap] = *e;
	return l->ever++;
}
