// SPDX-License-Identifier: GPL-3.0-or-later
// Text from outside (names, files, the environment) as text that is safe to show. Pure.
//
// A terminal acts on some characters instead of showing them, and others can't be seen or change the order of those
// beside them. These are shown as what they are: a byte as \x1b, a character beyond ASCII as \u202e or \U000e0041.
#ifndef BINDWALK_VISIBLE_H
#define BINDWALK_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VISIBLE_MOST = 11 }; // bytes of how one character is shown, with the NUL

// Can this code point be shown as itself? False for controls (tab and newline as well), formats, bidi controls, blanks
// other than the ASCII one, what has no width, separators, surrogates and what is not a character.
bool visible_char(uint32_t c);
// How many bytes of text[0..len) come before the first that can't be shown: len when all can.
size_t visible_span(const char *text, size_t len);
// How the character at text[0..len), len > 0, is shown; with ascii, for a terminal without UTF-8, nothing beyond ASCII
// stays as it is. Returns how many bytes of the text it is.
size_t visible_one(const char *text, size_t len, bool ascii, char out[static VISIBLE_MOST]);
// The whole text as UTF-8; what does not fit into size > 0 is cut between characters. Returns buf.
char *visible_copy(const char *text, char *buf, size_t size);

#endif
