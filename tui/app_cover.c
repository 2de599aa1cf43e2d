// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/app_cover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/argument.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/lesson_view.h"

// Updates all panes, and moves the cursor away from covered steps.
static unsigned look_anew(struct app *app, unsigned step)
{
	app_output_drop(app);
	app_walk_seen(app);
	app_fit(app);
	return app_select_step(app, step);
}

// Takes the cover off, whatever is beneath it.
static unsigned cover_off(struct app *app)
{
	unsigned step = app->cover.shown ? app_step_index(app) : app->now.walk.decisive;
	app->cover.on = app->cover.asking = app->cover.told = false;
	app->unfolded = false;
	return look_anew(app, step);
}

static unsigned lay(struct app *app)
{
	cover_lay(&app->cover, &app->now.walk);
	return look_anew(app, 0);
}

unsigned app_cover_next(struct app *app)
{
	unsigned step = cover_uncover(&app->cover, &app->now.walk);
	app->unfolded &= app_covers(app);
	return look_anew(app, step);
}

unsigned app_cover_give_way(struct app *app, const struct command_call *call)
{
	static const enum command_id telling[] = {CMD_COMPARE, CMD_EXPECT, CMD_LISTEN, CMD_CONNECT};
	bool tells =
		call->id == CMD_SHOW && (strncmp(call->arg, "walk", 4) == 0 || strncmp(call->arg, "events", 6) == 0);
	for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
		tells |= call->id == telling[i];
	if (!tells || !app_covers(app))
		return 0;
	unsigned changed = cover_off(app);
	return changed | app_say(app, ROLE_WARN, "the cover is off: %s shows the answer", command_info(call->id)->name);
}

static unsigned cover(struct app *app, const char *to)
{
	bool on = argument_switch(to, app_covers(app));
	if (on)
		return lay(app);
	return cover_off(app) | app_say(app, ROLE_PLAIN, "the cover is off");
}

static unsigned ask(struct app *app, const char *text)
{
	unsigned changed = lay(app);
	snprintf(app->cover.question, sizeof app->cover.question, "%s", text);
	app->cover.asking = true;
	app->cover.typed = 0;
	return changed | app_view(app, VIEW_EXPLORE) | app_focus(app, PANE_WALK) | app_hush(app) | app_fit(app);
}

static unsigned told(struct app *app, enum guess guess, unsigned step)
{
	char text[COVER_VERDICT];
	bool right = cover_judge(&app->cover, &app->now.walk, guess, step, text, sizeof text);
	app->cover.asking = false;
	app->cover.shown = app->now.walk.nsteps;
	app->cover.told = true;
	app->unfolded = false;
	unsigned changed = look_anew(app, app->now.walk.decisive);
	app->stepped = false;
	return changed | app_say(app, right ? ROLE_OK : ROLE_WARN, "%s", text);
}

static int answer(struct app *app, const char *what, char *err, size_t errlen, unsigned *changed)
{
	unsigned step = app_step_index(app);
	if (!app->cover.asking && !what)
		return 0; // it was meant for the question before
	if (!app->cover.asking) {
		snprintf(err, errlen, "no prediction is asked for; ask does that");
		return -EINVAL;
	}
	if (!what) {
		*changed |= app_say(
			app, ROLE_PLAIN,
			"that is not an answer: y (it binds), n (it is refused), or x at the step that ends it");
	} else if (strcmp(what, "none") == 0) {
		app->cover.asking = false;
		*changed |= app_say(app, ROLE_PLAIN, "no answer; the walk stays covered");
	} else if (strcmp(what, "binds") == 0 || strcmp(what, "refused") == 0) {
		*changed |= told(app, what[0] == 'b' ? GUESS_BINDS : GUESS_REFUSED, 0);
	} else if (app->now.walk.steps[step].step == STEP_RESULT) {
		*changed |= app_say(app, ROLE_PLAIN, "that is the result; choose the step that ends it");
	} else {
		*changed |= told(app, GUESS_STEP, step);
	}
	return 0;
}

bool app_cover_digit(struct app *app, const struct key *key)
{
	struct cover *c = &app->cover;
	bool digit = key->code >= '0' && key->code <= '9' && !key->alt;
	if (app_context(app) != CONTEXT_ANSWER || !digit) {
		c->typed = 0;
		return false;
	}
	unsigned d = key->code - '0', n = c->typed * 10 + d;
	c->typed = n <= app->now.walk.nsteps ? n : d;
	if (c->typed > 0 && c->typed <= app->now.walk.nsteps)
		app_select_step(app, c->typed - 1);
	return true;
}

int app_cover_run(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	if (app->now.walk.nsteps == 0) {
		snprintf(err, errlen, "Bindwalk is still reading this host");
		return -EINVAL;
	}
	if (call->id == CMD_ANSWER && lesson_take_answer(app, command_value(call, 0), changed))
		return 0;
	if (call->id == CMD_ANSWER)
		return answer(app, command_value(call, 0), err, errlen, changed);
	*changed |= call->id == CMD_ASK ? ask(app, call->arg) : cover(app, command_value(call, 0));
	return 0;
}
