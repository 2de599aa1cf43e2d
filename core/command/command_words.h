// SPDX-License-Identifier: GPL-3.0-or-later
// The words of another program's command line, as this language has words: "..." and '...' keep blanks, and a word that
// begins with # ends the line. Nothing is expanded: there is no shell. Pure.
#ifndef BINDWALK_COMMAND_WORDS_H
#define BINDWALK_COMMAND_WORDS_H

#include "core/command/command.h"

enum { COMMAND_WORDS = COMMAND_ARG / 2 };

struct command_words {
	size_t n;
	char *word[COMMAND_WORDS + 1]; // NULL behind the last
	char text[COMMAND_TEXT];
};

// Of at most COMMAND_ARG - 1 bytes. 0, or -EINVAL with a sentence.
int command_words(const char *line, struct command_words *out, char *err, size_t errlen);

#endif
