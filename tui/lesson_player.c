// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_player.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/lesson/lesson_event.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_open.h"
#include "core/lesson/lesson_play.h"
#include "core/lesson/progress_file.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/lesson_ask.h"
#include "tui/lesson_names.h"
#include "tui/lesson_view.h"

static unsigned number_of(const struct lesson_player *p, const struct lesson_item *item)
{
	return (unsigned)(item - p->lesson.items);
}

// Without a file the lesson goes on.
static void note(struct lesson_player *p, const struct progress_event *e)
{
	char err[PROGRESS_ERROR];
	if (p->unwritten || progress_append(e, err, sizeof err) == 0)
		return;
	p->unwritten = true;
	snprintf(p->warning, sizeof p->warning, "%.480s; the lesson goes on", err);
}

static void warn(struct lesson_player *p)
{
	if (p->warning[0] && !p->app->message[0])
		app_say(p->app, ROLE_WARN, "%s", p->warning);
	p->warning[0] = '\0';
}

// `degree` of a hint; `right` of a check.
static void note_step(struct lesson_player *p, enum progress_kind kind, unsigned degree, bool right)
{
	struct progress_event e = lesson_event(&p->lesson, kind, p->state.step);
	e.degree = degree;
	e.right = right;
	note(p, &e);
}

static void note_answer(struct lesson_player *p, const struct prediction *said)
{
	const struct progress_event e = lesson_event_answer(&p->lesson, said);
	if (said->judgement != JUDGED_NEVER)
		note(p, &e);
}

// The kernel has answered. The last judgement stands behind the command that brought it, earlier ones at their
// questions.
static void judge(struct lesson_player *p, unsigned item)
{
	struct lesson_state *s = &p->state;
	bool open[LESSON_PREDICTIONS];
	unsigned last = LESSON_PREDICTIONS;
	for (unsigned i = 0; i < s->npredictions; i++)
		open[i] = s->predictions[i].judgement == JUDGED_LATER;
	if (lesson_judge(s, &p->app->now.walk) == 0)
		return;
	for (unsigned i = 0; i < s->npredictions; i++)
		last = open[i] && s->predictions[i].judgement != JUDGED_LATER ? i : last;
	for (unsigned i = 0; i <= last && last < LESSON_PREDICTIONS; i++)
		if (open[i]) {
			const struct prediction *said = &s->predictions[i];
			lesson_judged(p->app, i == last ? item : said->item, said);
			note_answer(p, said);
		}
}

// A bind of the set-up was not shown as a command, so it is named.
static void found_bind(struct lesson_player *p, unsigned item)
{
	const struct walk *w = &p->app->now.walk;
	char text[LESSON_FOUND_TEXT], endpoint[ATTEMPT_TEXT];
	const char *code = code_info(w->code)->name;
	bool silent = p->lesson.items[item].kind == ITEM_SETUP;
	if (!w->observed.present)
		return;
	snprintf(text, sizeof text, "%s%.60s%s%s, %s", silent ? "bind " : "",
		 silent ? attempt_print(&w->attempt, endpoint) : "", silent ? ": " : "",
		 w->observed.err ? errno_name(w->observed.err) : "bound", code);
	lesson_found(p->app, item, w->observed.err ? ROLE_FAIL : ROLE_OK, text);
	judge(p, item);
	lesson_cover(p->app);
}

static bool is_bind(const struct lesson_item *item, bool *changes)
{
	struct command_call call;
	char err[COMMAND_ERROR];
	bool read = command_parse(item->text, &call, err, sizeof err, NULL) == 0;
	*changes = read && command_changes(call.id);
	return read && call.id == CMD_BIND;
}

static bool is_last_check(const struct lesson_player *p, unsigned item)
{
	const struct lesson_step *step = &p->lesson.steps[p->state.step];
	for (unsigned i = item + 1; i < step->first + step->n; i++)
		if (p->lesson.items[i].kind == ITEM_CHECK)
			return false;
	return true;
}

// A command or a check has come to its end.
static void take_outcome(struct lesson_player *p, const struct lesson_item *item, bool well, const char *said)
{
	struct lesson_view *v = &p->app->lesson;
	unsigned n = number_of(p, item);
	bool changes, binds = is_bind(item, &changes);
	if (!well) {
		snprintf(v->trouble, sizeof v->trouble, "%s", said);
		return;
	}
	if (item->kind != ITEM_CHECK && binds)
		found_bind(p, n);
	else if (item->kind == ITEM_DO && !changes && said[0])
		lesson_found(p->app, n, ROLE_PLAIN, said);
	else if (item->kind == ITEM_CHECK && p->lesson.steps[p->state.step].is_task) {
		char text[LESSON_FOUND_TEXT];
		snprintf(text, sizeof text, "%s%.50s: %.60s", is_last_check(p, n) ? "Solved. " : "",
			 item->text + strlen(command_info(CMD_CHECK)->name) + 1, said);
		lesson_found(p->app, n, ROLE_OK, text);
	}
}

// Nothing is covered there yet. If it fails, all stays as it is.
static int renew(struct lesson_player *p, const char *recipe, char *err, size_t errlen)
{
	struct app *app = p->app;
	const struct cover before = app->cover;
	const bool unfolded = app->unfolded;
	app->cover.on = app->cover.asking = app->cover.told = false;
	app->unfolded = false;
	int rc = p->ground.renew(p->ground.data, recipe, err, errlen);
	if (rc < 0) {
		app->cover = before;
		app->unfolded = unfolded;
	}
	return rc;
}

// What it says is for the lesson's pane.
static bool carry_out(struct lesson_player *p, const struct lesson_item *item, char *said, size_t len)
{
	app_quiet(p->app);
	bool well = p->ground.line(p->ground.data, item, said, len);
	app_quiet(p->app);
	return well;
}

// On a stage, a step comes with its command: one key shows it, and the next one runs it.
static bool is_first(const struct lesson_state *s)
{
	for (unsigned i = s->lesson->steps[s->step].first; i < s->item; i++)
		if (s->lesson->items[i].kind == ITEM_DO)
			return false;
	return true;
}

// Goes on until somebody is waited for.
static void advance(struct lesson_player *p)
{
	struct lesson_state *s = &p->state;
	char said[COMMAND_ERROR];
	while (s->wait == LESSON_CARRY) {
		const struct lesson_item *item = lesson_now(s);
		bool check = item->kind == ITEM_CHECK && p->lesson.steps[s->step].is_task;
		bool for_rehearsals = p->paced && item->kind == ITEM_CHECK && !check; // no room waits for it
		bool well = carry_out(p, item, said, sizeof said);
		take_outcome(p, item, well, said);
		lesson_carried(s, well || for_rehearsals);
		if (check)
			note_step(p, PROGRESS_CHECK, 0, well);
	}
	if (s->wait == LESSON_SHOW && is_first(s) && !p->app->stage.title)
		lesson_go_on(s);
	lesson_changed(p->app);
}

static void begin(struct lesson_player *p)
{
	char name[PROGRESS_NAME];
	const struct listed_lesson *here = listed_lesson_find(lesson_short_name(p->lesson.name, name));
	const struct listed_lesson *next = here ? listed_lesson_next(here) : NULL;
	struct lesson_view *v = &p->app->lesson;
	lesson_forget(p->app);
	lesson_start(&p->state, &p->lesson, p->paced);
	v->state = &p->state;
	v->view = p->view;
	v->next_name = next ? next->name : NULL;
	lesson_title(next ? next->name : "", v->next_title, sizeof v->next_title);
	note_step(p, PROGRESS_BEGIN, 0, false);
	lesson_step_begins(p->app);
	p->app->stage.title = p->paced;
	advance(p);
}

void lesson_player_take(struct lesson_player *p, struct lesson *l)
{
	lesson_player_close(p);
	p->lesson = *l;
	*l = (struct lesson){0};
	snprintf(p->name, sizeof p->name, "%s", p->lesson.name);
	p->lesson.name = p->name;
	begin(p);
	warn(p);
}

static void open_lesson(struct lesson_player *p, const char *name)
{
	static struct lesson l; // some ten kilobytes
	struct lesson_error wrong;
	char why[COMMAND_ERROR];
	const bool recorded = p->ground.open != NULL;
	if (recorded && p->ground.open(p->ground.data, name, why, sizeof why) < 0) {
		app_say(p->app, ROLE_FAIL, "%s", why);
		return;
	}
	if (lesson_open_for(&l, name, recorded ? p->app->now.host->kernel.release : NULL, &wrong) < 0)
		app_say(p->app, ROLE_FAIL, "%s", wrong.text);
	else if (!p->app->lab && !recorded)
		app_say(p->app, ROLE_FAIL,
			"lessons change the network, so they need a lab; quit, and: bindwalk lesson %s", name);
	else if ((!recorded && !lesson_is_possible(&l, why, sizeof why)) || renew(p, l.lab, why, sizeof why) < 0)
		app_say(p->app, ROLE_FAIL, "%s", why);
	else
		lesson_player_take(p, &l);
	lesson_free(&l);
}

// What was predicted and never judged stays so: another bind is not what it was about.
static void drop_open(struct lesson_state *s)
{
	for (unsigned i = 0; i < s->npredictions; i++)
		if (s->predictions[i].judgement == JUDGED_LATER)
			s->predictions[i].judgement = JUDGED_NEVER;
}

// The state that the straight path leads to: a fresh place, and all that comes before the step. False where there is no
// such place: then the lesson stays where it is, and a message says why.
static bool go_to(struct lesson_player *p, unsigned step)
{
	const struct lesson_item *item;
	char said[COMMAND_ERROR], why[COMMAND_ERROR] = "";
	unsigned at = 0;
	if (renew(p, p->lesson.lab, why, sizeof why) < 0) {
		app_say(p->app, ROLE_FAIL, "%s", why);
		return false;
	}
	drop_open(&p->state);
	while ((item = lesson_before(&p->lesson, step, &at)))
		if (!carry_out(p, item, said, sizeof said) && !why[0])
			snprintf(why, sizeof why, "line %u (%.60s): %.300s", item->line, item->text, said);
	app_hush(p->app);
	lesson_enter(&p->state, step);
	lesson_step_begins(p->app);
	snprintf(p->app->lesson.trouble, sizeof p->app->lesson.trouble, "%s", why);
	advance(p);
	return true;
}

static void go_on(struct lesson_player *p)
{
	struct lesson_state *s = &p->state;
	unsigned step = s->step;
	bool ends = s->wait == LESSON_GO_ON;
	if (s->wait == LESSON_END && p->paced) {
		app_say(p->app, ROLE_PLAIN, "this is the end of the talk");
		return;
	}
	if (s->wait == LESSON_END && p->app->lesson.next_name) {
		open_lesson(p, p->app->lesson.next_name);
		return;
	}
	if (ends)
		note_step(p, PROGRESS_STEP, 0, true);
	if (lesson_skips(s)) // what went wrong stays to be read
		lesson_found(p->app, s->item, ROLE_WARN, p->app->lesson.trouble);
	p->app->lesson.trouble[0] = '\0';
	if (!lesson_go_on(s))
		return;
	if (s->wait == LESSON_END)
		note_step(p, PROGRESS_DONE, 0, false);
	if (ends && s->step != step)
		lesson_step_begins(p->app);
	else if (ends)
		p->app->lists[PANE_LESSON].count = 0;
	advance(p);
}

static void answer(struct lesson_player *p, unsigned choice)
{
	const struct prediction *said;
	if (!lesson_answer(&p->state, choice))
		return;
	said = lesson_predicted(&p->state);
	if (said->judgement != JUDGED_LATER) {
		lesson_judged(p->app, said->item, said);
		note_answer(p, said);
	}
	app_focus(p->app, PANE_LESSON);
	advance(p);
}

static void hint(struct lesson_player *p)
{
	if (lesson_open_hint(&p->state))
		note_step(p, PROGRESS_HINT, p->state.hints, false);
	else
		app_say(p->app, ROLE_PLAIN, p->state.hints ? "there are no more hints" : "this step has no hints");
	lesson_changed(p->app);
}

static void solution(struct lesson_player *p)
{
	if (lesson_open_solution(&p->state))
		note_step(p, PROGRESS_SOLUTION, 0, false);
	else
		app_say(p->app, ROLE_PLAIN, "%s",
			p->state.solution_due ? "this step has no solution"
					      : "the solution opens after success, or after the last hint");
	lesson_changed(p->app);
}

// From the lab to the recording or back: this step begins again there.
static void change_ground(struct lesson_player *p, bool to_recording)
{
	const struct lesson_ground before = p->ground;
	char why[COMMAND_ERROR] = "";
	if (to_recording == app_is_replay(p->app))
		return;
	int rc = p->other.open ? p->other.open(p->other.data, p->lesson.name, why, sizeof why) : 0;
	if (!p->other.line || rc < 0) {
		app_say(p->app, ROLE_WARN, "%s",
			!p->other.line  ? "this is the recording; to play it live needs a lab"
			: rc == -ENOENT ? "there is no recording of this; it goes on live"
					: why);
		return;
	}
	p->ground = p->other;
	p->other = before;
	if (!go_to(p, p->state.step)) {
		p->other = p->ground;
		p->ground = before;
	}
}

static void do_now(struct lesson_player *p)
{
	const unsigned number = p->app->lesson.want.number;
	const enum lesson_want what = p->app->lesson.want.what;
	char name[LESSON_NAME];
	memcpy(name, p->app->lesson.want.name, sizeof name);
	p->app->lesson.want.what = LESSON_WANTS_NOTHING;
	if (what == LESSON_WANTS_OPEN) {
		open_lesson(p, name);
		return;
	}
	if (!p->app->lesson.state)
		return;
	switch (what) {
	case LESSON_WANTS_NEXT:
		go_on(p);
		break;
	case LESSON_WANTS_STEP:
		go_to(p, number);
		break;
	case LESSON_WANTS_PASS:
		if (lesson_pass(&p->state))
			app_focus(p->app, PANE_LESSON);
		advance(p);
		break;
	case LESSON_WANTS_ANSWER:
		answer(p, number);
		break;
	case LESSON_WANTS_HINT:
		hint(p);
		break;
	case LESSON_WANTS_SOLUTION:
		solution(p);
		break;
	case LESSON_WANTS_RECORDING:
	case LESSON_WANTS_LIVE:
		change_ground(p, what == LESSON_WANTS_RECORDING);
		break;
	default:
		break;
	}
}

void lesson_player_do(struct lesson_player *p)
{
	p->busy = true;
	do_now(p);
	warn(p);
	p->busy = false;
}

void lesson_player_bound(struct lesson_player *p)
{
	if (p->busy || !lesson_is_task(p->app) || !p->app->now.walk.observed.present)
		return;
	judge(p, p->state.item);
	lesson_changed(p->app);
}

void lesson_player_close(struct lesson_player *p)
{
	if (p->app)
		lesson_forget(p->app);
	lesson_free(&p->lesson);
}
