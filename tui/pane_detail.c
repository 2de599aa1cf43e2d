// SPDX-License-Identifier: GPL-3.0-or-later
// The selected step in full: its question, its inputs, the evidence, and the paragraph for learners.
#include "core/report.h"
#include "tui/pane.h"

enum { MOST_LINES = 400 };

static bool line(const struct app *app, unsigned n, unsigned width, struct row *out)
{
	row_clear(out);
	return report_detail(app->host, &app->walk, app_step_index(app), width, n, out);
}

static size_t count(const struct app *app)
{
	unsigned width = pane_width(app, PANE_DETAIL), n = 0;
	struct row r;
	if (!app->host || app->walk.nsteps == 0 || width < 20)
		return 0;
	while (n < MOST_LINES && line(app, n, width, &r))
		n++;
	return n;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	line(app, (unsigned)item, width, out);
}

static void heading(const struct app *app, struct row *out)
{
	const struct walk_step *s = app_step(app);
	if (s)
		row_add(out, ROLE_PLAIN, " %u of %u · %s", app_step_index(app) + 1, app->walk.nsteps,
			step_info(s->step)->name);
	if (app->layout.pane[PANE_WALK].h == 0)
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
	.name = "details",
	.title = "Step",
	.heading = shown_heading,
	.count = shown_count,
	.row = shown_row,
};
