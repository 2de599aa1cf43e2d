// SPDX-License-Identifier: GPL-3.0-or-later
// The selected step in full: its question, its inputs, the evidence, the paragraph for learners, and, where the walk
// ends in a refusal, what would turn it round.
#include "tui/pane/pane_detail.h"

#include "core/text/report.h"
#include "core/text/report_remedy.h"
#include "core/text/width.h"
#include "tui/compare.h"
#include "tui/pane/pane.h"

enum { MOST_LINES = 400, HANGING = 7 };

// Is this step the one that refused, or the refusal itself?
static bool tells_remedies(const struct app *app)
{
	unsigned step;
	const struct inquiry *in = compare_explained(app, &step);
	return in == &app->now && app->tells_remedies &&
	       (step == app->now.walk.decisive || step + 1 == app->now.walk.nsteps);
}

static bool remedy_line(const struct app *app, unsigned n, struct row *out)
{
	if (!tells_remedies(app))
		return false;
	if (n > 0)
		return report_remedy(&app->now.walk, app->remedies, app->nremedies, true, n - 1, out);
	row_add(out, ROLE_PLAIN, " ");
	return true;
}

// What can be acted on comes before what is to be learned.
enum part { PART_FOUND, PART_REMEDIES, PART_TEXT, PARTS };

// Line n of a part, before wrapping.
static bool whole_line(const struct app *app, enum part part, unsigned n, unsigned width, struct row *out)
{
	unsigned step;
	const struct inquiry *in = compare_explained(app, &step);
	row_clear(out);
	if (!in)
		return false;
	if (part == PART_REMEDIES)
		return remedy_line(app, n, out);
	const struct facts f = inquiry_facts(in);
	bool hidden = in == &app->now ? cover_hides_step(&app->cover, step) : app_covers(app);
	unsigned found = hidden ? DETAIL_QUESTION : DETAIL_QUESTION | DETAIL_FOUND;
	return report_detail(&f, &in->walk, step, part == PART_TEXT ? DETAIL_TEXT : found, width, n, out);
}

// Line `wanted` after wrapping; returns how many there are up to it. What comes ready-made may still be wider than the
// pane.
static size_t line(const struct app *app, size_t wanted, unsigned width, struct row *out)
{
	struct row whole;
	size_t seen = 0;
	unsigned n = 0;
	for (enum part part = 0; part < PARTS && seen < MOST_LINES;) {
		if (!whole_line(app, part, n++, width, &whole)) {
			part++;
			n = 0;
			continue;
		}
		unsigned hanging = part == PART_REMEDIES ? REMEDY_INDENT : HANGING;
		for (size_t from = 0, next = 0, end; from == 0 || from < whole.used; from = next) {
			unsigned room = from ? width - hanging : width;
			end = from + width_wrap(whole.text + from, whole.used - from, room, &next);
			next += from;
			if (seen++ == wanted) {
				row_clear(out);
				if (from)
					row_add(out, ROLE_PLAIN, "%*s", (int)hanging, "");
				row_add_part(out, &whole, from, end);
				return seen;
			}
			if (next == 0)
				break; // an empty line
		}
	}
	return seen;
}

static size_t count(const struct app *app)
{
	unsigned width = pane_width(app, PANE_DETAIL);
	struct row r;
	if (!app->now.host || app->now.walk.nsteps == 0 || width < 20)
		return 0;
	return line(app, SIZE_MAX, width, &r);
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	line(app, item, width, out);
}

static void heading(const struct app *app, struct row *out)
{
	unsigned step;
	const struct inquiry *in = compare_explained(app, &step);
	char text[ATTEMPT_TEXT];
	if (in)
		row_add(out, ROLE_PLAIN, " %u of %u · %s", step + 1, in->walk.nsteps,
			step_info(in->walk.steps[step].step)->name);
	if (in && app_explained_pane(app) == PANE_OTHER)
		row_add(out, ROLE_DIM, " of %s", attempt_print(&in->walk.attempt, text));
	if (app->layout.pane[app_explained_pane(app)].h == 0)
		row_right(out, ROLE_DIM, "n/p step, Esc back");
}

// What a command showed stands in the same place.

static size_t shown_count(const struct app *app)
{
	return app->output.shown ? app->output.n : count(app);
}

static void shown_row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	if (!app->output.shown)
		row(app, item, width, out);
	else if (item < app->output.n)
		*out = app->output.rows[item];
}

static void shown_heading(const struct app *app, struct row *out)
{
	if (!app->output.shown) {
		heading(app, out);
		return;
	}
	row_add(out, ROLE_PLAIN, " %s", app->output.title);
	if (app->layout.pane[PANE_WALK].h == 0)
		row_right(out, ROLE_DIM, "Esc back");
}

const struct pane_ops pane_detail = {
	.heading = shown_heading,
	.count = shown_count,
	.row = shown_row,
};
