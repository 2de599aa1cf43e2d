// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/command_complete.h"
#include "tui/lesson_names.h"

static bool keep(const char *word, void *data)
{
	struct candidates *c = data;
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->text[i], word) == 0)
			return true;
	if (c->count == COMPLETE_MOST) {
		c->more = true;
		return false;
	}
	if (c->count == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 16;
		char(*grown)[COMPLETE_TEXT] = realloc(c->text, cap * sizeof *grown);
		if (!grown)
			return false;
		c->text = grown;
		c->cap = cap;
	}
	snprintf(c->text[c->count++], COMPLETE_TEXT, "%s", word);
	return true;
}

void candidates_free(struct candidates *c)
{
	free(c->text);
	*c = (struct candidates){0};
}

void complete_line(const struct app *app, enum prompt_kind kind, const char *line, size_t start, size_t end,
		   struct candidates *out)
{
	struct completion to = {keep, out, &out->file};
	*out = (struct candidates){0};
	if (kind == PROMPT_COMMAND) {
		command_complete(line, end, app->now.host, &to);
		lesson_names_complete(line, start, end, keep, out);
	} else if (kind == PROMPT_ADDRESS)
		argument_complete(ARG_ENDPOINT, line + start, end - start, app->now.host, &to);
	else if (kind == PROMPT_DEVICE)
		argument_complete(ARG_DEVICE, line + start, end - start, app->now.host, &to);
}
