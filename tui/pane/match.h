// SPDX-License-Identifier: GPL-3.0-or-later
// What a filter's text means: a line matches when it has each of the text's words, in any letter case. Pure.
#ifndef BINDWALK_MATCH_H
#define BINDWALK_MATCH_H

#include "core/text/rows.h"

enum { MATCH_WORDS = 8, MATCH_TEXT = 64 };

struct match_words {
	unsigned n;
	unsigned numeric;        // bit for each word that begins with a digit, and so is in no name of a kind
	uint8_t at[MATCH_WORDS]; // where in text it begins
	char text[MATCH_TEXT];
};

static inline const char *match_word(const struct match_words *w, unsigned i)
{
	return w->text + w->at[i];
}

// More words than these belong to the last one.
void match_split(const char *text, struct match_words *out);
// Which words the line has: bit i for word i.
unsigned match_found(const struct match_words *w, const char *line);
// All of them.
static inline unsigned match_all(const struct match_words *w)
{
	return (1u << w->n) - 1;
}
// Gives the parts of a row that match another role, if it has room for them.
void match_mark(const struct match_words *w, unsigned role, struct row *r);

#endif
