// SPDX-License-Identifier: GPL-3.0-or-later
// The commands about the second walk and the matrix.
#include "tui/compare_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/attempt_command.h"
#include "core/text/matrix_text.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/compare.h"
#include "tui/compare_update.h"
#include "tui/pane/pane.h"
#include "tui/pane/panes.h"
#include "tui/walk_rows.h"

static bool has_kind(const struct app *app, enum compare_kind kind)
{
	const struct compare *c = &app->compare;
	switch (kind) {
	case COMPARE_BEFORE:
		return c->seen.before.walk.nsteps > 0;
	case COMPARE_PINNED:
		return c->seen.pinned.walk.nsteps > 0;
	case COMPARE_ADDRESS:
		return c->with.addr.family != 0;
	default:
		return true;
	}
}

static unsigned show(struct app *app, enum compare_kind kind)
{
	app->compare.kind = kind;
	if (!app_compares(app))
		return app_view(app, VIEW_COMPARE);
	compare_opened(app);
	return app_relayout(app);
}

// The next kind of pair that exists.
static unsigned show_next(struct app *app)
{
	enum compare_kind kind = app->compare.kind;
	do
		kind = (enum compare_kind)((kind + 1) % COMPARE_KINDS);
	while (!has_kind(app, kind));
	unsigned changed = show(app, kind);
	bool alone =
		!has_kind(app, COMPARE_BEFORE) && !has_kind(app, COMPARE_PINNED) && !has_kind(app, COMPARE_ADDRESS);
	return alone ? changed |
			       app_say(app, ROLE_DIM, "the only pair so far; change something, or pin this walk with P")
		     : changed;
}

static int aim_with(struct app *app, const struct command_call *call, char *err, size_t errlen)
{
	struct attempt a = app->attempt;
	struct endpoint ep;
	unsigned long port;
	if (endpoint_parse(command_value(call, 1), &ep, err, errlen) < 0)
		return -EINVAL;
	if (ep.addr.family != a.addr.family)
		a = counterpart(app->now.host, &a); // the options of that family
	attempt_aim(&a, &ep);
	a.family = ep.addr.family;
	if (command_value(call, 2) && number_parse(command_value(call, 2), UINT16_MAX, &port) == 0)
		a.port = (uint16_t)port;
	if (attempt_command_scope(&a, app->now.host, err, errlen) < 0)
		return -EINVAL;
	app->compare.with = a;
	return 0;
}

int compare_with(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	static const char *const names[] = {"other", "before", "pinned"}; // enum compare_kind
	const char *name = command_value(call, 0);
	if (!app->now.host) {
		snprintf(err, errlen, "Bindwalk is still reading this host");
		return -EINVAL;
	}
	if (name && command_value(call, 1)) {
		snprintf(err, errlen, "expected either %s or an address", name);
		return -EINVAL;
	}
	if (command_value(call, 1)) {
		if (aim_with(app, call, err, errlen) < 0)
			return -EINVAL;
		*changed |= show(app, COMPARE_ADDRESS);
		return 0;
	}
	for (unsigned i = 0; name && i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		if (!has_kind(app, (enum compare_kind)i)) {
			snprintf(err, errlen,
				 i == COMPARE_BEFORE ? "nothing has changed yet, so there is no walk before this one"
						     : "no walk is pinned; P pins the present one");
			return -EINVAL;
		}
		*changed |= show(app, (enum compare_kind)i);
		return 0;
	}
	if (app_compares(app))
		*changed |= show_next(app);
	else
		*changed |= show(app, COMPARE_OTHER);
	return 0;
}

int compare_counterpart(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const struct attempt from = app->attempt;
	char text[ATTEMPT_TEXT];
	(void)call;
	if (!app->now.host || !from.addr.family) {
		snprintf(err, errlen, "Bindwalk is still reading this host");
		return -EINVAL;
	}
	app->attempt = pairs_counterpart(&app->compare.pairs, app->now.host, &from);
	pairs_note(&app->compare.pairs, app->now.host, &from, &app->attempt, true);
	*changed |= app_decide(app);
	*changed |= app_say(app, ROLE_PLAIN, "the counterpart is %s; press i to go back",
			    attempt_print(&app->attempt, text));
	return 0;
}

unsigned compare_pin(struct app *app, const struct command_call *call)
{
	char text[ATTEMPT_TEXT];
	(void)call;
	if (!app->compare.seen.now.walk.nsteps)
		return app_say(app, ROLE_WARN, "Bindwalk is still reading this host");
	walks_seen_pin(&app->compare.seen);
	compare_take(app);
	return app_say(app, ROLE_PLAIN, "pinned the walk of %s; = compares later ones with it",
		       attempt_print(&app->attempt, text));
}

static unsigned go_to_cell(struct app *app, int by)
{
	struct compare *c = &app->compare;
	if (app_compares(app)) {
		c->side = by > 0;
		pane_update(app, PANE_DETAIL);
		return DIRTY_SCREEN;
	}
	c->column = (enum matrix_column)clamp((int)c->column + by, 0, AS_COUNT - 1);
	compare_take(app);
	return app_relayout(app);
}

unsigned compare_cell(struct app *app, const struct command_call *call)
{
	const char *where = command_value(call, 0);
	if (where && (app->view == VIEW_MATRIX || app_compares(app) || app->focus == PANE_MATRIX))
		return go_to_cell(app, strcmp(where, "left") == 0 ? -1 : 1);
	if (app->view != VIEW_MATRIX && !app_compares(app))
		return app_view(app, VIEW_MATRIX);
	struct list *l = &app->lists[PANE_OTHER];
	list_select(l, walk_rows_of(&app->compare.cell.walk, false, app->compare.cell.walk.decisive));
	unsigned changed = app_focus(app, PANE_OTHER);
	pane_update(app, PANE_DETAIL);
	return changed;
}

bool compare_click(struct app *app, enum pane_id pane, int x)
{
	struct compare *c = &app->compare;
	enum matrix_column before = c->column;
	const struct rect *other = &app->layout.pane[PANE_OTHER];
	if (pane == PANE_OTHER && !compare_is_wide(app))
		return true;
	if (pane == PANE_OTHER) {
		unsigned side = c->side;
		c->side = x >= other->x + other->w / 2;
		return c->side == side;
	}
	const struct matrix_layout l = matrix_layout(&c->matrix, pane_width(app, PANE_MATRIX), c->column);
	int at = x - app->layout.pane[PANE_MATRIX].x - app->layout.border - 1 - (int)l.label;
	if (l.only == AS_COUNT && at >= 0 && at < AS_COUNT * (int)l.cell)
		c->column = (enum matrix_column)(at / (int)l.cell);
	return c->column == before;
}

unsigned compare_moved(struct app *app)
{
	struct compare *c = &app->compare;
	const struct list *l = &app->lists[PANE_MATRIX];
	if (app->focus == PANE_MATRIX) {
		if (l->selected == 0) // the names of the columns
			list_select(&app->lists[PANE_MATRIX], 1);
		c->way = (enum matrix_way)clamp((int)l->selected - 1, 0, WAY_COUNT - 1);
		compare_take(app);
		return app_relayout(app);
	}
	pane_update(app, PANE_DETAIL);
	app->lists[PANE_DETAIL].top = app->lists[PANE_DETAIL].selected = 0;
	return DIRTY_SCREEN;
}
