// SPDX-License-Identifier: GPL-3.0-or-later
// The state of one line being read, and its words. Inside the language: command_*.c. Pure.
#ifndef BINDWALK_PARSER_H
#define BINDWALK_PARSER_H

#include "core/command/command.h"

enum { NAME_WORD = 48 }; // bytes that hold a word of a name

struct word {
	size_t start, end; // in the line
	uint16_t at;       // in the call's text, without quotes
	bool quoted;
};

struct parser {
	const char *line;
	size_t at;
	size_t used; // of the call's text; begins at 1
	struct command_call *call;
	char *err;
	size_t errlen;
	size_t column;
	bool ip;                // "ip" came first
	bool named;             // call->id is known
	char object[NAME_WORD]; // the first word where a second one must or may follow, else ""
};

// -EINVAL, and what is wrong at that byte of the line.
__attribute__((format(printf, 3, 4))) int parser_wrong(struct parser *p, size_t column, const char *fmt, ...);
bool parser_blank(char c);
void parser_skip_blanks(struct parser *p);
// One byte into the call's text. 0 or -EINVAL.
int parser_put(struct parser *p, char c, size_t column);
// 1 and a word, 0 at the end of the line or before a comment, or -EINVAL.
int parser_next(struct parser *p, struct word *w);
// Looks at the next word without taking it.
int parser_peek(struct parser *p, struct word *w);
const char *parser_text(const struct parser *p, const struct word *w);

#endif
