// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/command_words.h"

#include <string.h>

#include "core/command/parser.h"

int command_words(const char *line, struct command_words *out, char *err, size_t errlen)
{
	struct command_call call = {0};
	struct parser p = {.line = line, .used = 1, .call = &call, .err = err, .errlen = errlen};
	struct word w;
	int ret;
	*out = (struct command_words){0};
	while ((ret = parser_next(&p, &w)) > 0) {
		if (out->n == COMMAND_WORDS)
			return parser_wrong(&p, w.start, "a command cannot have more than %d words", COMMAND_WORDS);
		out->word[out->n++] = out->text + w.at;
	}
	memcpy(out->text, call.text, sizeof out->text);
	return ret;
}
