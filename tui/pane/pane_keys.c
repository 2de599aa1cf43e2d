// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_keys.h"

#include <string.h>

// The focused pane's own keys come first in the table, so an earlier row of the same command is the one to know.
static bool is_known(enum key_context context, size_t before, const struct binding *b)
{
	for (size_t i = 0; i < before; i++) {
		const struct binding *other = keys_at(i);
		if (other->command == b->command && strcmp(other->arg, b->arg) == 0 && keys_reachable(context, other))
			return true;
	}
	return false;
}

// Those that are shown from the first-th on, at most n of them, in out. Returns how many are shown at all.
static size_t shown(const struct app *app, size_t first, size_t n, const struct binding **out)
{
	enum key_context context = app_pane_context(app->focus);
	const struct binding *b;
	size_t seen = 0;
	for (size_t i = 0; (b = keys_at(i)); i++) {
		bool moves = command_info(b->command)->group == GROUP_MOVE && b->command != CMD_USE;
		if (moves || !keys_reachable(context, b) || !app_may(app, b->command) || is_known(context, i, b))
			continue;
		if (seen >= first && seen - first < n)
			out[seen - first] = b;
		seen++;
	}
	return seen;
}

static size_t count(const struct app *app)
{
	return shown(app, 0, 0, NULL);
}

static void rows(const struct app *app, size_t first, size_t n, unsigned width, struct row *out)
{
	const struct binding *found[PANE_PAGE] = {NULL};
	char name[KEY_NAME], meaning[ROW_TEXT];
	(void)width;
	shown(app, first, n, found);
	for (size_t i = 0; i < n && found[i]; i++) {
		row_add(&out[i], ROLE_KEY, "%-6s", keys_name(found[i]->key, name));
		row_add(&out[i], ROLE_PLAIN, "%s",
			command_meaning(found[i]->command, found[i]->arg, meaning, sizeof meaning));
	}
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	rows(app, item, 1, width, out);
}

const struct pane_ops pane_keys = {
	.count = count,
	.row = row,
	.rows = rows,
};
