// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text/visible.h"

void row_clear(struct row *r)
{
	r->nspans = 0;
	r->used = 0;
	r->hanging = 0;
	r->truncated = false;
	r->text[0] = '\0';
}

__attribute__((format(printf, 4, 0))) static void add(struct row *r, enum role role, bool right, const char *fmt,
						      va_list args)
{
	char text[ROW_TEXT];
	int n = vsnprintf(text, sizeof text, fmt, args);
	if (n <= 0)
		return;
	if (r->nspans == ROW_SPANS) {
		r->truncated = true;
		return;
	}
	struct span *s = &r->spans[r->nspans];
	*s = (struct span){.start = r->used, .role = (uint8_t)role, .right = right};
	size_t len = strlen(text), at = 0;
	if (len < sizeof r->text - r->used && visible_span(text, len) == len) { // nearly always
		memcpy(r->text + r->used, text, len);
		r->used = (uint16_t)(r->used + len);
		at = len;
	}
	while (at < len) {
		char one[VISIBLE_MOST];
		size_t bytes = visible_one(text + at, len - at, false, one), shown = strlen(one);
		if (r->used + shown >= sizeof r->text)
			break;
		memcpy(r->text + r->used, one, shown);
		r->used = (uint16_t)(r->used + shown);
		at += bytes;
	}
	r->truncated |= at < (size_t)n;
	r->text[r->used] = '\0';
	s->len = (uint16_t)(r->used - s->start);
	if (s->len > 0)
		r->nspans++;
}

void row_add(struct row *r, enum role role, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	add(r, role, false, fmt, args);
	va_end(args);
}

void row_right(struct row *r, enum role role, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	add(r, role, true, fmt, args);
	va_end(args);
}

void row_add_part(struct row *out, const struct row *r, size_t from, size_t to)
{
	for (unsigned i = 0; i < r->nspans; i++) {
		const struct span *s = &r->spans[i];
		size_t a = s->start > from ? s->start : from, b = (size_t)s->start + s->len;
		b = b < to ? b : to;
		if (a < b)
			row_add(out, (enum role)s->role, "%.*s", (int)(b - a), r->text + a);
	}
}
