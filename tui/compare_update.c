// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/compare_update.h"

#include "tui/compare.h"
#include "tui/pane/panes.h"

static void select_line(struct app *app, size_t item)
{
	size_t line = list_line(&app->lists[PANE_OTHER], item);
	if (line != SIZE_MAX)
		list_select(&app->lists[PANE_OTHER], line);
}

void compare_take(struct app *app)
{
	struct compare *c = &app->compare;
	const struct facts f = inquiry_facts(&app->now);
	if (!app->now.host)
		return;
	const struct attempt before = c->seen.now.walk.attempt;
	bool another = walks_seen_note(&c->seen, &f, &app->now.walk, c->changed);
	if (another) {
		c->changed[0] = '\0';
		// Right after a change at the same address, the user wants to see the walk before it.
		if (app->view == VIEW_EXPLORE)
			c->kind = addr_equal(&before.addr, &app->attempt.addr) ? COMPARE_BEFORE : COMPARE_OTHER;
	}
	compare_work_out(app);
	pane_update(app, PANE_MATRIX);
	pane_update(app, PANE_OTHER);
	if (another && app_compares(app))
		select_line(app, compare_first_difference(app));
}

void compare_opened(struct app *app)
{
	compare_take(app);
	if (app_compares(app))
		select_line(app, compare_first_difference(app));
	if (app->view == VIEW_MATRIX)
		list_select(&app->lists[PANE_MATRIX], (size_t)app->compare.way + 1);
	pane_update(app, PANE_DETAIL);
}
