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

// The n-th one that is shown, in *out, or how many there are up to the last.
static size_t nth(const struct app *app, size_t n, const struct binding **out)
{
	enum key_context context = app_pane_context(app->focus);
	const struct binding *b;
	size_t seen = 0;
	*out = NULL;
	for (size_t i = 0; (b = keys_at(i)); i++) {
		bool moves = command_info(b->command)->group == GROUP_MOVE && b->command != CMD_USE;
		if (moves || !keys_reachable(context, b) || !app_may(app, b->command) || is_known(context, i, b))
			continue;
		if (seen++ == n) {
			*out = b;
			break;
		}
	}
	return seen;
}

static size_t count(const struct app *app)
{
	const struct binding *none;
	return nth(app, SIZE_MAX, &none);
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct binding *b;
	char name[KEY_NAME], meaning[ROW_TEXT];
	(void)width;
	nth(app, item, &b);
	if (!b)
		return;
	row_add(out, ROLE_KEY, "%-6s", keys_name(b->key, name));
	row_add(out, ROLE_PLAIN, "%s", command_meaning(b->command, b->arg, meaning, sizeof meaning));
}

const struct pane_ops pane_keys = {
	.count = count,
	.row = row,
};
