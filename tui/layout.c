// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/layout.h"

enum {
	PANES_MIN = 9,
	PANES_MAX = 20,
	WALK_MIN = 12, // with details beneath it
	DETAIL_MIN = 8,
	WALK_MAX = 20,
	SIDE_MAX = 110
};

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

// Interfaces, routes and socket side by side.
static void put_three(struct layout *l, struct rect area)
{
	int links = area.w * 5 / 16, socket = area.w * 3 / 10;
	l->pane[PANE_LINKS] = (struct rect){area.y, area.x, area.h, links};
	l->pane[PANE_ROUTES] = (struct rect){area.y, area.x + links, area.h, area.w - links - socket};
	l->pane[PANE_SOCKET] = (struct rect){area.y, area.x + area.w - socket, area.h, socket};
}

// The walk, and the details of its step where there is room for both or where they were asked for.
static void put_walk(struct layout *l, const struct layout_wish *wish, struct rect area)
{
	if (area.h >= WALK_MIN + DETAIL_MIN) {
		int walk = clamp(area.h * 11 / 20, WALK_MIN, WALK_MAX);
		l->pane[PANE_WALK] = (struct rect){area.y, area.x, walk, area.w};
		l->pane[PANE_DETAIL] = (struct rect){area.y + walk, area.x, area.h - walk, area.w};
	} else {
		l->pane[wish->detail ? PANE_DETAIL : PANE_WALK] = area;
	}
}

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

	if (wish->help || wish->whole) {
		l.pane[wish->help ? PANE_HELP : PANE_DETAIL] = body;
		return l;
	}
	int top = clamp(body.h * 3 / 8, PANES_MIN, PANES_MAX);
	struct rect above = {body.y, 0, top, cols}, below = {body.y + top, 0, body.h - top, cols};
	switch (l.stage) {
	case STAGE_WIDE: {
		int side = clamp(cols / 2, LAYOUT_FULL_COLS, SIDE_MAX);
		put_three(&l, (struct rect){body.y, 0, body.h, side});
		put_walk(&l, wish, (struct rect){body.y, side, body.h, cols - side});
		break;
	}
	case STAGE_FULL:
		put_three(&l, above);
		put_walk(&l, wish, below);
		break;
	case STAGE_PAIR:
		l.pane[wish->side] = above;
		put_walk(&l, wish, below);
		break;
	default:
		l.pane[wish->detail ? PANE_DETAIL : wish->focus] = body;
		break;
	}
	for (int p = PANE_LINKS; p <= PANE_WALK; p++)
		if (l.pane[p].h == 0 && !(p == PANE_WALK && l.pane[PANE_DETAIL].h))
			l.hidden |= 1u << p;
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
