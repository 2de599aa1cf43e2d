// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void row_clear(struct row *r)
{
	r->nspans = 0;
	r->used = 0;
	r->truncated = false;
	r->text[0] = '\0';
}

// The last byte position at or before `len` at which a UTF-8 character ends.
static size_t whole_characters(const char *text, size_t len)
{
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static bool is_control(const char *p)
{
	unsigned char c = (unsigned char)*p;
	// C0, DEL, and C1 in its two-byte UTF-8 form
	return c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)p[1] >= 0x80 && (unsigned char)p[1] < 0xa0);
}

static void add(struct row *r, enum role role, bool right, const char *fmt, va_list args)
{
	char text[ROW_TEXT];
	int n = vsnprintf(text, sizeof text, fmt, args);
	if (n < 0)
		return;
	size_t len = (size_t)n;
	if (len >= sizeof text) {
		r->truncated = true;
		len = strlen(text);
		while (len > 0 && ((unsigned char)text[len - 1] & 0x80))
			len--; // whatever character stood at the cut
	}
	size_t room = sizeof r->text - 1 - r->used;
	if (len > room) {
		r->truncated = true;
		len = whole_characters(text, room);
	}
	if (r->nspans == ROW_SPANS) {
		r->truncated = true;
		return;
	}
	struct span *s = &r->spans[r->nspans];
	*s = (struct span){.start = r->used, .role = (uint8_t)role, .right = right};
	for (size_t i = 0; i < len; i++) {
		if (is_control(text + i)) {
			r->text[r->used++] = '?';
			if ((unsigned char)text[i] == 0xc2)
				i++;
		} else {
			r->text[r->used++] = text[i];
		}
	}
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
