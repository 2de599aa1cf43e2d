// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/layout.h"

#include "tui/view.h"

static enum stage stage_of(const struct layout_wish *wish)
{
	int rows = wish->rows, cols = wish->cols;
	if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS)
		return STAGE_NONE;
	if (rows < LAYOUT_SINGLE_ROWS || cols < LAYOUT_SINGLE_COLS)
		return STAGE_BARE;
	if (wish->zoom || rows < LAYOUT_FULL_ROWS)
		return STAGE_SINGLE;
	if (cols < LAYOUT_FULL_COLS)
		return STAGE_PAIR;
	return cols < LAYOUT_WIDE_COLS ? STAGE_FULL : STAGE_WIDE;
}

struct layout layout_compute(const struct layout_wish *wish)
{
	enum { TITLE = 1, KEYS = 1, LEAST_BODY = 2 };
	struct layout l = {.rows = wish->rows, .cols = wish->cols, .stage = stage_of(wish)};
	int rows = wish->rows, cols = wish->cols;
	if (l.stage == STAGE_NONE)
		return l;
	l.border = l.stage != STAGE_BARE;
	int room = rows - TITLE - KEYS;
	int verdict = clamp(wish->verdict, 1, LAYOUT_VERDICT_MAX);
	int hint = clamp(wish->hint, l.stage == STAGE_BARE ? 0 : 1, LAYOUT_HINT_MAX);
	verdict = clamp(verdict, 1, room - hint);
	if (room - verdict - hint < LEAST_BODY && verdict > 3)
		verdict = clamp(room - hint - LEAST_BODY, 3, verdict);
	int body = room - verdict - hint;
	l.title = (struct rect){0, 0, TITLE, cols};
	l.verdict = (struct rect){TITLE + body, 0, verdict, cols};
	l.hint = (struct rect){TITLE + body + verdict, 0, hint, cols};
	l.keys = (struct rect){rows - KEYS, 0, KEYS, cols};

	const struct view *view = view_info(wish->view);
	view->arrange(&l, wish, (struct rect){TITLE, 0, body, cols});
	for (unsigned i = 0; i < view->npanes; i++) {
		enum pane_id p = view->panes[i];
		bool explained = i + 1 == view->npanes && l.pane[PANE_DETAIL].h;
		if (l.pane[p].h == 0 && !explained)
			l.hidden |= 1u << p;
	}
	return l;
}

int layout_border(const struct layout *l, enum pane_id pane)
{
	return l->frameless & 1u << pane ? 0 : l->border;
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
