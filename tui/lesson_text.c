// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text/width.h"
#include "tui/app.h"
#include "tui/lesson_ask.h"

// Lines that are wrapped, and of which a part is kept.
struct page {
	unsigned width;
	bool spacious; // a blank line stands between paragraphs
	size_t first, n, lines;
	struct row *out; // NULL: they are only counted
};

enum { HANGING = 2, SPACIOUS_ROWS = 30 };

static struct row *next_line(struct page *p)
{
	size_t line = p->lines++;
	return p->out && line >= p->first && line - p->first < p->n ? &p->out[line - p->first] : NULL;
}

// Further lines begin with `hanging` blanks.
static void add_row(struct page *p, const struct row *r, unsigned hanging)
{
	for (size_t from = 0, next; from < r->used; from = next) {
		unsigned indent = from && p->width > 2 * hanging ? hanging : 0;
		size_t end = from + width_wrap(r->text + from, r->used - from, p->width - indent, &next);
		struct row *out = next_line(p);
		next += from;
		if (out && indent)
			row_add(out, ROLE_PLAIN, "%*s", (int)indent, "");
		if (out)
			row_add_part(out, r, from, end);
		if (next == from)
			break;
	}
}

__attribute__((format(printf, 4, 5))) static void add(struct page *p, enum role role, unsigned hanging, const char *fmt,
						      ...)
{
	char text[ROW_TEXT];
	struct row r;
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	row_clear(&r);
	row_add(&r, role, "%s", text);
	add_row(p, &r, hanging);
}

static void add_gap(struct page *p)
{
	if (p->spacious && p->lines)
		next_line(p);
}

static const char *key_for(enum command_id id, const char *arg, char name[static KEY_NAME])
{
	const struct binding *b = keys_for(CONTEXT_LESSON_ASK, id, arg);
	return b ? keys_name(b->key, name) : "";
}

// The key of choice n: a letter where one choice means yes and the other one no.
static const char *choice_key(const struct ask *ask, unsigned n, char name[static KEY_NAME])
{
	char number[12];
	snprintf(number, sizeof number, "%u", n + 1);
	if (!lesson_takes_letters(ask))
		return key_for(CMD_LESSON_ANSWER, number, name);
	return key_for(CMD_ANSWER, lesson_means(ask, n) > 0 ? "binds" : "refused", name);
}

void lesson_add_choices(const struct ask *ask, struct row *r)
{
	char name[KEY_NAME];
	if (ask->judge == ASK_STEP) {
		row_add(r, ROLE_PLAIN, "choose the step ");
		row_add(r, ROLE_POINTED, "▸");
		row_add(r, ROLE_PLAIN, ", then ");
		row_add(r, ROLE_KEY, "%s", key_for(CMD_ANSWER, "here", name));
		row_add(r, ROLE_PLAIN, " (Up, Down or its number)");
	}
	for (unsigned i = 0; i < ask->nchoices && ask->judge != ASK_STEP; i++) {
		row_add(r, ROLE_PLAIN, i ? " · " : "");
		row_add(r, ROLE_KEY, "%s", choice_key(ask, i, name));
		row_add(r, ROLE_PLAIN, " %s", ask->choice[i]);
	}
}

// The last answer to the question of this item.
static const struct prediction *answer_to(const struct lesson_state *s, unsigned item)
{
	const struct prediction *found = NULL;
	for (unsigned i = 0; i < s->npredictions; i++)
		if (s->predictions[i].item == item)
			found = &s->predictions[i];
	return found;
}

static void add_question(struct page *p, const struct lesson_state *s, unsigned item)
{
	struct ask ask;
	struct row r;
	const struct prediction *said = answer_to(s, item);
	bool waits = s->wait == LESSON_ANSWER && s->item == item;
	if (!lesson_read_ask(&s->lesson->items[item], &ask))
		return; // was checked when it was read
	add_gap(p);
	row_clear(&r);
	row_add(&r, ROLE_KEY, "? ");
	row_add(&r, ROLE_TITLE, "%s", ask.text);
	add_row(p, &r, HANGING);
	row_clear(&r);
	row_add(&r, ROLE_PLAIN, "  ");
	if (waits)
		lesson_add_choices(&ask, &r);
	else if (said)
		row_add(&r, ROLE_DIM, "You said: %s", said->said);
	if (r.used > 2)
		add_row(p, &r, HANGING);
}

static void add_found(struct page *p, const struct lesson_view *v, unsigned item)
{
	for (unsigned i = 0; i < v->nfound; i++) {
		const struct lesson_found *f = &v->found[i];
		if (f->item != item)
			continue;
		if (f->text[0])
			add(p, f->role, HANGING, "  %s", f->text);
		if (f->judged[0])
			add(p, f->judged_role, HANGING, "%s", f->judged);
	}
}

static void add_command(struct page *p, const struct lesson_state *s, unsigned item)
{
	struct row r;
	bool waits = s->item == item && (s->wait == LESSON_RUN || s->wait == LESSON_CARRY);
	add_gap(p);
	row_clear(&r);
	row_add(&r, waits ? ROLE_POINTED : ROLE_DIM, waits ? "▸ " : "$ ");
	row_add(&r, waits ? ROLE_KEY : ROLE_VALUE, "%s", s->lesson->items[item].text);
	add_row(p, &r, HANGING);
}

static void add_item(struct page *p, const struct lesson_view *v, unsigned item)
{
	const struct lesson_state *s = v->state;
	const struct lesson_item *i = &s->lesson->items[item];
	if (!lesson_shows(s, item))
		return;
	if (i->kind == ITEM_SAY) {
		add_gap(p);
		add(p, ROLE_PLAIN, 0, "%s", i->text);
	} else if (i->kind == ITEM_DO) {
		add_command(p, s, item);
	} else if (i->kind == ITEM_ASK) {
		add_question(p, s, item);
	}
	add_found(p, v, item);
}

static void add_hints(struct page *p, const struct lesson_state *s)
{
	for (unsigned i = 0; i < s->hints; i++) {
		struct row r;
		row_clear(&r);
		row_add(&r, ROLE_LABEL, "Hint %u: ", i + 1);
		row_add(&r, ROLE_PLAIN, "%s", lesson_hint(s->lesson, s->step, i));
		add_row(p, &r, HANGING);
	}
}

static void add_solution(struct page *p, const struct lesson_state *s)
{
	const struct lesson_step *step = &s->lesson->steps[s->step];
	bool first = true;
	for (unsigned i = step->first; s->solution && i < step->first + step->n; i++) {
		if (s->lesson->items[i].kind != ITEM_SOLUTION)
			continue;
		if (first)
			add(p, ROLE_LABEL, 0, "A way to the goal:");
		first = false;
		add(p, ROLE_VALUE, 4, "  $ %s", s->lesson->items[i].text);
	}
}

static void add_topics(struct page *p, const char *topics)
{
	struct row r;
	row_clear(&r);
	for (size_t len; topics += strspn(topics, " "), (len = strcspn(topics, " ")) > 0; topics += len) {
		row_add(&r, ROLE_LABEL, "%s", r.used ? ", " : "Read next: ");
		row_add(&r, ROLE_VALUE, "help %.*s", (int)len, topics);
	}
	if (r.used)
		add_row(p, &r, HANGING);
}

// The last words: what was learned, how many predictions were right, and what comes next.
static void add_end(struct page *p, const struct lesson_view *v)
{
	const struct lesson *l = v->state->lesson;
	unsigned judged, right = lesson_score(v->state, &judged);
	add_gap(p);
	add(p, ROLE_OK, 0, "You are through: %s.", l->title);
	if (l->done[0])
		add(p, ROLE_TITLE, 0, "%s", l->done);
	if (judged)
		add(p, ROLE_PLAIN, 0, "Predictions: %u of %u right.", right, judged);
	add_topics(p, l->read);
	if (v->next_name)
		add(p, ROLE_LABEL, HANGING, "Next: %s (%s)", v->next_title, v->next_name);
	else if (!v->state->paced)
		add(p, ROLE_LABEL, HANGING, "Next: bindwalk lesson review asks you five of the questions again.");
}

static void add_all(struct page *p, const struct lesson_view *v, bool titled)
{
	const struct lesson_state *s = v->state;
	const struct lesson_step *step = &s->lesson->steps[s->step];
	if (titled)
		add(p, ROLE_TITLE, HANGING, "%u/%u %s", s->step + 1, s->lesson->nsteps, step->title);
	if ((s->step == 0 || step->is_task) && s->lesson->goal[0] && s->wait != LESSON_END)
		add(p, ROLE_LABEL, HANGING, "Goal: %s", s->lesson->goal);
	for (unsigned i = step->first; i < step->first + step->n && s->wait != LESSON_END; i++)
		add_item(p, v, i);
	if (s->wait == LESSON_END) {
		add_end(p, v);
		return;
	}
	if (s->hints || s->solution || v->trouble[0])
		add_gap(p);
	add_hints(p, s);
	add_solution(p, s);
	if (v->trouble[0])
		add(p, s->wait == LESSON_TASK ? ROLE_WARN : ROLE_FAIL, 0, "%s", v->trouble);
}

size_t lesson_lines(const struct app *app, unsigned width, size_t first, size_t n, struct row *out)
{
	enum { LEAST = 20, MARGINS = 2 };
	if (width == 0) // it is not on the screen
		width = app->cols > MARGINS ? (unsigned)app->cols - MARGINS : 0;
	struct page p = {.width = width, .spacious = app->rows >= SPACIOUS_ROWS, .first = first, .n = n, .out = out};
	if (!app->lesson.state || width < LEAST)
		return 0;
	add_all(&p, &app->lesson, !app->layout.border);
	return p.lines;
}

static void add_key(enum command_id id, const char *arg, const char *what, struct row *out)
{
	char name[KEY_NAME];
	const struct binding *b = keys_for(CONTEXT_LESSON, id, arg);
	if (!b)
		return;
	row_add(out, ROLE_PLAIN, out->used > 1 ? " · " : "");
	row_add(out, ROLE_KEY, "%s", keys_name(b->key, name));
	row_add(out, ROLE_PLAIN, " %s", what);
}

static void hint_at_end(const struct app *app, struct row *out)
{
	if (app->lesson.next_name)
		add_key(CMD_LESSON_NEXT, "", "plays the next one", out);
	add_key(CMD_BACK, "", app_is_replay(app) ? "explores the recording" : "explores the lab", out);
}

bool lesson_hint_row(const struct app *app, struct row *out)
{
	const struct lesson_state *s = app->lesson.state;
	struct ask ask;
	char text[32];
	if (!s)
		return false;
	if (app_is_on_stage(app))
		return true; // the room needs none
	row_add(out, ROLE_PLAIN, " ");
	if (!app_plays(app) || (app->focus != PANE_LESSON && !app_awaits_answer(app))) {
		char name[KEY_NAME];
		const struct binding *b = keys_for(CONTEXT_LESSON_AWAY, CMD_LESSON, "");
		row_add(out, ROLE_KEY, "%s", b ? keys_name(b->key, name) : command_info(CMD_LESSON)->name);
		row_add(out, ROLE_PLAIN, app_passes_by(app) ? " or " : "");
		row_add(out, ROLE_KEY, "%s", app_passes_by(app) ? keys_name(K_ENTER, name) : "");
		row_add(out, ROLE_PLAIN, s->paced ? " returns to the talk." : " returns to the lesson.");
		return true;
	}
	const struct list *l = &app->lists[PANE_LESSON];
	if (app->layout.pane[PANE_LESSON].h && l->top + l->height < l->count && s->wait != LESSON_ANSWER) {
		add_key(CMD_LESSON_NEXT, "", "shows the rest", out);
		return true;
	}
	switch (s->wait) {
	case LESSON_ANSWER:
		if (lesson_question(app, &ask))
			lesson_add_choices(&ask, out);
		break;
	case LESSON_SHOW:
		add_key(CMD_LESSON_NEXT, "", "shows the next command", out);
		break;
	case LESSON_TASK:
		if (!s->lesson->steps[s->step].is_task) { // the lab is not as it should be
			add_key(CMD_LESSON_NEXT, "", "checks again", out);
			add_key(CMD_LESSON_BACK, "", "begins the step again", out);
			break;
		}
		add_key(CMD_LESSON_NEXT, "", "lets the kernel check", out);
		add_key(CMD_COMMAND, "", "command", out);
		if (s->solution_due && !s->solution)
			add_key(CMD_SOLUTION, "", "solution", out);
		break;
	case LESSON_GO_ON:
		snprintf(text, sizeof text, "goes on to step %u", s->step + 2);
		add_key(CMD_LESSON_NEXT, "", s->step + 1 < s->lesson->nsteps ? text : "ends the lesson", out);
		if (s->lesson->steps[s->step].is_task && !s->solution)
			add_key(CMD_SOLUTION, "", "solution", out);
		break;
	case LESSON_END:
		hint_at_end(app, out);
		break;
	default:
		add_key(CMD_LESSON_NEXT, "", app_is_replay(app) ? "shows what it led to" : "runs the command", out);
		add_key(CMD_LESSON_BACK, "", "back", out);
		break;
	}
	if (s->wait != LESSON_END && !s->solved && lesson_hint(s->lesson, s->step, s->hints))
		add_key(CMD_HINT, "", "hint", out);
	return true;
}

bool lesson_covered_row(const struct app *app, struct row *out)
{
	struct ask ask;
	if (!app_plays(app) || app->cover.asking)
		return false;
	if (!app->layout.border && app->focus != PANE_LESSON && lesson_asks_step(app) && lesson_question(app, &ask)) {
		row_add(out, ROLE_KEY, "? "); // the walk has the whole screen
		row_add(out, ROLE_TITLE, "%s", ask.text);
		return true;
	}
	const char *why = app_awaits_answer(app)                    ? "Covered: your prediction comes first."
			  : lesson_awaits_kernel(app->lesson.state) ? "Covered until the kernel answers."
								    : "Covered: a question comes next.";
	row_add(out, ROLE_TITLE, "%s", why);
	return true;
}
