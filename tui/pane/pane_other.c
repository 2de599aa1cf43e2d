// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_other.h"

static size_t count(const struct app *app)
{
	(void)app;
	return 0;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	(void)app;
	(void)item;
	(void)width;
	row_clear(out);
}

const struct pane_ops pane_other = {
	.count = count,
	.row = row,
};
