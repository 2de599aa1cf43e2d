// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/confirm.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/command/command.h"
#include "core/command/command_edit.h"
#include "core/command/command_parse.h"
#include "tui/complain.h"
#include "tui/output.h"

// Only what is typed after the question was shown is an answer to it.
static bool ask(void)
{
	char answer[16] = "";
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	tcflush(STDIN_FILENO, TCIFLUSH);
	if (poll(&in, 1, CONFIRM_TOO_SOON_MS) > 0) {
		tcflush(STDIN_FILENO, TCIFLUSH);
		putchar('\n');
		output_line("that came before it could be read: taken for no");
		return false;
	}
	if (!fgets(answer, sizeof answer, stdin))
		return false;
	return strcmp(answer, "y\n") == 0 || strcmp(answer, "Y\n") == 0 || strcmp(answer, "yes\n") == 0;
}

static bool add_line(struct confirm *c, const char *text)
{
	char **more = realloc(c->lines, (c->nlines + 1) * sizeof *more);
	if (!more)
		return false;
	c->lines = more;
	c->lines[c->nlines] = strdup(text);
	return c->lines[c->nlines++] != NULL;
}

void confirm_free(struct confirm *c)
{
	for (size_t i = 0; i < c->nlines; i++)
		free(c->lines[i]);
	free(c->lines);
	c->lines = NULL;
	c->nlines = 0;
}

bool confirm_script(struct confirm *c, struct script *script)
{
	char text[EDIT_TEXT], err[COMMAND_ERROR];
	size_t changes = 0;
	bool ok = true;
	struct edit edits[COMMAND_EDITS];
	struct command_call call;
	while (ok && script_next(script)) {
		if (script->wrong || command_parse(script->now, &call, err, sizeof err, NULL) < 0 ||
		    !command_changes(call.id))
			continue;
		changes++;
		// What can't be said beforehand, as a switch that is flipped, is asked about when it comes.
		int n = command_edits(&call, edits, err, sizeof err);
		for (int i = 0; i < n && ok; i++)
			ok = add_line(c, edit_shell(&edits[i], text, sizeof text));
	}
	script_rewind(script);
	if (!ok || changes == 0 || c->yes)
		return ok;
	if (!c->terminal) {
		complain("this script changes the host, and there is no terminal to ask on; --yes confirms all of it");
		return false;
	}
	output_line("This script changes the host, and takes it back at its end unless it says keep:");
	for (size_t i = 0; i < c->nlines; i++)
		output_line("  %s", c->lines[i]);
	output_ask("Go on? [y/N] ");
	if (ask())
		return true;
	complain("not confirmed, so nothing is changed");
	return false;
}

bool confirm_edit(const struct edit *e, void *data)
{
	const struct confirm *c = data;
	char text[EDIT_TEXT];
	if (c->yes)
		return true;
	edit_shell(e, text, sizeof text);
	for (size_t i = 0; i < c->nlines; i++)
		if (strcmp(c->lines[i], text) == 0)
			return true;
	if (!c->terminal)
		return false;
	output_ask("Change this host: %s [y/N] ", text);
	return ask();
}
