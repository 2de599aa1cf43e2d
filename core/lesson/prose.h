// SPDX-License-Identifier: GPL-3.0-or-later
// Words and sentences of an English text. Pure.
#ifndef BINDWALK_PROSE_H
#define BINDWALK_PROSE_H

#include <stdbool.h>
#include <stddef.h>

// What stands between blanks is a word, if a letter or digit is in it.
unsigned prose_words(const char *text, size_t len);

struct sentence {
	size_t at, len; // in the text
	unsigned words;
};

// Moves on to the next sentence of a text; a zeroed one stands before the first. It ends with ".", "!" or "?" before a
// blank or the end, except after "e.g.", "i.e." and their like. False at the end.
bool prose_sentence(const char *text, struct sentence *s);

#endif
