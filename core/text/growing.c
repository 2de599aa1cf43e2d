// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/growing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void growing_add(struct growing *t, const char *fmt, ...)
{
	enum { CHUNK = 2048 };
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (t->failed || n < 0)
		return;
	if (t->len + (size_t)n >= t->cap) {
		size_t cap = t->len + (size_t)n + CHUNK;
		char *grown = realloc(t->p, cap);
		if (!grown) {
			free(t->p);
			*t = (struct growing){.failed = true};
			return;
		}
		t->p = grown;
		t->cap = cap;
	}
	va_start(args, fmt);
	vsnprintf(t->p + t->len, t->cap - t->len, fmt, args);
	va_end(args);
	t->len += (size_t)n;
}
