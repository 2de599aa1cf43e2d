// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/prompt_keys.h"

#include <stdio.h>
#include <string.h>

#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/frame.h"
#include "tui/mouse.h"
#include "tui/prompt.h"

void prompt_keys_open(struct app *app)
{
	if (app->ask.kind == PROMPT_COMMAND || !app->ask.text[0])
		prompt_open(app->ask.kind, app->ask.text);
	else
		prompt_offer(app->ask.kind, app->ask.text);
	if (app->wrong_at != SIZE_MAX)
		prompt_point(app->wrong_at);
}

// A line was typed: an error stays at the prompt with the line, so that it can be mended.
static void take_line(struct app *app)
{
	enum prompt_kind kind = app->ask.kind;
	char line[1024], err[MESSAGE_TEXT] = "";
	unsigned changed = 0;
	snprintf(line, sizeof line, "%s", prompt_line());
	app_end_prompt(app);
	app->typed[0] = '\0';
	if (strlen(line) < sizeof app->typed)
		memcpy(app->typed, line, strlen(line) + 1);
	if (app_take_line(app, kind, line, err, sizeof err, &changed) < 0) {
		size_t at = app->wrong_at;
		app_prompt(app, kind, "");
		app->effects &= ~(unsigned)EFFECT_PROMPT;
		prompt_open(kind, line);
		if (at != SIZE_MAX)
			prompt_point(at);
		app_say(app, ROLE_FAIL, "%s", err);
		return;
	}
	prompt_remember(kind, line);
}

static void prompt_takes(struct app *app, const struct key *key)
{
	app_hush(app);
	if (key->code == K_CTRL('Z')) {
		app->effects |= EFFECT_SUSPEND;
		return;
	}
	if (key->code == K_CTRL('L')) { // readline would write to a terminal that it does not have
		app->effects |= EFFECT_REDRAW;
		return;
	}
	switch (prompt_key(key)) {
	case PROMPT_LINE:
		take_line(app);
		break;
	case PROMPT_CANCELLED:
		app_end_prompt(app);
		break;
	case PROMPT_EDITING:
		break;
	}
}

void prompt_keys_key(struct app *app, const struct key *typed)
{
	struct key pressed = *typed, *key = &pressed;
	if (mouse_is(key) && !mouse_presses(app, key)) {
		mouse_run(app, key);
		return;
	}
	bool mark = key->code == K_PASTE_BEGIN || key->code == K_PASTE_END;
	if (app->mode == MODE_PROMPT) {
		prompt_takes(app, key);
	} else if (mark && app->focus == PANE_PALETTE) {
		app->palette.pasting = key->code == K_PASTE_BEGIN;
	} else if (mark) {
		app->pasting = key->code == K_PASTE_BEGIN;
		app_say(app, ROLE_WARN, "pasted text does not count as keys; %s",
			app->pasting ? "if its end was lost, press Ctrl-C" : "press a to open a prompt for it");
	} else if (!app->pasting) {
		app_key(app, key);
	}
}

void prompt_keys_show(struct app *app)
{
	if (app->mode == MODE_PROMPT)
		prompt_view(app->cols > 2 ? (unsigned)app->cols - 2 : 0, COMPLETION_LINES, &app->prompt);
	app_fit(app);
}
