// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/compare.h"

#include <stdio.h>
#include <string.h>

#include "core/model/change_text.h"
#include "core/model/decide.h"
#include "core/text/matrix_text.h"
#include "tui/walk_rows.h"

void compare_free(struct compare *c)
{
	if (c->owns)
		overlay_end(&c->supposed);
	c->owns = false;
}

bool compare_is_wide(const struct app *app)
{
	return app->view == VIEW_COMPARE && app->cols >= COMPARE_BESIDE_COLS;
}

// Is any of it on the screen?
static bool shows_other(const struct app *app)
{
	return app_compares(app) || (app->view == VIEW_EXPLORE && app->cols >= LAYOUT_WIDE_COLS);
}

static bool shows_matrix(const struct app *app)
{
	return app->view == VIEW_MATRIX || app_is_huge(app);
}

static void predict(struct app *app, const struct attempt *a)
{
	struct compare *c = &app->compare;
	c->other = (struct inquiry){
		.host = app->now.host, .caller = app->now.caller, .question = question_of_ports(&app->now.question)};
	const struct facts f = inquiry_facts(&c->other);
	decide(&f, a, &c->other.walk);
	snapshot_take(&c->second, &f, &c->other.walk);
}

static void predict_counterpart(struct app *app)
{
	struct attempt a = pairs_counterpart(&app->compare.pairs, app->now.host, &app->attempt);
	predict(app, &a);
}

// An earlier walk can't be explained any more: what stands below it is about the other family.
static bool take_earlier(struct app *app)
{
	struct compare *c = &app->compare;
	bool before = c->kind == COMPARE_BEFORE && walks_seen_before(&c->seen, &c->versus);
	if (!before && !(c->kind == COMPARE_PINNED && walks_seen_pinned(&c->seen, &c->versus)))
		return false;
	if (app_is_huge(app))
		predict_counterpart(app);
	return true;
}

static void take_versus(struct app *app)
{
	struct compare *c = &app->compare;
	if (!c->seen.now.walk.nsteps)
		return;
	if (take_earlier(app))
		return;
	if (c->kind == COMPARE_ADDRESS && c->with.addr.family) {
		predict(app, &c->with);
	} else {
		c->kind = COMPARE_OTHER;
		predict_counterpart(app);
	}
	walks_seen_other(&c->seen, &c->second, &c->versus);
}

static void open_cell(struct app *app)
{
	struct compare *c = &app->compare;
	const struct attempt *a = &c->matrix.cells[c->way][c->column].attempt;
	compare_free(c);
	c->cell = (struct inquiry){.caller = app->now.caller, .question = question_of_ports(&app->now.question)};
	if (!c->of.addr.family)
		return;
	c->owns = true;
	if (matrix_host(app->now.host, a, c->way, &c->supposed) < 0)
		return;
	c->cell.host = &c->supposed.host;
	const struct facts f = inquiry_facts(&c->cell);
	decide(&f, a, &c->cell.walk);
	snapshot_take(&c->cell_seen, &f, &c->cell.walk);
}

// Real results stay valid while the prediction is the one they were compared with.
static void take_live(struct compare *c)
{
	bool same = c->live_of.addr.family && attempt_equal(&c->live_of, &c->of);
	for (int w = 0; w < WAY_COUNT; w++)
		for (int col = 0; col < AS_COUNT; col++) {
			struct matrix_cell *cell = &c->matrix.cells[w][col];
			const struct matrix_cell *live = &c->live.cells[w][col];
			cell->live = same && live->live && live->err == cell->err;
			cell->live_err = live->live_err;
		}
}

static void take_matrix(struct app *app)
{
	struct compare *c = &app->compare;
	const struct facts f = inquiry_facts(&app->now);
	if (!app_covers(app) && matrix_predict(&f, &app->attempt, &c->matrix) == 0)
		c->of = app->attempt;
	take_live(c);
	if (app->view == VIEW_MATRIX)
		open_cell(app);
}

// The line of the first difference, otherwise the result.
size_t compare_first_difference(const struct app *app)
{
	const struct compare *c = &app->compare;
	size_t n = app->lists[PANE_OTHER].count;
	if (compare_is_wide(app))
		return c->versus.beside.first < c->versus.beside.n ? c->versus.beside.first + COMPARE_HEADINGS : n - 1;
	for (unsigned i = 0; i < c->nlines; i++)
		if (c->line[i].from >= 0 && c->line[i].from == c->line[i].to &&
		    c->line[i].row == c->versus.beside.first)
			return i;
	return n ? n - 1 : 0;
}

// What is left out of a brief comparison may be the result.
static bool ends_with_result(const struct compare *c)
{
	const struct versus_line *last = c->nlines ? &c->line[c->nlines - 1] : NULL;
	return last && last->from >= 0 && (unsigned)last->to + 1 == c->versus.walk[last->side]->walk.nsteps;
}

// The lines of one of both walks, or of both.
static void take_lines(struct app *app)
{
	enum { COMPARE_BELOW_LESSON = 36 }; // rows, before both walks have room
	struct compare *c = &app->compare;
	c->nlines = 0;
	if (!c->versus.walk[0])
		return;
	struct versus_line all[VERSUS_LINES];
	int least = app_plays(app) ? COMPARE_BELOW_LESSON : LAYOUT_FULL_ROWS;
	enum versus_fold fold = app_compares(app) && app->rows < least ? VERSUS_BRIEF
				: app_is_huge(app)                     ? VERSUS_WHOLE
								       : VERSUS_FOLDED;
	unsigned n = versus_lines(&c->versus, fold, all);
	// Beside the current walk, shows the other one.
	unsigned side = !compare_is_earlier(c);
	for (unsigned i = 0; i < n; i++)
		if (app_compares(app) || (all[i].side == side && all[i].from >= 0))
			c->line[c->nlines++] = all[i];
}

void compare_work_out(struct app *app)
{
	// Does not update what is off the screen.
	app->compare.versus.walk[0] = app->compare.versus.walk[1] = NULL;
	app->compare.of.addr.family = 0;
	if (shows_other(app) && !app_covers(app)) // a comparison would tell what is covered
		take_versus(app);
	take_lines(app);
	unsigned step;
	// The result, unless more is told below it.
	bool opened = app->view == VIEW_BINDS && app->opened.walk;
	app->lists[PANE_OTHER].pinned =
		opened || (!compare_decides(app, &step) && (compare_is_wide(app) || ends_with_result(&app->compare)));
	if (shows_matrix(app))
		take_matrix(app);
}

void compare_changed(struct app *app, const char *what)
{
	if (!what)
		app->compare.changed[0] = '\0';
	else if (!app->compare.changed[0])
		snprintf(app->compare.changed, sizeof app->compare.changed, "%s", what);
}

void compare_told(struct app *app, const struct host_changes *changes)
{
	char text[CHANGE_TEXT];
	for (size_t i = 0; i < changes->n; i++) {
		if (!change_concerns(app->now.host, &app->now.walk, &changes->item[i]))
			continue;
		compare_changed(app, change_print(app->now.host, &changes->item[i], text));
		return;
	}
}

void compare_aimed(struct app *app, const struct attempt *before)
{
	if (app->now.host)
		pairs_note(&app->compare.pairs, app->now.host, before, &app->attempt, false);
}

void compare_hold(struct app *app)
{
	app->compare.held = app->compare.seen;
}

void compare_release(struct app *app)
{
	app->compare.seen = app->compare.held;
}

void compare_live(struct app *app, const struct matrix *m, const struct attempt *of)
{
	struct compare *c = &app->compare;
	c->live = *m;
	c->live_of = *of;
	take_live(c);
}

bool compare_marks(const struct app *app, enum pane_id pane, size_t line)
{
	const struct compare *c = &app->compare;
	const struct beside *b = &c->versus.beside;
	bool shown = pane == PANE_WALK && app->view == VIEW_EXPLORE && app->layout.pane[PANE_OTHER].h > 0;
	if (!shown || app_covers(app) || !c->versus.walk[0] || b->first == b->n || line >= app->lists[pane].count)
		return false;
	int step = b->row[b->first].step[compare_is_earlier(c)];
	return step == (int)walk_rows_step(&app->now.walk, app->unfolded, (unsigned)list_item(&app->lists[pane], line));
}

static size_t selected(const struct app *app, enum pane_id pane)
{
	const struct list *l = &app->lists[pane];
	return l->selected < l->count ? list_item(l, l->selected) : 0;
}

// Details exist only for walks over the current host: the host of an earlier walk is gone.
static const struct inquiry *walk_of(const struct app *app, unsigned side)
{
	const struct compare *c = &app->compare;
	bool earlier = compare_is_earlier(c);
	return side == (unsigned)earlier ? &app->now : earlier ? NULL : &c->other;
}

static const struct inquiry *explain_row(const struct app *app, size_t row, unsigned *step)
{
	const struct compare *c = &app->compare;
	if (row >= c->versus.beside.n)
		row = c->versus.beside.n - 1;
	for (unsigned i = 0; i < 2; i++) {
		unsigned side = i ? !c->side : c->side;
		const struct inquiry *in = walk_of(app, side);
		int at = c->versus.beside.row[row].step[side];
		if (!in || at < 0)
			continue;
		*step = (unsigned)at;
		return in;
	}
	return NULL;
}

static const struct inquiry *explain_line(const struct app *app, size_t line, unsigned *step)
{
	const struct compare *c = &app->compare;
	const struct versus_line *l = &c->line[line < c->nlines ? line : 0];
	const struct inquiry *in = walk_of(app, l->side);
	if (l->from < 0)
		return explain_row(app, c->versus.beside.first, step);
	if (!in)
		return explain_row(app, l->row, step);
	*step = (unsigned)l->from;
	return in;
}

const struct inquiry *compare_decides(const struct app *app, unsigned *step)
{
	const struct compare *c = &app->compare;
	if (!app_is_huge(app) || !c->nlines)
		return NULL;
	*step = c->other.walk.decisive;
	return c->other.walk.nsteps ? &c->other : NULL;
}

bool compare_parts(const struct app *app, unsigned *step)
{
	const struct compare *c = &app->compare;
	const struct beside *b = &c->versus.beside;
	if (!walk_of(app, 1) || walk_of(app, 1) == &app->now || b->first >= b->n || b->row[b->first].step[1] < 0)
		return false;
	*step = (unsigned)b->row[b->first].step[1];
	return *step != c->other.walk.decisive;
}

const struct inquiry *compare_explained(const struct app *app, unsigned *step)
{
	const struct compare *c = &app->compare;
	size_t item = selected(app, PANE_OTHER);
	bool covered =
		app_covers(app); // then nothing but a step of the present walk is explained, as far as it is seen
	if (!covered && app->view == VIEW_MATRIX && c->cell.host) {
		*step = walk_rows_step(&c->cell.walk, false, (unsigned)item);
		return c->cell.walk.nsteps ? &c->cell : NULL;
	}
	if (!covered && app->view == VIEW_BINDS && app->opened.open) {
		*step = app->opened.walk ? walk_rows_step(&app->opened.walk->walk, false, (unsigned)item) : 0;
		return app->opened.walk;
	}
	if (!covered && app_compares(app) && c->versus.walk[0])
		return compare_is_wide(app)
			       ? explain_row(app,
					     item < COMPARE_HEADINGS ? c->versus.beside.first : item - COMPARE_HEADINGS,
					     step)
			       : explain_line(app, item, step);
	*step = app_step_index(app);
	return app->now.host && app->now.walk.nsteps ? &app->now : NULL;
}

bool compare_verdict(const struct app *app, struct row *out)
{
	const struct compare *c = &app->compare;
	if (app->view != VIEW_MATRIX || !c->cell.walk.nsteps)
		return false;
	matrix_cell_text(&c->matrix.cells[c->way][c->column], c->way, c->column, out);
	row_add_part(out, &c->cell_seen.verdict, 0, c->cell_seen.verdict.used);
	return true;
}

bool compare_hint(const struct app *app, struct row *out)
{
	const struct compare *c = &app->compare;
	row_clear(out);
	if (app->view == VIEW_MATRIX && c->of.addr.family) {
		matrix_legend(&c->matrix, out);
		return true;
	}
	if (!app_compares(app) || !c->versus.walk[0])
		return false;
	versus_summary(&c->versus, out);
	return true;
}

const char *compare_heading(const struct app *app)
{
	static const char *const headings[COMPARE_KINDS] = {
		[COMPARE_OTHER] = "The other family",
		[COMPARE_BEFORE] = "Before the last change",
		[COMPARE_PINNED] = "Since it was pinned",
		[COMPARE_ADDRESS] = "Another address",
	};
	if (app->view == VIEW_BINDS)
		return "Bind of";
	return app->view == VIEW_MATRIX ? "Supposed:" : headings[app->compare.kind];
}
