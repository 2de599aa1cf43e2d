// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/visible.h"

#include <stdio.h>
#include <string.h>

#include "core/text/width.h"

// Sorted. Unicode's categories Cc, Cf, Zs, Zl, Zp and Cs, what it calls default ignorable, the empty Braille pattern,
// and the 32 noncharacters that stand together.
static const struct {
	uint32_t first, last;
} hidden[] = {
	{0x00, 0x1f},       {0x7f, 0xa0},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},
	{0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},
	{0x115f, 0x1160},   {0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x2000, 0x200f},
	{0x2028, 0x202f},   {0x205f, 0x206f},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
	{0xd800, 0xdfff},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
	{0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
	{0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool visible_char(uint32_t c)
{
	if (c >= 0x20 && c < 0x7f)
		return true;
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden && hidden[i].first <= c; i++)
		if (c <= hidden[i].last)
			return false;
	return c <= 0x10ffff && (c & 0xfffe) != 0xfffe;
}

// Is the character at text shown as it is? *c gets its code point, or the byte where it is none; *bytes how long it is.
static bool is_shown(const char *text, size_t len, bool ascii, uint32_t *c, size_t *bytes)
{
	*bytes = width_decode(text, len, c);
	if (*bytes > 1)
		return !ascii && visible_char(*c);
	*c = (unsigned char)*text;
	return *c < 0x80 && visible_char(*c);
}

size_t visible_span(const char *text, size_t len)
{
	size_t at = 0, n = 1;
	for (uint32_t c; at < len; at += n) {
		bool plain = text[at] >= 0x20 && text[at] < 0x7f; // nearly all is
		n = 1;
		if (!plain && !is_shown(text + at, len - at, false, &c, &n))
			break;
	}
	return at;
}

size_t visible_one(const char *text, size_t len, bool ascii, char out[static VISIBLE_MOST])
{
	uint32_t c;
	size_t n;
	if (is_shown(text, len, ascii, &c, &n)) {
		memcpy(out, text, n);
		out[n] = '\0';
	} else {
		snprintf(out, VISIBLE_MOST, n == 1 ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x", (unsigned)c);
	}
	return n;
}

char *visible_copy(const char *text, char *buf, size_t size)
{
	char one[VISIBLE_MOST];
	size_t used = 0;
	for (size_t at = 0, len = strlen(text); at < len;) {
		at += visible_one(text + at, len - at, false, one);
		size_t n = strlen(one);
		if (used + n >= size)
			break;
		memcpy(buf + used, one, n);
		used += n;
	}
	buf[used] = '\0';
	return buf;
}
