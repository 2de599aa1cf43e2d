// SPDX-License-Identifier: GPL-3.0-or-later
// Names and texts with bytes that a terminal would act on or hide, where Bindwalk meets them; and what may come out.
#ifndef BINDWALK_HOSTILE_H
#define BINDWALK_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>

// All kinds of such bytes, but no line ends; and names for interfaces, which are short and without blanks.
enum { HOSTILE_NAMES = 8, HOSTILE_KINDS = 24 };
extern const char hostile_text[];
extern const char *const hostile_names[HOSTILE_NAMES];

// Gives this network namespace interfaces of those names, each with addresses, routes and another name, the host such a
// name as well, and makes a process of such a name hold TCP port 7777 at 127.0.0.1, as long as this one lives.
void hostile_furnish(void);

// What came out and may not: a description, NULL for nothing. A text may have line ends and tabs, and where it is to be
// ASCII nothing beyond that; a terminal's input may have what curses sends, but no title and nothing that blinks, which
// only what is hostile asks for.
const char *hostile_in_text(const char *bytes, size_t len, bool ascii);
const char *hostile_in_terminal(const char *bytes, size_t len, bool ascii);

#endif
