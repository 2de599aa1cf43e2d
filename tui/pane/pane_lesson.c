// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_lesson.h"

#include "tui/lesson_text.h"
#include "tui/stage_text.h"

static size_t count(const struct app *app)
{
	unsigned width = pane_width(app, PANE_LESSON);
	return app_is_on_stage(app) ? stage_lines(app, width, 0, 0, NULL) : lesson_lines(app, width, 0, 0, NULL);
}

static void rows(const struct app *app, size_t first, size_t n, unsigned width, struct row *out)
{
	if (app_is_on_stage(app))
		stage_lines(app, width, first, n, out);
	else
		lesson_lines(app, width, first, n, out);
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	rows(app, item, 1, width, out);
}

static void heading(const struct app *app, struct row *out)
{
	const struct lesson_state *s = app->lesson.state;
	if (!s)
		return;
	row_add(out, ROLE_LABEL, " %u/%u", s->step + 1, s->lesson->nsteps);
	row_add(out, ROLE_PLAIN, " %s", s->lesson->steps[s->step].title);
	row_right(out, ROLE_DIM, "%s", s->lesson->title);
}

const struct pane_ops pane_lesson = {
	.heading = heading,
	.count = count,
	.row = row,
	.rows = rows,
};
