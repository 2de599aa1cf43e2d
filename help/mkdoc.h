// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the man page, the completions and the key topic that are made from the tables.
#ifndef BINDWALK_MKDOC_H
#define BINDWALK_MKDOC_H

#include <stdio.h>

#include "core/command/command.h"

// A line "@NAME@" of a skeleton, and what prints its replacement.
struct part {
	const char *name;
	void (*print)(FILE *out);
};

extern const struct part man_parts[], shell_parts[]; // end with a NULL name

// "n", "F1, ?": the keys of a command and argument, those of one context with its name behind. "" for none.
void print_keys(enum command_id id, const char *arg, char *buf, size_t len);
// Calls each() for a command's arguments that keys give it, once for each.
void each_key_argument(enum command_id id, void (*each)(enum command_id id, const char *arg, FILE *out), FILE *out);

#endif
