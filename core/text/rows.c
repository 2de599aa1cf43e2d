// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/rows.h"

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

// Bytes of the well-formed UTF-8 character at p, 0 when there is none.
static size_t character(const char *p)
{
	const unsigned char *c = (const unsigned char *)p;
	if (c[0] < 0x80)
		return 1;
	size_t n = c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : c[0] < 0xf5 ? 4 : 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	bool overlong = (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xf0 && c[1] < 0x90);
	bool no_code_point = (c[0] == 0xed && c[1] >= 0xa0) || (c[0] == 0xf4 && c[1] >= 0x90);
	return overlong || no_code_point ? 0 : n;
}

// How many of the first `len` bytes to keep so that no character is cut in two.
static size_t whole_characters(const char *text, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		unsigned char c = (unsigned char)text[len - back];
		if ((c & 0xc0) == 0x80)
			continue;
		size_t whole = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
		return whole > back ? len - back : len;
	}
	return len;
}

// C0, DEL and C1, which in UTF-8 has two bytes.
static bool is_control(const char *p)
{
	unsigned char c = (unsigned char)*p;
	return c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)p[1] < 0xa0);
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
	size_t len = strlen(text), room = sizeof r->text - 1 - r->used;
	if ((size_t)n > room) {
		r->truncated = true;
		len = whole_characters(text, len < room ? len : room);
	}
	struct span *s = &r->spans[r->nspans];
	*s = (struct span){.start = r->used, .role = (uint8_t)role, .right = right};
	for (size_t i = 0; i < len;) {
		size_t bytes = character(text + i);
		if (!bytes || is_control(text + i)) {
			r->text[r->used++] = '?';
		} else {
			memcpy(r->text + r->used, text + i, bytes);
			r->used = (uint16_t)(r->used + bytes);
		}
		i += bytes ? bytes : 1;
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
