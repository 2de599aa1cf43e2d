// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/width.h"

#include <string.h>
#include <wchar.h>

enum { REPLACEMENT = 0xfffd };

size_t width_decode(const char *text, size_t len, uint32_t *out)
{
	const unsigned char *p = (const unsigned char *)text;
	static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = p[0] < 0x80                   ? 1
		   : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
		   : (p[0] & 0xf0) == 0xe0       ? 3
		   : (p[0] & 0xf8) == 0xf0       ? 4
						 : 0;
	if (n == 1) {
		*out = p[0];
		return 1;
	}
	*out = REPLACEMENT;
	if (n == 0 || n > len)
		return 1;
	uint32_t c = p[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 1;
	*out = c;
	return n;
}

size_t width_encode(uint32_t c, char out[static 4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(0xf00u >> n | c);
	return n;
}

unsigned width_char(uint32_t c)
{
	if (c < 0x80)
		return 1;
	int w = wcwidth((wchar_t)c);
	return w < 0 ? 1 : (unsigned)w;
}

unsigned width_text(const char *text, size_t len)
{
	unsigned cols = 0;
	width_clip(text, len, (unsigned)-1, &cols);
	return cols;
}

size_t width_clip(const char *text, size_t len, unsigned cols, unsigned *used)
{
	size_t at = 0;
	unsigned col = 0;
	while (at < len) {
		uint32_t c;
		size_t n = width_decode(text + at, len - at, &c);
		unsigned w = width_char(c);
		if (w > cols - col)
			break;
		col += w;
		at += n;
	}
	if (used)
		*used = col;
	return at;
}

size_t width_wrap(const char *text, size_t len, unsigned cols, size_t *next)
{
	size_t fits = width_clip(text, len, cols, NULL);
	if (fits == len) {
		*next = len;
		return len;
	}
	size_t end = fits;
	while (end > 0 && text[end] != ' ')
		end--;
	if (end == 0) {
		if (fits == 0) { // not even one character: take it anyway, or nobody ever ends
			uint32_t c;
			fits = width_decode(text, len, &c);
		}
		*next = fits;
		return fits;
	}
	*next = end;
	while (*next < len && text[*next] == ' ')
		(*next)++;
	while (end > 0 && text[end - 1] == ' ')
		end--;
	return end;
}

// Where the last `cols` columns of the text begin.
static size_t tail_start(const char *text, size_t len, unsigned cols)
{
	unsigned total = width_text(text, len);
	if (total <= cols)
		return 0;
	size_t at = 0;
	unsigned skipped = 0;
	while (at < len && skipped < total - cols) {
		uint32_t c;
		at += width_decode(text + at, len - at, &c);
		skipped += width_char(c);
	}
	return at;
}

char *width_elide(const char *text, unsigned cols, char *buf, size_t size)
{
	static const char dots[] = "…";
	size_t len = strlen(text);
	size_t head = len, tail = len;
	if (width_text(text, len) > cols) {
		unsigned keep = cols > 1 ? cols - 1 : 0;
		head = width_clip(text, len, keep - keep / 2, NULL);
		tail = tail_start(text, len, keep / 2);
	}
	size_t need = head + (head < len ? sizeof dots - 1 : 0) + (len - tail);
	if (need >= size) { // a caller's buffer that is too small: nothing rather than half a character
		buf[0] = '\0';
		return buf;
	}
	memcpy(buf, text, head);
	size_t at = head;
	if (head < len) {
		memcpy(buf + at, dots, sizeof dots - 1);
		at += sizeof dots - 1;
	}
	memcpy(buf + at, text + tail, len - tail);
	buf[at + len - tail] = '\0';
	return buf;
}
