// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/argument.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/lesson_ask.h"
#include "tui/lesson_text.h"
#include "tui/pane/panes.h"

static bool is_bind(const struct lesson_item *item)
{
	static const char word[] = "bind";
	const size_t len = sizeof word - 1;
	bool command = item->kind == ITEM_SETUP || item->kind == ITEM_DO;
	return command && strncmp(item->text, word, len) == 0 && (item->text[len] == ' ' || !item->text[len]);
}

// Does a question for the kernel come before the next bind, in this step or a later one?
static bool comes(const struct lesson_state *s)
{
	const struct lesson *l = s->lesson;
	struct ask ask;
	for (unsigned i = s->item; i < l->nitems && !is_bind(&l->items[i]); i++) {
		if (i >= l->nsetup && l->steps[lesson_step_of(l, i)].is_task)
			return false; // the learner binds
		if (lesson_read_ask(&l->items[i], &ask) && ask.judge != ASK_AUTHOR)
			return true;
	}
	return false;
}

static void cover_off(struct app *app)
{
	bool hid = app_covers(app); // else the step that somebody looks at stays
	app->cover.on = app->cover.asking = app->cover.told = false;
	if (!hid)
		return;
	app->unfolded = false;
	app_walk_seen(app);
	app_select_step(app, app->now.walk.decisive);
	app->stepped = false;
}

static void cover_on(struct app *app)
{
	cover_lay(&app->cover, &app->now.walk);
	app_walk_seen(app);
	app_select_step(app, 0);
}

// From a question on, until the kernel has answered it, the walk is covered. Before the question, only what nobody has
// bound yet: a prediction would tell.
void lesson_cover(struct app *app)
{
	const struct lesson_state *s = app->lesson.state;
	struct cover *c = &app->cover;
	if (!app->now.walk.nsteps)
		return;
	bool asks = s->wait == LESSON_ANSWER || lesson_awaits_kernel(s);
	if (!asks && !comes(s)) {
		cover_off(app);
	} else if (asks || !app->now.walk.observed.present) {
		if (!c->on || c->shown)
			cover_on(app);
	} else {
		cover_off(app);
		cover_lay(c, &app->now.walk);
		c->shown = app->now.walk.nsteps; // another walk is covered as soon as it is there
	}
}

// What is new is on the screen from its first line on, and if it has room, what came before it, too.
static void show_from(struct app *app, size_t line)
{
	struct list *l = &app->lists[PANE_LESSON];
	size_t last = l->count > l->height ? l->count - l->height : 0;
	l->top = l->selected = line < last ? line : last;
}

unsigned lesson_changed(struct app *app)
{
	size_t before = app->lists[PANE_LESSON].count;
	app->stage.passes = 0;
	lesson_cover(app);
	pane_update(app, PANE_LESSON);
	app_relayout(app);
	show_from(app, before < app->lists[PANE_LESSON].count ? before : app->lists[PANE_LESSON].count);
	if (lesson_asks_step(app))
		app->focus = PANE_WALK; // where the answer is
	return DIRTY_SCREEN | DIRTY_LAYOUT;
}

unsigned lesson_step_begins(struct app *app)
{
	struct lesson_view *v = &app->lesson;
	v->nfound = 0;
	v->trouble[0] = '\0';
	v->typed = 0;
	v->compares = false;
	app->stage.title = false;
	app->zoom = false;
	app_output_drop(app);
	app->side = PANE_LINKS; // beside the routes, where there is room
	app_view(app, v->view);
	app_focus(app, PANE_LESSON);
	app->lists[PANE_LESSON].count = 0; // all that is said now is new
	return DIRTY_SCREEN | DIRTY_LAYOUT;
}

void lesson_forget(struct app *app)
{
	const enum view_id view = app->lesson.view;
	cover_off(app);
	app->lesson = (struct lesson_view){.view = view};
}

static struct lesson_found *found_at(struct lesson_view *v, unsigned item)
{
	for (unsigned i = 0; i < v->nfound; i++)
		if (v->found[i].item == item)
			return &v->found[i];
	if (v->nfound == LESSON_FOUND)
		memmove(v->found, v->found + 1, --v->nfound * sizeof *v->found);
	v->found[v->nfound] = (struct lesson_found){.item = item};
	return &v->found[v->nfound++];
}

void lesson_found(struct app *app, unsigned item, enum role role, const char *text)
{
	struct lesson_found *f = found_at(&app->lesson, item);
	f->role = role;
	snprintf(f->text, sizeof f->text, "%s", text);
}

// "it binds", "it is refused", "EADDRINUSE".
static const char *outcome(const char *word)
{
	if (strcmp(word, "binds") == 0 || strcmp(word, "ok") == 0)
		return "it binds";
	return strcmp(word, "refused") == 0 ? "it is refused" : word;
}

static void judgement(const struct prediction *p, const char *says, char *buf, size_t len)
{
	const char *said = outcome(p->said), *truth = outcome(p->truth);
	bool ends = strncmp(p->truth, "step ", 5) == 0;
	switch (p->judgement) {
	case JUDGED_RIGHT:
		snprintf(buf, len, "RIGHT: %s %s.", ends ? "it ends at" : says, truth);
		break;
	case JUDGED_WRONG:
		snprintf(buf, len, "NOT QUITE: you said %s; %s %s.", said, ends ? "it ends at" : says, truth);
		break;
	default:
		snprintf(buf, len, "NOBODY KNOWS: you said %s; the kernel does not tell.", said);
		break;
	}
}

void lesson_judged(struct app *app, unsigned item, const struct prediction *p)
{
	struct ask ask;
	struct lesson_found *f = found_at(&app->lesson, item);
	bool author = lesson_read_ask(&app->lesson.state->lesson->items[p->item], &ask) && ask.judge == ASK_AUTHOR;
	f->judged_role = p->judgement == JUDGED_RIGHT ? ROLE_OK : ROLE_WARN;
	judgement(p,
		  author               ? "the answer is"
		  : app_is_replay(app) ? "the recorded kernel says"
				       : "the kernel says",
		  f->judged, sizeof f->judged);
}

static unsigned want(struct app *app, enum lesson_want what, unsigned number)
{
	app->lesson.want.what = what;
	app->lesson.want.number = number;
	return app_want(app, EFFECT_LESSON);
}

// Text that is still to be read comes first.
static unsigned go_on(struct app *app)
{
	struct list *l = &app->lists[PANE_LESSON];
	if (app->stage.title) { // which the first key ends
		app->stage.title = false;
		if (app->lesson.state->wait != LESSON_SHOW) // else it shows the first command, too
			return lesson_changed(app);
	}
	bool reads = app_plays(app) && app->layout.pane[PANE_LESSON].h > 0;
	if (reads && l->top + l->height < l->count) {
		list_scroll(l, l->height > 1 ? (long)l->height - 1 : 1);
		return DIRTY_SCREEN;
	}
	return want(app, LESSON_WANTS_NEXT, 0);
}

static int go_to(struct app *app, const char *where, char *err, size_t errlen, unsigned *changed)
{
	const struct lesson_state *s = app->lesson.state;
	unsigned long n = s->step + 1;
	bool next = strcmp(where, "next") == 0, back = strcmp(where, "back") == 0;
	if (next || back)
		n += next ? 1UL : -1UL;
	else
		number_parse(where, LESSON_STEPS, &n); // checked with the line
	if (n == 0 || n > s->lesson->nsteps) {
		snprintf(err, errlen,
			 next   ? "this is the last step of %u"
			 : back ? "this is the first step of %u"
				: "the lesson has %u steps",
			 s->lesson->nsteps);
		return -EINVAL;
	}
	*changed |= want(app, LESSON_WANTS_STEP, (unsigned)n - 1);
	return 0;
}

static int answer(struct app *app, unsigned n, char *err, size_t errlen, unsigned *changed)
{
	struct ask ask;
	if (!lesson_question(app, &ask)) {
		snprintf(err, errlen, "no question waits for an answer");
		return -EINVAL;
	}
	if (n == 0 || n > (ask.judge == ASK_STEP ? app->now.walk.nsteps : ask.nchoices)) {
		snprintf(err, errlen, "the question has %u answers",
			 ask.judge == ASK_STEP ? app->now.walk.nsteps : ask.nchoices);
		return -EINVAL;
	}
	*changed |= want(app, LESSON_WANTS_ANSWER, n - 1);
	return 0;
}

unsigned lesson_return(struct app *app)
{
	app->lesson.away = false;
	return app_view(app, app->lesson.view) | app_focus(app, PANE_LESSON) | lesson_changed(app);
}

static int open_lesson(struct app *app, const char *name, char *err, size_t errlen, unsigned *changed)
{
	if (!name && !app->lesson.state) {
		snprintf(err, errlen, "no lesson is open; `lesson NAME` plays one");
		return -EINVAL;
	}
	if (!name) {
		*changed |= lesson_return(app);
		return 0;
	}
	snprintf(app->lesson.want.name, sizeof app->lesson.want.name, "%s", name);
	*changed |= want(app, LESSON_WANTS_OPEN, 0);
	return 0;
}

int lesson_run(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *value = command_value(call, 0);
	bool of_a_file = value && (call->id == CMD_HINT || call->id == CMD_SOLUTION);
	if (of_a_file) {
		*changed |= app_hand_over(app, call);
		return 0;
	}
	if (call->id == CMD_LESSON)
		return open_lesson(app, value, err, errlen, changed);
	if (!app->lesson.state) {
		snprintf(err, errlen, "no lesson is open; `lesson NAME` plays one");
		return -EINVAL;
	}
	switch (call->id) {
	case CMD_LESSON_NEXT:
		*changed |= go_on(app);
		return 0;
	case CMD_LESSON_BACK:
		*changed |= want(app, LESSON_WANTS_STEP, lesson_back(app->lesson.state));
		return 0;
	case CMD_LESSON_GOTO:
		return go_to(app, value, err, errlen, changed);
	case CMD_LESSON_ANSWER:
		return answer(app, (unsigned)strtoul(value, NULL, 10), err, errlen, changed); // checked with the line
	case CMD_HINT:
		*changed |= want(app, LESSON_WANTS_HINT, 0);
		return 0;
	case CMD_SOLUTION:
		*changed |= want(app, LESSON_WANTS_SOLUTION, 0);
		return 0;
	default:
		*changed |= want(
			app, argument_switch(value, app_is_replay(app)) ? LESSON_WANTS_RECORDING : LESSON_WANTS_LIVE,
			0);
		return 0;
	}
}

// The choice that `answer WHAT` means; 0 for none.
static unsigned choice_of(const struct app *app, const struct ask *ask, const char *what)
{
	if (ask->judge == ASK_STEP)
		return strcmp(what, "here") == 0 ? app_step_index(app) + 1 : 0;
	for (unsigned i = 0; i < ask->nchoices; i++)
		if (lesson_means(ask, i) == (strcmp(what, "binds") == 0 ? 1 : strcmp(what, "refused") == 0 ? -1 : 2))
			return i + 1;
	return 0;
}

bool lesson_take_answer(struct app *app, const char *what, unsigned *changed)
{
	struct ask ask;
	struct row row;
	char err[COMMAND_ERROR];
	if (!app_awaits_answer(app) || !lesson_question(app, &ask))
		return false;
	unsigned n = what ? choice_of(app, &ask, what) : 0;
	if (n && answer(app, n, err, sizeof err, changed) == 0)
		return true;
	if (app_is_on_stage(app)) {
		*changed |= app->stage.passes
				    ? want(app, LESSON_WANTS_PASS, 0)
				    : app_say(app, ROLE_PLAIN, "no answer yet; once more goes on without one");
		app->stage.passes = 2;
		return true;
	}
	row_clear(&row);
	lesson_hint_row(app, &row);
	*changed |= app_say(app, ROLE_PLAIN, "that is not an answer:%s", row.text);
	return true;
}

const struct binding *lesson_key(const struct app *app, const struct key *key)
{
	enum key_context c = app_context(app);
	bool typing = app->mode != MODE_MAIN || c == CONTEXT_PALETTE || c == CONTEXT_HELP || c == CONTEXT_ANSWER;
	bool here = app_plays(app) && app->focus == PANE_LESSON;
	if (!app->lesson.state || typing || here)
		return NULL;
	// What the lesson shows in another view is only passed by.
	if (key->code == K_ENTER && (app->lesson.away || app_plays(app)))
		return NULL;
	return keys_find(CONTEXT_LESSON_AWAY, key->code);
}

bool lesson_digit(struct app *app, const struct key *key)
{
	unsigned *typed = &app->lesson.typed, nsteps = app->now.walk.nsteps;
	bool digit = key->code >= '0' && key->code <= '9' && !key->alt;
	if (app->mode != MODE_MAIN || !digit || !lesson_asks_step(app)) {
		*typed = 0;
		return false;
	}
	unsigned d = key->code - '0', n = *typed * 10 + d;
	*typed = n <= nsteps ? n : d;
	if (*typed > 0 && *typed <= nsteps)
		app_select_step(app, *typed - 1);
	return true;
}
