// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/bind_keep.h"

#include <stdio.h>

#include "core/text/event_row.h"
#include "core/text/visible.h"

// About the steps of a walk: where one is open, they are carried out on it (bind_step()).
static bool is_of_steps(enum command_id id)
{
	return id == CMD_STEP_NEXT || id == CMD_STEP_PREV || id == CMD_STEP_FIRST || id == CMD_STEP_DECIDING ||
	       id == CMD_DETAIL;
}

bool bind_keeps_back(const struct app *app, enum command_id id)
{
	static const enum command_id others[] = {CMD_STEP,    CMD_STEP_AT, CMD_REMEDY, CMD_COVER,   CMD_ASK,
						 CMD_COMPARE, CMD_PIN,     CMD_LISTEN, CMD_CONNECT, CMD_COMPARE_WITH};
	enum command_group group = command_info(id)->group;
	bool about = group == GROUP_ATTEMPT || group == GROUP_CHANGE || (is_of_steps(id) && !app->opened.walk);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		about |= id == others[i];
	return app->view == VIEW_BINDS && about && id != CMD_USE && id != CMD_WITNESS;
}

char *bind_kept_back(const struct app *app, enum command_id id, char *buf, size_t len)
{
	const char *name = command_info(id)->name;
	char who[EVENT_ROW_TEXT], text[EVENT_ROW_TEXT];
	event_row_who(&app->opened.of, who);
	if (is_of_steps(id) && app->opened.open)
		snprintf(buf, len, "this bind has no walk; Esc closes it");
	else if (is_of_steps(id))
		snprintf(buf, len, "no walk is open here; Enter opens that of the selected bind");
	else if (app->opened.open)
		snprintf(buf, len,
			 "%s is about your attempt, and this is the bind of %s: u makes it yours, Esc closes it", name,
			 visible_copy(who, text, sizeof text));
	else
		snprintf(buf, len,
			 "%s is about your attempt, and these are the binds of all programs: Esc returns to it", name);
	return buf;
}
