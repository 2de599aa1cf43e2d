// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/view.h"

#include <string.h>

enum {
	PANES_MIN = 9,
	PANES_MAX = 20,
	WALK_MIN = 12, // with details beneath it
	DETAIL_MIN = 8,
	WALK_MAX = 20,
	SIDE_MAX = 110
};

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

static void arrange_explore(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int top = clamp(body.h * 3 / 8, PANES_MIN, PANES_MAX);
	struct rect above = {body.y, 0, top, body.w}, below = {body.y + top, 0, body.h - top, body.w};
	switch (l->stage) {
	case STAGE_WIDE: {
		int side = clamp(body.w / 2, LAYOUT_FULL_COLS, SIDE_MAX);
		put_three(l, (struct rect){body.y, 0, body.h, side});
		put_walk(l, wish, (struct rect){body.y, side, body.h, body.w - side});
		break;
	}
	case STAGE_FULL:
		put_three(l, above);
		put_walk(l, wish, below);
		break;
	case STAGE_PAIR:
		l->pane[wish->side] = above;
		put_walk(l, wish, below);
		break;
	default:
		l->pane[wish->detail ? PANE_DETAIL : wish->focus] = body;
		break;
	}
}

static void arrange_detail(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	(void)wish;
	l->pane[PANE_DETAIL] = body;
}

static void arrange_help(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	(void)wish;
	l->pane[PANE_HELP] = body;
}

static const struct view views[VIEW_COUNT] = {
	[VIEW_EXPLORE] = {.name = "explore",
			  .npanes = 4,
			  .panes = {PANE_LINKS, PANE_ROUTES, PANE_SOCKET, PANE_WALK},
			  .nsides = 3,
			  .details = true,
			  .arrange = arrange_explore},
	[VIEW_OUTPUT] = {.name = "output", .npanes = 1, .panes = {PANE_DETAIL}, .arrange = arrange_detail},
	[VIEW_HELP] = {.name = "help", .npanes = 1, .panes = {PANE_HELP}, .arrange = arrange_help},
};

const struct view *view_info(enum view_id v)
{
	return &views[v];
}

bool view_is_side(enum view_id v, enum pane_id pane)
{
	for (unsigned i = 0; i < views[v].nsides; i++)
		if (views[v].panes[i] == pane)
			return true;
	return false;
}

enum pane_id view_next(enum view_id v, const struct layout *l, enum pane_id pane, int by)
{
	const struct view *view = &views[v];
	int last = (int)view->npanes - 1, at = last;
	bool details = view->details && l->pane[PANE_DETAIL].h > 0 && l->pane[view->panes[last]].h > 0;
	int n = last + 1 + details;
	for (int i = 0; i <= last; i++)
		if (view->panes[i] == pane)
			at = i;
	if (details && pane == PANE_DETAIL)
		at = n - 1;
	int next = (at + by + n) % n;
	return next > last ? PANE_DETAIL : view->panes[next];
}

static const struct {
	const char *name, *heading;
} labels[PANE_COUNT] = {
	[PANE_LINKS] = {"interfaces", "Interfaces"}, [PANE_ROUTES] = {"routes", "Local routes"},
	[PANE_SOCKET] = {"socket", "Socket"},        [PANE_WALK] = {"walk", "Walk"},
	[PANE_DETAIL] = {"details", "Step"},         [PANE_HELP] = {"help", "Help"},
};

const char *pane_name(enum pane_id pane)
{
	return labels[pane].name;
}

const char *pane_heading(enum pane_id pane)
{
	return labels[pane].heading;
}

enum pane_id view_find(enum view_id v, const char *name)
{
	for (unsigned i = 0; i < views[v].npanes; i++)
		if (strcmp(pane_name(views[v].panes[i]), name) == 0)
			return views[v].panes[i];
	return PANE_COUNT;
}
