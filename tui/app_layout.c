// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/app_layout.h"

#include "tui/compare_update.h"
#include "tui/frame.h"
#include "tui/pane/pane.h"
#include "tui/pane/panes.h"
#include "tui/stage_text.h"
#include "tui/view.h"

// The last input most of all, which is what the step comes down to.
void app_reveal_inputs(struct app *app)
{
	for (int p = 0; p < PANE_COUNT; p++) {
		pane_show_pointed(app, (enum pane_id)p);
		size_t item[STEP_INPUTS];
		unsigned n = pane_pointed(app, (enum pane_id)p, item);
		for (unsigned i = 0; i < n; i++) {
			size_t line = list_line(&app->lists[p], item[i]);
			if (line != SIZE_MAX)
				list_reveal(&app->lists[p], line);
		}
	}
}

void app_reveal_changed(struct app *app, enum pane_id pane)
{
	size_t item = pane_changed(app, pane), line = item == SIZE_MAX ? SIZE_MAX : list_line(&app->lists[pane], item);
	if (line != SIZE_MAX)
		list_reveal(&app->lists[pane], line);
}

void app_reveal_changes(struct app *app)
{
	for (int p = PANE_LINKS; p <= PANE_SOCKET && app->changed.reveal; p++)
		app_reveal_changed(app, (enum pane_id)p);
}

// The text of a lesson is wrapped to a width that the layout gives, which gives it the lines that it then needs.
static void fit_lesson(struct app *app, struct layout_wish *wish)
{
	if (!view_info(app->view)->plays)
		return;
	pane_update(app, PANE_LESSON);
	wish->need[PANE_LESSON] = app->fitted.lesson = (int)app->lists[PANE_LESSON].count;
	app->layout = layout_compute(wish);
}

// Of a traced program: what its binds and its output need, as far as there can be room for it.
static void fit_traced(const struct app *app, int *binds, int *program)
{
	size_t rows = app->traced.shown && app->rows > 0 ? (size_t)app->rows : 0;
	size_t n = app->lists[PANE_BINDS].count, lines = app->lists[PANE_PROGRAM].count;
	*binds = (int)(n < rows ? n : rows);
	*program = (int)(lines < rows ? lines : rows);
}

unsigned app_relayout(struct app *app)
{
	enum { USUAL_WALK = 9 }; // rows, until there is one
	unsigned cols = (unsigned)app->cols;
	app->fitted.verdict = frame_verdict_lines(app, cols);
	app->fitted.hint = frame_hint_lines(app, cols);
	app->fitted.walk = (int)app->lists[PANE_WALK].count;
	app->fitted.other = (int)app->lists[PANE_OTHER].count;
	app->fitted.lesson = (int)app->lists[PANE_LESSON].count;
	fit_traced(app, &app->fitted.binds, &app->fitted.program);
	struct layout_wish wish = {
		.rows = app->rows,
		.cols = app->cols,
		.focus = app->focus == PANE_DETAIL ? PANE_WALK : app->focus,
		.side = app->side,
		.zoom = app->zoom,
		.detail = app->detail,
		.compares = app->lesson.compares,
		.opened = app->opened.open,
		.walked = app->opened.walk != NULL,
		.traced = app->traced.shown && app->traced.status.state != FEED_NONE,
		.view = app->view,
		.verdict = app->fitted.verdict,
		.hint = app->fitted.hint,
		.no_walk = !stage_shows_walk(app),
	};
	for (int p = 0; p < PANE_COUNT; p++)
		wish.need[p] = app->lists[p].count < 1000 ? (int)app->lists[p].count : 1000;
	if (app->now.walk.nsteps == 0)
		wish.need[PANE_WALK] = USUAL_WALK;
	app->layout = layout_compute(&wish);
	fit_lesson(app, &wish);
	if (view_has_walk(app->view) && app->output.shown &&
	    app->layout.pane[PANE_DETAIL].h < (int)app->output.n + 2 * app->layout.border) {
		wish.view = VIEW_OUTPUT; // read page by page, what it is about is less in the way
		app->layout = layout_compute(&wish);
	}
	const struct list *program = &app->lists[PANE_PROGRAM];
	bool at_end = program->selected + 1 >= program->count;
	for (int p = 0; p < PANE_COUNT; p++) {
		int inside = app->layout.pane[p].h - 2 * layout_border(&app->layout, (enum pane_id)p);
		if (inside <= 0)
			continue;
		bool opened = p == PANE_OTHER && app->view == VIEW_BINDS;
		if (opened || p == PANE_BINDS || p == PANE_PROGRAM || p == PANE_DETAIL || p == PANE_HELP ||
		    p == PANE_KEYS || p == PANE_LESSON)
			pane_update(app, (enum pane_id)p); // their text is wrapped to the width
		list_resize(&app->lists[p], (size_t)inside);
		if (p == PANE_PROGRAM && at_end)
			list_select(&app->lists[p], app->lists[p].count - 1);
	}
	if (app->focus == PANE_DETAIL && app->layout.pane[PANE_DETAIL].h == 0 && app->view != VIEW_HELP)
		app->focus = app_explained_pane(app);
	app_reveal_inputs(app);
	app_reveal_changes(app);
	return DIRTY_SCREEN | DIRTY_LAYOUT;
}

unsigned app_fit(struct app *app)
{
	const struct layout *l = &app->layout;
	unsigned cols = (unsigned)app->cols;
	if (l->stage == STAGE_NONE || l->cols == 0) // too small a screen for anything
		return 0;
	int binds, program;
	fit_traced(app, &binds, &program);
	bool fits = app->fitted.binds == binds && app->fitted.program == program &&
		    app->fitted.verdict == frame_verdict_lines(app, cols) &&
		    app->fitted.hint == frame_hint_lines(app, cols) &&
		    app->fitted.walk == (int)app->lists[PANE_WALK].count &&
		    app->fitted.other == (int)app->lists[PANE_OTHER].count &&
		    app->fitted.lesson == (int)app->lists[PANE_LESSON].count;
	return fits ? 0 : app_relayout(app);
}

// The first screen shows the walk, also where it shows one pane only.
unsigned app_resize(struct app *app, int rows, int cols)
{
	bool first = app->rows == 0;
	app->rows = rows;
	app->cols = cols;
	compare_take(app); // two walks stand beside each other where there is room
	unsigned changed = app_relayout(app);
	return first && app->layout.hidden & 1u << PANE_WALK ? app_focus(app, PANE_WALK) : changed;
}

unsigned app_focus(struct app *app, enum pane_id pane)
{
	app->focus = pane;
	if (view_is_side(app->view, pane))
		app->side = pane;
	if (pane != PANE_DETAIL) {
		app->output.shown = false;
		app->detail = false;
	}
	return app_relayout(app);
}

void app_output_drop(struct app *app)
{
	if (!app->output.shown)
		return;
	app->output.shown = false;
	if (app->focus == PANE_DETAIL)
		app->focus = PANE_WALK;
	app->detail = false;
	app_relayout(app);
}

unsigned app_set_mode(struct app *app, enum mode mode)
{
	app->mode = mode;
	return app_relayout(app);
}

// Does it lie over another view, and go back to it?
static bool is_overlay(enum view_id view)
{
	return view == VIEW_HELP || view == VIEW_PALETTE;
}

unsigned app_compare_beside(struct app *app, bool on)
{
	app->lesson.compares = on;
	app->detail = app->output.shown = false;
	compare_opened(app);
	return app_focus(app, PANE_LESSON);
}

unsigned app_view(struct app *app, enum view_id view)
{
	if (view == VIEW_COMPARE && app_plays(app))
		return app_compare_beside(app, true);
	if (view == app->view)
		return 0;
	if (app->view == VIEW_EXPLORE)
		app->explored = app->focus;
	if (view == VIEW_EXPLORE && view_info(app->view)->plays)
		app->lesson.away = true;
	if (is_overlay(view) && !is_overlay(app->view)) {
		app->under.view = app->view;
		app->under.focus = app->focus;
	}
	app->view = view;
	app->focus = view == VIEW_EXPLORE ? app->explored : view_info(view)->panes[0];
	app->detail = app->output.shown = false;
	compare_opened(app);
	return app_set_mode(app, MODE_MAIN);
}

unsigned app_leave_view(struct app *app)
{
	bool overlay = is_overlay(app->view);
	enum view_id home = app->lesson.state && !app->lesson.away && !app_plays(app) ? app->lesson.view : VIEW_EXPLORE;
	unsigned changed = app_view(app, overlay ? app->under.view : home);
	return overlay ? app_focus(app, app->under.focus) : changed;
}

unsigned app_open_help(struct app *app)
{
	app->lists[PANE_HELP].top = app->lists[PANE_HELP].selected = 0;
	return app_view(app, VIEW_HELP);
}
