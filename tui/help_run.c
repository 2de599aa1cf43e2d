// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/help_run.h"

#include <stdlib.h>

#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/pane/pane_help.h"

static unsigned read_section(struct app *app, size_t line)
{
	struct list *l = &app->lists[PANE_HELP];
	list_scroll(l, (long)line - (long)l->top);
	return DIRTY_SCREEN;
}

unsigned help_run(struct app *app, const struct command_call *call)
{
	unsigned changed = app->view == VIEW_HELP ? 0 : app_open_help(app);
	unsigned section = pane_help_section(app);
	const char *number = command_value(call, 0);
	size_t start = section ? pane_help_line(app, section) : 0;
	if (call->id == CMD_SECTION)
		section = (unsigned)strtoul(number ? number : "1", NULL, 10); // checked with the line
	else if (call->id == CMD_SECTION_NEXT && section == HELP_SECTIONS)
		return changed | app_say(app, ROLE_DIM, "this is the last section");
	else if (call->id == CMD_SECTION_NEXT)
		section++;
	else if (section && app->lists[PANE_HELP].top == start) // else to where this one begins
		section--;
	return changed | read_section(app, section ? pane_help_line(app, section) : 0);
}
