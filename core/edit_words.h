// SPDX-License-Identifier: GPL-3.0-or-later
// The words that values of edits are spelled with. Pure; for core/edit*.c.
#ifndef BINDWALK_EDIT_WORDS_H
#define BINDWALK_EDIT_WORDS_H

#include <stdbool.h>

enum edit_list { LIST_NONE, LIST_SCOPES, LIST_PROTOCOLS, LIST_TABLES, LIST_ROUTE_TYPES, LIST_RULE_ACTIONS };

// -1 when the list has no such word.
int edit_word_value(enum edit_list list, const char *word);
// NULL when no word stands for it.
const char *edit_word_of(enum edit_list list, unsigned value);
// Decimal, or hexadecimal after 0x.
bool edit_number(const char *text, unsigned long max, unsigned long *out);

#endif
