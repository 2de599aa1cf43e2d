// SPDX-License-Identifier: GPL-3.0-or-later
// The words that fit at the cursor of a line being typed. Pure.
#ifndef BINDWALK_COMMAND_COMPLETE_H
#define BINDWALK_COMMAND_COMPLETE_H

#include "core/command/command.h"

// Offers each word that may stand at the cursor and begins as it is typed. Ends early when offer() returns false.
struct completion {
	bool (*offer)(const char *word, void *data);
	void *data;
	bool *file; // where not NULL: set when the name of a file may stand there, which only the caller can look up
};
// h may be NULL: then what a host has is not offered.
void command_complete(const char *line, size_t point, const struct host *h, const struct completion *to);
// The same for a prompt that asks for one argument alone.
void argument_complete(enum argument kind, const char *word, size_t len, const struct host *h,
		       const struct completion *to);

#endif
