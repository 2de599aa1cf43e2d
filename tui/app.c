// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/app.h"

#include "tui/view.h"
#include "tui/walk_rows.h"

unsigned app_take_effects(struct app *app)
{
	unsigned effects = app->effects;
	app->effects = 0;
	return effects;
}

bool app_is_huge(const struct app *app)
{
	return app->view == VIEW_EXPLORE && layout_is_huge(app->rows, app->cols);
}

enum key_context app_pane_context(enum pane_id pane)
{
	static const enum key_context of_pane[PANE_COUNT] = {
		[PANE_LINKS] = CONTEXT_LINKS,     [PANE_ROUTES] = CONTEXT_ROUTES, [PANE_SOCKET] = CONTEXT_SOCKET,
		[PANE_WALK] = CONTEXT_WALK,       [PANE_OTHER] = CONTEXT_OTHER,   [PANE_MATRIX] = CONTEXT_MATRIX,
		[PANE_SOCKETS] = CONTEXT_SOCKETS, [PANE_EVENTS] = CONTEXT_EVENTS, [PANE_DETAIL] = CONTEXT_DETAIL,
		[PANE_LESSON] = CONTEXT_LESSON,   [PANE_KEYS] = CONTEXT_MAIN,     [PANE_PALETTE] = CONTEXT_PALETTE,
		[PANE_HELP] = CONTEXT_HELP,       [PANE_BINDS] = CONTEXT_BINDS,   [PANE_PROGRAM] = CONTEXT_BINDS,
	};
	return of_pane[pane];
}

enum key_context app_context(const struct app *app)
{
	switch (app->mode) {
	case MODE_FILTER:
		return CONTEXT_FILTER;
	case MODE_CONFIRM:
		return app->question[0] ? CONTEXT_CHANGE : CONTEXT_CONFIRM;
	case MODE_PROMPT:
		return CONTEXT_PROMPT;
	default:
		break;
	}
	bool overlaid = app->view == VIEW_HELP || app->view == VIEW_PALETTE;
	if (!overlaid && (app->cover.asking || app->cover.told))
		return app->cover.asking ? CONTEXT_ANSWER : CONTEXT_TOLD;
	if (app_awaits_answer(app) && app->focus != PANE_DETAIL)
		return app_is_on_stage(app) ? CONTEXT_STAGE_ASK : CONTEXT_LESSON_ASK;
	bool beside = app_is_beside_stage(app) && (app->focus == PANE_OTHER || app->focus == PANE_MATRIX);
	if (beside || (app_is_on_stage(app) && app->focus == PANE_LESSON))
		return CONTEXT_STAGE;
	if (app->view == VIEW_BINDS && app->focus == PANE_OTHER)
		return CONTEXT_OPENED;
	if (app->view == VIEW_BINDS && app->traced.shown && traced_goes_on(&app->traced))
		return CONTEXT_TRACED;
	return app_pane_context(app->focus);
}

bool app_plays(const struct app *app)
{
	return app->lesson.state && view_info(app->view)->plays;
}

bool app_is_on_stage(const struct app *app)
{
	return app_plays(app) && app->lesson.state->paced;
}

bool app_is_beside_stage(const struct app *app)
{
	const struct lesson_state *s = app->lesson.state;
	return s && s->paced && !app->lesson.away && (app->view == VIEW_COMPARE || app->view == VIEW_MATRIX);
}

bool app_awaits_answer(const struct app *app)
{
	return app_plays(app) && app->lesson.state->wait == LESSON_ANSWER && !app->stage.title;
}

bool app_passes_by(const struct app *app)
{
	bool overlaid = app->view == VIEW_HELP || app->view == VIEW_PALETTE;
	return app->lesson.state && !app->lesson.away && !app_plays(app) && !overlaid;
}

bool app_compares(const struct app *app)
{
	return app->view == VIEW_COMPARE || (app->lesson.compares && app_plays(app));
}

enum pane_id app_explained_pane(const struct app *app)
{
	const struct view *v = view_info(app->view);
	if (app_compares(app) || (app->view == VIEW_BINDS && app->opened.open))
		return PANE_OTHER;
	return v->panes[v->npanes - 1];
}

unsigned app_step_index(const struct app *app)
{
	const struct list *l = &app->lists[PANE_WALK];
	unsigned row = l->selected < l->count ? (unsigned)list_item(l, l->selected) : 0;
	return walk_rows_step(&app->now.walk, app->unfolded, row);
}

const struct walk_step *app_step(const struct app *app)
{
	unsigned i = app_step_index(app);
	return i < app->now.walk.nsteps ? &app->now.walk.steps[i] : NULL;
}

bool app_covers(const struct app *app)
{
	return app->now.walk.nsteps && cover_hides(&app->cover, &app->now.walk);
}

bool app_is_replay(const struct app *app)
{
	return app->now.host && app->now.host->recorded;
}

bool app_may(const struct app *app, enum command_id id)
{
	bool changes = command_info(id)->needs & NEED_LAB || (id == CMD_TOGGLE_SELECTED && app->focus == PANE_LINKS);
	return !changes || app->lab || app->editable;
}
