// SPDX-License-Identifier: GPL-3.0-or-later
// The words that values of routes, rules and addresses are spelled with. Pure.
#ifndef BINDWALK_RT_NAMES_H
#define BINDWALK_RT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum rt_list {
	NO_LIST,
	LIST_SCOPES,
	LIST_PROTOCOLS,
	LIST_TABLES,
	LIST_ROUTE_TYPES,
	LIST_RULE_ACTIONS,
	LIST_ADDR_FLAGS
};

// -1 when the list has no such word.
int rt_value(enum rt_list list, const char *word);
// NULL when no word stands for it.
const char *rt_name(enum rt_list list, unsigned value);
// Word n of the list, NULL at its end.
const char *rt_word(enum rt_list list, size_t n);
// Decimal, or hexadecimal after 0x.
bool rt_number(const char *text, unsigned long max, unsigned long *out);

#endif
