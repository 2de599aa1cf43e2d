// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/layout.h"

#include "tui/view.h"

int layout_verdict(int needed)
{
	return clamp(needed, LAYOUT_VERDICT_MIN, LAYOUT_VERDICT_MAX);
}

struct layout layout_compute(const struct layout_wish *wish)
{
	struct layout l = {.rows = wish->rows, .cols = wish->cols};
	int rows = wish->rows, cols = wish->cols;
	if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS) {
		l.stage = STAGE_NONE;
		return l;
	}
	int verdict = layout_verdict(wish->verdict), below_panes = verdict + 2;
	l.title = (struct rect){0, 0, 1, cols};
	l.verdict = (struct rect){rows - below_panes, 0, verdict, cols};
	l.hint = (struct rect){rows - 2, 0, 1, cols};
	l.keys = (struct rect){rows - 1, 0, 1, cols};
	struct rect body = {1, 0, rows - 1 - below_panes, cols};

	if (wish->zoom || rows < LAYOUT_FULL_ROWS)
		l.stage = STAGE_SINGLE;
	else if (cols < LAYOUT_FULL_COLS)
		l.stage = STAGE_PAIR;
	else
		l.stage = cols < LAYOUT_WIDE_COLS ? STAGE_FULL : STAGE_WIDE;

	const struct view *view = view_info(wish->view);
	view->arrange(&l, wish, body);
	for (unsigned i = 0; i < view->npanes; i++) {
		enum pane_id p = view->panes[i];
		bool explained = i + 1 == view->npanes && view->details && l.pane[PANE_DETAIL].h;
		if (l.pane[p].h == 0 && !explained)
			l.hidden |= 1u << p;
	}
	return l;
}

enum pane_id layout_hit(const struct layout *l, int y, int x)
{
	for (int p = 0; p < PANE_COUNT; p++) {
		const struct rect *r = &l->pane[p];
		if (y >= r->y && y < r->y + r->h && x >= r->x && x < r->x + r->w)
			return (enum pane_id)p;
	}
	return PANE_COUNT;
}
