// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/palette_run.h"

#include <stdio.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/pane/panes.h"
#include "tui/typed_text.h"

static void search(struct app *app, const char *text)
{
	palette_search(&app->palette, text);
	pane_update(app, PANE_PALETTE);
	list_select(&app->lists[PANE_PALETTE], 0);
}

unsigned palette_open(struct app *app, const char *text)
{
	struct palette *p = &app->palette;
	if (app->view != VIEW_PALETTE) {
		p->over = app->view;
		p->under = app->focus;
		p->detail = app->detail;
		p->output = app->output.shown;
	}
	p->pasting = false;
	search(app, text);
	return app_view(app, VIEW_PALETTE) | DIRTY_SCREEN;
}

unsigned palette_close(struct app *app)
{
	const struct palette *p = &app->palette;
	app_view(app, p->over);
	app->focus = p->under;
	app->detail = p->detail;
	app->output.shown = p->output;
	return app_set_mode(app, MODE_MAIN);
}

bool palette_type(struct app *app, const struct key *key)
{
	char text[PALETTE_TEXT];
	memcpy(text, app->palette.text, sizeof text);
	if (!typed_text(text, sizeof text, key))
		return false;
	search(app, text);
	return true;
}

bool palette_choose(struct app *app, struct command_call *out, unsigned *changed)
{
	const struct list *l = &app->lists[PANE_PALETTE];
	struct palette_entry e;
	char line[PALETTE_LINE], err[COMMAND_ERROR];
	if (l->selected >= app->palette.n || !palette_at(app->palette.found[l->selected], &e)) {
		*changed |= app_say(app, ROLE_WARN, "no command matches");
		return false;
	}
	palette_line(&e, line);
	const char *why = palette_why_not(app->lab, app->editable, &e);
	if (why) {
		*changed |= app_say(app, ROLE_WARN, "%s: %s", line, why);
		return false;
	}
	*changed |= palette_close(app);
	if (palette_asks(&e)) {
		strcat(line, " "); // PALETTE_LINE has room for more than any line
		*changed |= app_prompt(app, PROMPT_COMMAND, line);
		return false;
	}
	return command_make(e.id, e.arg, out, err, sizeof err) == 0;
}
