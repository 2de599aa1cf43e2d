// SPDX-License-Identifier: GPL-3.0-or-later
// The same bind in each family, under each change that may allow it.
#include "tui/pane/pane_matrix.h"

#include "core/text/matrix_text.h"

static size_t count(const struct app *app)
{
	return app->compare.of.addr.family ? WAY_COUNT + 1 : 0;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct compare *c = &app->compare;
	const struct matrix_layout l = matrix_layout(&c->matrix, width, c->column);
	if (item == 0)
		matrix_heading(&l, out);
	else
		matrix_row(&c->matrix, &l, (enum matrix_way)(item - 1),
			   app->focus == PANE_MATRIX && (enum matrix_way)(item - 1) == c->way ? c->column : AS_COUNT,
			   out);
}

// The address of the selected column.
static void heading(const struct app *app, struct row *out)
{
	const struct compare *c = &app->compare;
	char text[ATTEMPT_TEXT];
	if (c->of.addr.family)
		row_add(out, ROLE_ADDR, "  %s", attempt_print(&c->matrix.cells[WAY_NOTHING][c->column].attempt, text));
}

const struct pane_ops pane_matrix = {
	.heading = heading,
	.count = count,
	.row = row,
};
