// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of UTF-8 text. Pure, but for the character classes of the present locale.
#ifndef BINDWALK_WIDTH_H
#define BINDWALK_WIDTH_H

#include <stddef.h>
#include <stdint.h>

// One character of text[0..len), len > 0. Returns its bytes (at least 1); invalid UTF-8 gives U+FFFD and one byte.
size_t width_decode(const char *text, size_t len, uint32_t *out);
// Writes 1..4 bytes, returns how many.
size_t width_encode(uint32_t c, char out[static 4]);
// 0 (combining), 1, or 2 columns. Expects text that visible.h made visible.
unsigned width_char(uint32_t c);
unsigned width_text(const char *text, size_t len);
// The bytes of the longest beginning that fits into cols columns; *used (may be NULL) gets its columns. Combining
// characters stay with their base.
size_t width_clip(const char *text, size_t len, unsigned cols, unsigned *used);
// Where a line of at most cols columns ends: at a blank, or in mid-word when there is none. *next gets where the next
// line begins. Both in bytes.
size_t width_wrap(const char *text, size_t len, unsigned cols, size_t *next);
// Copies text; what is wider than cols loses its middle to an ellipsis. Returns buf.
char *width_elide(const char *text, unsigned cols, char *buf, size_t size);

#endif
