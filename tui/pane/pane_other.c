// SPDX-License-Identifier: GPL-3.0-or-later
// The walk that the present one is compared with: beside it, below it, or alone where the present one has a pane of its
// own. In the matrix view, the walk of the selected cell.
#include "tui/pane/pane_other.h"

#include <string.h>

#include "core/text/matrix_text.h"
#include "core/text/report.h"
#include "core/text/step_row.h"
#include "core/text/width.h"
#include "tui/bind_text.h"
#include "tui/compare.h"
#include "tui/pane/pane_detail.h"
#include "tui/pane/pane_walk.h"
#include "tui/pane/step_text.h"
#include "tui/walk_rows.h"

// Whose verdict follows, where it is not that of the walk above. False: it is.
static bool whose(const struct compare *c, struct row *out)
{
	row_clear(out);
	if (!compare_is_earlier(c))
		return false;
	row_add(out, ROLE_TITLE, "The other family  ");
	snapshot_attempt(&c->second, ROLE_ADDR, out);
	return true;
}

// Line `wanted` of a step's text, which begins behind so many lines; returns how many there are up to it, or in all.
static size_t step_lines(const struct inquiry *in, unsigned step, size_t before, size_t wanted, unsigned width,
			 struct row *out)
{
	const struct step_text t = {.in = in, .step = step};
	struct row unused;
	bool here = wanted != SIZE_MAX;
	return before + step_text_line(&t, here ? wanted - before : SIZE_MAX, width, here ? out : &unused);
}

// What is to be read about it, unless the details have it: its verdict's subject, or what is different in IPv6.
static const char *topic_of(const struct app *app, const struct inquiry *in)
{
	static const char family[] = "ipv6-address-list";
	const char *shown = code_info(app->now.walk.code)->topic, *own = code_info(in->walk.code)->topic;
	if (strcmp(own, shown) != 0)
		return own;
	return in->walk.attempt.addr.family != app->attempt.addr.family && strcmp(family, shown) != 0 ? family : NULL;
}

// Below the second walk, where the screen is large: the verdict, the deciding step, the one where both walks part, and
// what the help says.
static size_t below(const struct app *app, size_t wanted, unsigned width, struct row *out)
{
	struct row verdict, named;
	unsigned step, parts;
	size_t lines = 1, next;
	const struct inquiry *in = compare_decides(app, &step);
	if (!in || width == 0)
		return 0;
	const struct facts f = inquiry_facts(in);
	report_verdict(&f, &in->walk, &verdict);
	if (wanted == 0)
		row_clear(out);
	if (whose(&app->compare, &named) && lines++ == wanted)
		*out = named;
	for (size_t from = 0; from < verdict.used; from += next, lines++) {
		size_t end = width_wrap(verdict.text + from, verdict.used - from, width, &next);
		if (lines != wanted)
			continue;
		row_clear(out);
		row_add_part(out, &verdict, from, from + end);
	}
	if (lines++ == wanted)
		row_clear(out);
	if (wanted < lines)
		return lines;
	lines = step_lines(in, step, lines, wanted, width, out);
	if (wanted < lines)
		return lines;
	if (compare_parts(app, &parts)) {
		if (lines++ == wanted)
			row_clear(out);
		if (lines++ == wanted) {
			row_clear(out);
			row_add(out, ROLE_TITLE, "Where both walks part: step %u · %s", parts + 1,
				step_info(in->walk.steps[parts].step)->name);
		}
		if (wanted < lines)
			return lines;
		lines = step_lines(in, parts, lines, wanted, width, out);
	}
	const char *topic = wanted < lines ? NULL : topic_of(app, in);
	if (!topic)
		return lines;
	struct row unused;
	row_clear(wanted == SIZE_MAX ? &unused : out);
	return lines + pane_detail_topic(topic, wanted == SIZE_MAX ? 0 : wanted - lines, width,
					 wanted == SIZE_MAX ? &unused : out);
}

static size_t reason_lines(const struct app *app)
{
	struct row unused;
	row_clear(&unused);
	return bind_text_reason(app, pane_width(app, PANE_OTHER), SIZE_MAX, &unused);
}

static size_t count(const struct app *app)
{
	const struct compare *c = &app->compare;
	if (app->view == VIEW_MATRIX)
		return walk_rows_count(&c->cell.walk, false);
	if (app->view == VIEW_BINDS)
		return app->opened.walk ? walk_rows_count(&app->opened.walk->walk, false) : reason_lines(app);
	if (!c->versus.walk[0])
		return 0;
	return compare_is_wide(app) ? c->versus.beside.n + COMPARE_HEADINGS
				    : c->nlines + below(app, SIZE_MAX, pane_width(app, PANE_OTHER), NULL);
}

// One of the two headings: both halves as wide as those of the steps below.
static void wide_heading(const struct versus *v, bool outcome, unsigned width, struct row *out)
{
	enum { BETWEEN = 7 }; // marks and a line: see versus_row()
	unsigned room = width > BETWEEN ? width - BETWEEN : 0, left = room / 2;
	for (unsigned side = 0; side < 2; side++) {
		struct row one;
		row_clear(&one);
		if (outcome)
			snapshot_outcome(v->walk[side], &one);
		else
			versus_heading(v, side, &one);
		row_add(out, ROLE_DIM, side ? "   " : "");
		row_add(out, ROLE_PLAIN, "  ");
		step_row_cell(out, &one, 0, one.used, side ? room - left : left);
	}
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct compare *c = &app->compare;
	if (app->view == VIEW_MATRIX) {
		pane_walk_row(&c->cell, false, (unsigned)item, width, app->ascii, out);
	} else if (app->view == VIEW_BINDS && app->opened.walk) {
		pane_walk_row(app->opened.walk, false, (unsigned)item, width, app->ascii, out);
	} else if (app->view == VIEW_BINDS) {
		bind_text_reason(app, width, item, out);
	} else if (!compare_is_wide(app) && item >= c->nlines) {
		below(app, item - c->nlines, width, out);
	} else if (!compare_is_wide(app)) {
		versus_line_row(&c->versus, &c->line[item], width, app->ascii, out);
	} else if (item < COMPARE_HEADINGS) {
		wide_heading(&c->versus, item > 0, width, out);
	} else {
		versus_row(&c->versus, (unsigned)item - COMPARE_HEADINGS, width, app->ascii, out);
	}
}

static void heading(const struct app *app, struct row *out)
{
	const struct compare *c = &app->compare;
	if (app->view == VIEW_MATRIX) {
		row_add(out, ROLE_WARN, " %s %s", matrix_column_name(c->column), matrix_way_heading(c->way));
		const struct matrix_cell *cell = &c->matrix.cells[c->way][c->column];
		bool differs = matrix_cell_differs(cell);
		if (c->cell.walk.nsteps)
			row_right(out,
				  differs      ? ROLE_WARN
				  : cell->live ? ROLE_SYSCALL
					       : ROLE_MODEL,
				  "%s",
				  differs      ? "not as predicted"
				  : cell->live ? "live, as predicted"
					       : "predicted");
		return;
	}
	if (app->view == VIEW_BINDS)
		bind_text_opened(app, out);
	if (!c->versus.walk[0])
		return;
	if (c->versus.about[0])
		row_add(out, ROLE_PLAIN, "  %s", c->versus.about);
	if (app_compares(app))
		return;
	struct row end;
	const struct snapshot *shown = c->versus.walk[!compare_is_earlier(c)];
	if (!c->versus.about[0]) {
		row_add(out, ROLE_PLAIN, "  ");
		snapshot_attempt(shown, ROLE_ADDR, out);
	}
	row_clear(&end);
	snapshot_outcome(shown, &end);
	for (unsigned i = 0; i < end.nspans; i++)
		row_right(out, (enum role)end.spans[i].role, "%.*s", (int)end.spans[i].len,
			  end.text + end.spans[i].start);
}

const struct pane_ops pane_other = {
	.heading = heading,
	.count = count,
	.row = row,
};
