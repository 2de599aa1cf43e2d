// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/stage_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/text/width.h"
#include "tui/app.h"
#include "tui/lesson_ask.h"
#include "tui/lesson_text.h"

enum {
	COLUMNS = 56, // of text: more cannot be read from the last row
	MARGIN = 3,   // at least
	PARTS = 48,   // paragraphs of a step
	LINES_MOST = 200,
	WALK_ROWS = 6,  // that a walk needs at least, with its borders
	TWO_ROWS = 11,  // and two, one above the other
	FRAME_ROWS = 4, // title, verdict, hint and keys at least
};

// A paragraph.
struct part {
	struct row row;
	unsigned hanging;
	bool gap;  // a blank line stands before it
	bool over; // it was before a command that has run since: the first to go
};

struct slide {
	struct part part[PARTS];
	unsigned n;
};

static bool read_call(const struct lesson_item *item, struct command_call *call)
{
	char err[COMMAND_ERROR];
	bool runs = item->kind == ITEM_DO || item->kind == ITEM_SETUP;
	return runs && command_parse(item->text, call, err, sizeof err, NULL) == 0;
}

// Is the walk what this step is about: bound in it, or looked at without a command? Else it is an older one.
static bool is_of_step(const struct lesson_view *v)
{
	const struct lesson_step *step = &v->state->lesson->steps[v->state->step];
	struct command_call call;
	bool looks = false;
	for (unsigned i = 0; i < v->nfound; i++)
		if (v->found[i].role == ROLE_OK || v->found[i].role == ROLE_FAIL)
			return true;
	for (unsigned i = step->first; i < step->first + step->n; i++) {
		const struct lesson_item *item = &v->state->lesson->items[i];
		if (item->kind == ITEM_DO)
			return false;
		looks |= read_call(item, &call) && command_info(call.id)->group == GROUP_WALK;
	}
	return looks;
}

bool stage_shows_walk(const struct app *app)
{
	const struct lesson_state *s = app->lesson.state;
	if (!s || !app->now.walk.nsteps || app->stage.title || s->wait == LESSON_END)
		return false;
	return app->lesson.compares || lesson_asks_step(app) ||
	       (!app_covers(app) && app->now.walk.observed.present && is_of_step(&app->lesson));
}

static struct row *add_part(struct slide *s, unsigned hanging, bool gap)
{
	static struct row none;
	struct part *p = s->n < PARTS ? &s->part[s->n++] : NULL;
	struct row *r = p ? &p->row : &none;
	row_clear(r);
	if (p) {
		p->hanging = hanging;
		p->gap = gap;
		p->over = false;
	}
	return r;
}

__attribute__((format(printf, 4, 5))) static void add(struct slide *s, enum role role, bool gap, const char *fmt, ...)
{
	char text[ROW_TEXT];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	row_add(add_part(s, 0, gap), role, "%s", text);
}

// A sentence each, so that the room can take one after the other.
static void add_sentences(struct slide *s, enum role role, const char *text)
{
	while (*text) {
		const char *end = strstr(text, ". ");
		size_t len = end ? (size_t)(end - text) + 1 : strlen(text);
		add(s, role, true, "%.*s", (int)len, text);
		text += len;
		text += strspn(text, " ");
	}
}

static void add_question(struct slide *slide, const struct lesson_state *s, unsigned item)
{
	struct ask ask;
	if (!lesson_read_ask(&s->lesson->items[item], &ask))
		return; // was checked when it was read
	add(slide, ROLE_TITLE, true, "%s", ask.text);
	if (s->wait == LESSON_ANSWER && s->item == item)
		lesson_add_choices(&ask, add_part(slide, 0, true));
}

static void add_command(struct slide *slide, const struct lesson_state *s, unsigned item)
{
	bool waits = s->item == item && (s->wait == LESSON_RUN || s->wait == LESSON_CARRY);
	if (!waits)
		for (unsigned i = 1; i < slide->n; i++) // all but the title
			slide->part[i].over = true;
	struct row *r = add_part(slide, 2, true);
	row_add(r, waits ? ROLE_POINTED : ROLE_DIM, waits ? "▸ " : "$ ");
	row_add(r, waits ? ROLE_KEY : ROLE_VALUE, "%s", s->lesson->items[item].text);
}

// The code that stands at the end of an outcome is for who looks it up, not for a room.
static int without_code(const char *text)
{
	const char *comma = strrchr(text, ',');
	return comma ? (int)(comma - text) : (int)strlen(text);
}

static void add_judged(struct slide *slide, const struct lesson_state *s, const struct lesson_found *f)
{
	const struct prediction *p = lesson_predicted(s);
	if (!p || f->judged_role == ROLE_OK)
		add(slide, f->judged_role, false, "The room was right.");
	else
		add(slide, f->judged_role, false, "The room said: %s.",
		    strcmp(p->said, "refused") == 0                               ? "it is refused"
		    : strcmp(p->said, "binds") == 0 || strcmp(p->said, "ok") == 0 ? "it binds"
										  : p->said);
}

// Did it go wrong, or is it not in the recording?
static bool was_left(const struct lesson_view *v, unsigned item)
{
	for (unsigned i = 0; i < v->nfound; i++)
		if (v->found[i].item == item && v->found[i].role == ROLE_WARN)
			return true;
	return false;
}

// A change says nothing by itself, and the room has to see that it was made.
static void add_change(struct slide *slide, const struct lesson_view *v, unsigned item)
{
	const struct lesson_state *s = v->state;
	struct command_call call;
	if (item < s->item && !was_left(v, item) && read_call(&s->lesson->items[item], &call) &&
	    command_changes(call.id))
		add(slide, ROLE_OK, false, "✓ done");
}

static void add_found(struct slide *slide, const struct lesson_view *v, unsigned item)
{
	for (unsigned i = 0; i < v->nfound; i++) {
		const struct lesson_found *f = &v->found[i];
		if (f->item != item)
			continue;
		if (f->text[0] && (f->role == ROLE_FAIL || f->role == ROLE_OK))
			add(slide, f->role, false, f->role == ROLE_FAIL ? "✗ refused: %.*s" : "✓ %.*s",
			    without_code(f->text), f->text);
		else if (f->text[0])
			add(slide, f->role, false, "%s", f->text);
		if (f->judged[0])
			add_judged(slide, v->state, f);
	}
}

static void add_item(struct slide *slide, const struct lesson_view *v, unsigned item)
{
	const struct lesson_state *s = v->state;
	if (!lesson_shows(s, item))
		return;
	switch (s->lesson->items[item].kind) {
	case ITEM_SAY:
		add(slide, ROLE_PLAIN, true, "%s", s->lesson->items[item].text);
		break;
	case ITEM_DO:
		add_command(slide, s, item);
		add_change(slide, v, item);
		break;
	case ITEM_ASK:
		add_question(slide, s, item);
		break;
	default:
		break;
	}
	add_found(slide, v, item);
}

static void add_end(struct slide *slide, const struct lesson_state *s)
{
	unsigned judged, right = lesson_score(s, &judged);
	add(slide, ROLE_DIM, false, "%s", s->lesson->title);
	add_sentences(slide, ROLE_TITLE, s->lesson->done);
	if (judged)
		add(slide, ROLE_PLAIN, true, "This room was right %u of %u time%s.", right, judged,
		    judged == 1 ? "" : "s");
}

static void compose(const struct app *app, struct slide *slide)
{
	const struct lesson_view *v = &app->lesson;
	const struct lesson_state *s = v->state;
	const struct lesson_step *step = &s->lesson->steps[s->step];
	slide->n = 0;
	if (app->stage.title) {
		add(slide, ROLE_TITLE, false, "%s", s->lesson->title);
		add_sentences(slide, ROLE_PLAIN, s->lesson->goal);
		return;
	}
	if (s->wait == LESSON_END) {
		add_end(slide, s);
		return;
	}
	add(slide, ROLE_TITLE, false, "%s", step->title);
	for (unsigned i = step->first; i < step->first + step->n; i++)
		add_item(slide, v, i);
	for (unsigned i = 0; i < s->hints; i++)
		add(slide, ROLE_LABEL, true, "%s", lesson_hint(s->lesson, s->step, i));
	if (v->trouble[0] && s->failed) // else only the notes tell
		add(slide, ROLE_FAIL, true, "%s", v->trouble);
}

// Lines of the title and of the parts from one on, with blank lines or with only the one below the title. out may be
// NULL.
static unsigned wrap(const struct slide *s, unsigned from, bool gaps, unsigned indent, unsigned width, struct row *out)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->n; i++) {
		const struct part *p = &s->part[i];
		if (i > 0 && i < from)
			continue;
		n += p->gap && n > 0 && (gaps || i == from);
		for (size_t at = 0, next; at < p->row.used && n < LINES_MOST; at += next, n++) {
			unsigned hang = at ? p->hanging : 0;
			size_t len = width_wrap(p->row.text + at, p->row.used - at, width - hang, &next);
			if (!out)
				continue;
			row_add(&out[n], ROLE_PLAIN, "%*s", (int)(indent + hang), "");
			row_add_part(&out[n], &p->row, at, at + len);
		}
	}
	return n;
}

// What the text may fill: all that the frame leaves, or what a walk leaves.
static unsigned room_of(const struct app *app)
{
	int rows = app->rows - FRAME_ROWS;
	if (app->fitted.verdict + app->fitted.hint > 2)
		rows -= app->fitted.verdict + app->fitted.hint - 2;
	if (stage_shows_walk(app))
		rows -= app->lesson.compares ? TWO_ROWS : WALK_ROWS;
	return rows > 1 ? (unsigned)rows : 1;
}

size_t stage_lines(const struct app *app, unsigned width, size_t first, size_t n, struct row *out)
{
	static struct slide slide; // these are large
	static struct row lines[LINES_MOST];
	if (width == 0)
		width = (unsigned)app->cols;
	if (!app->lesson.state || width < 20)
		return 0;
	unsigned indent = width > COLUMNS + 2 * MARGIN ? (width - COLUMNS) / 2 : MARGIN, room = room_of(app);
	unsigned columns = width - 2 * indent, from = 1;
	compose(app, &slide);
	while (from + 1 < slide.n && slide.part[from].over && wrap(&slide, from, true, 0, columns, NULL) + 1 > room)
		from++;
	bool gaps = wrap(&slide, from, true, 0, columns, NULL) <= room;
	unsigned used = wrap(&slide, from, gaps, 0, columns, NULL), top = used < room;
	for (unsigned i = 0; out && i < used; i++)
		row_clear(&lines[i]);
	if (out)
		wrap(&slide, from, gaps, indent, columns, lines);
	for (size_t i = 0; out && i < n && first + i < used + top; i++)
		if (first + i >= top)
			out[i] = lines[first + i - top];
	return used + top;
}

void stage_beside_row(const struct app *app, struct row *out)
{
	const struct lesson_state *s = app->lesson.state;
	const struct lesson_step *step = &s->lesson->steps[s->step];
	unsigned from = step->first;
	for (unsigned i = step->first; i < step->first + step->n && i < s->item; i++)
		if (s->lesson->items[i].kind == ITEM_DO)
			from = i;
	row_clear(out);
	for (unsigned i = from; i < step->first + step->n; i++)
		if (s->lesson->items[i].kind == ITEM_SAY && lesson_shows(s, i))
			row_add(out, ROLE_TITLE, out->used ? " %s" : "%s", s->lesson->items[i].text);
}

void stage_title_row(const struct app *app, struct row *out)
{
	const struct lesson_state *s = app->lesson.state;
	row_clear(out);
	if (app_is_replay(app))
		row_add(out, ROLE_WARN, " REPLAY");
	row_add(out, ROLE_PLAIN, " %s", app->stage.title ? "" : s->lesson->title);
	if (!app->stage.title && s->wait != LESSON_END)
		row_right(out, ROLE_PLAIN, "%u/%u ", s->step + 1, s->lesson->nsteps);
}
