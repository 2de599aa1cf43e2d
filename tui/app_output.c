// SPDX-License-Identifier: GPL-3.0-or-later
// The output of commands, in the place of the details.
#include "tui/app_output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/pane/pane.h"

enum { MOST_ROWS = 2000 };

void app_output_begin(struct app *app, const char *title)
{
	app->output.n = 0;
	app->output.more = app->output.shown = false;
	snprintf(app->output.title, sizeof app->output.title, "%s", title);
}

void app_output_add(struct app *app, const struct row *row)
{
	struct output *o = &app->output;
	if (o->n == MOST_ROWS) {
		o->more = true;
		return;
	}
	if (o->n == o->cap) {
		size_t cap = o->cap ? o->cap * 2 : 32;
		struct row *grown = realloc(o->rows, cap * sizeof *grown);
		o->more = !grown;
		if (!grown)
			return;
		o->rows = grown;
		o->cap = cap;
	}
	o->rows[o->n++] = *row;
}

unsigned app_output_end(struct app *app)
{
	struct output *o = &app->output;
	if (o->n == 1) {
		enum role role = (enum role)o->rows[0].spans[0].role;
		return app_say(app, role == ROLE_DIM ? ROLE_PLAIN : role, "%.250s", o->rows[0].text);
	}
	if (o->n == 0)
		return DIRTY_SCREEN;
	app->mode = MODE_MAIN;
	if (!view_has_walk(app->view))
		app_view(app, VIEW_EXPLORE);
	o->shown = true;
	app->focus = PANE_DETAIL;
	app->detail = true;
	app->lists[PANE_DETAIL].top = app->lists[PANE_DETAIL].selected = 0;
	if (o->more)
		app_say(app, ROLE_WARN, "only the first %d lines are kept; add a text to narrow the list", MOST_ROWS);
	return app_relayout(app);
}
