// SPDX-License-Identifier: GPL-3.0-or-later
// The names of commands, as words of a line. Inside the language. Pure.
#ifndef BINDWALK_COMMAND_NAME_H
#define BINDWALK_COMMAND_NAME_H

#include "core/command/parser.h"

// The name; its first word is parsed already.
int parser_name(struct parser *p, const struct word *first);
// Words that a line may begin with, in turn, "" between them, NULL at the end; data has NAME_WORD bytes for one.
const char *parser_first_word(void *data, size_t n);
// Second words of the names that begin with the word in data, likewise.
const char *parser_second_word(void *data, size_t n);
// The objects that `ip OBJECT show` can list, in turn, NULL at the end; and whether a word is one of them.
const char *parser_object(size_t n);
bool parser_is_object(const char *word);

#endif
