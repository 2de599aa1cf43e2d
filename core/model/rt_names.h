// SPDX-License-Identifier: GPL-3.0-or-later
// The words that values of routes, rules and addresses are spelled with. Pure.
#ifndef BINDWALK_RT_NAMES_H
#define BINDWALK_RT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// LIST_OLD_TYPES: route types that no route has.
enum rt_list {
	NO_LIST,
	LIST_SCOPES,
	LIST_PROTOCOLS,
	LIST_TABLES,
	LIST_ROUTE_TYPES,
	LIST_OLD_TYPES,
	LIST_RULE_ACTIONS,
	LIST_ADDR_FLAGS
};

// -1 when the list has no such word.
int rt_value(enum rt_list list, const char *word);
// NULL when no word stands for it.
const char *rt_name(enum rt_list list, unsigned value);
// The words of those flags (LIST_ADDR_FLAGS: IFA_F_*, of which one means something else for IPv4) that are set and
// among `which`, with blanks between. Returns buf.
char *rt_flags(int family, uint32_t flags, uint32_t which, char *buf, size_t len);
// Word n of the list, NULL at its end.
const char *rt_word(enum rt_list list, size_t n);
// Table ids as iproute2 spells them: "local", "main", "default", or digits. Returns buf, or a word.
const char *table_name(uint32_t table, char buf[static 12]);
// RTN_* without prefix, lower case ("local"); "?" for unknown.
const char *rtn_name(unsigned type);
// "RTN_LOCAL".
const char *rtn_symbol(unsigned type);
// Decimal, or hexadecimal after 0x.
bool rt_number(const char *text, unsigned long max, unsigned long *out);

#endif
