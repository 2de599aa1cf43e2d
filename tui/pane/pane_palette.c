// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that fit what is typed: the key, the line that can be typed instead, and what it does.
#include "tui/pane/pane_palette.h"

#include <string.h>

static size_t count(const struct app *app)
{
	return app->palette.n;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	enum { NARROW = 60, WIDE = 110 };
	int key_cols = width < NARROW ? 7 : 10, line_cols = width < NARROW ? 16 : width < WIDE ? 22 : 34;
	struct palette_entry e;
	char line[PALETTE_LINE], meaning[PALETTE_MEANING], name[KEY_NAME] = "";
	if (item >= app->palette.n || !palette_at(app->palette.found[item], &e))
		return;
	const struct binding *key = palette_key(&e, app_pane_context(app->palette.under));
	const char *why = palette_why_not(app->lab, app->editable, &e);
	if (key)
		keys_name(key->key, name);
	palette_line(&e, line);
	row_add(out, why ? ROLE_DIM : ROLE_KEY, "%-*s", key_cols - 1, name);
	row_add(out, why ? ROLE_DIM : ROLE_PLAIN, " %-*s ", line_cols, line);
	if (why)
		row_add(out, ROLE_WARN, " %s", why);
	row_add(out, ROLE_DIM, why ? ": %s" : " %s", palette_meaning(&e, meaning, sizeof meaning));
}

static void heading(const struct app *app, struct row *out)
{
	row_right(out, ROLE_DIM, "%zu", app->palette.n);
}

const struct pane_ops pane_palette = {
	.heading = heading,
	.count = count,
	.row = row,
};
