// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/view.h"

#include <string.h>

enum {
	BORDERS = 2,
	PANES_MIN = 6,         // rows of the panes above the walk, with their borders
	PANES_WITH_DETAIL = 9, // the same, before details are worth their room
	PANES_FEW = 14,
	WALK_MIN = 5,
	DETAIL_MIN = 7,
	OTHER_MIN = 6,
	SOCKETS_MIN = 5,
	SOCKETS_MOST = 14,
	EVENTS_MIN = 4,
	EVENTS_FEW = 8,
	EVENTS_HUGE = 6,
	BINDS_MIN = 5,
	BINDS_FEW = 10,
	PROGRAM_MIN = 4,
	MATRIX_MOST = 9,
	SIDE_MAX = 110,
	COLUMN = 44, // of the panes, beside two walks
	LESSON_MIN = 6,
	LESSON_COLUMN_MIN = 48,
	LESSON_COLUMN_MAX = 66,
	LESSON_BESIDE_COLS = 110, // so that the lesson has a column of its own
	LESSON_BESIDE_ROWS = 26
};

static int with_borders(const struct layout_wish *wish, enum pane_id pane)
{
	return wish->need[pane] + BORDERS;
}

// Cuts rows off an area.
static struct rect take_rows(struct rect *area, int rows)
{
	struct rect top = {area->y, area->x, rows, area->w};
	area->y += rows;
	area->h -= rows;
	return top;
}

// Interfaces, routes and socket side by side.
static void put_three(struct layout *l, struct rect area)
{
	int links = area.w * 5 / 16, socket = area.w * 3 / 10;
	l->pane[PANE_LINKS] = (struct rect){area.y, area.x, area.h, links};
	l->pane[PANE_ROUTES] = (struct rect){area.y, area.x + links, area.h, area.w - links - socket};
	l->pane[PANE_SOCKET] = (struct rect){area.y, area.x + area.w - socket, area.h, socket};
}

static int need_of_three(const struct layout_wish *wish)
{
	int need = 0;
	for (int p = PANE_LINKS; p <= PANE_SOCKET; p++)
		need = wish->need[p] > need ? wish->need[p] : need;
	return need + BORDERS;
}

// The details stand in the walk's place where they were asked for and have none of their own.
static enum pane_id walk_or_detail(const struct layout_wish *wish)
{
	return wish->detail ? PANE_DETAIL : wish->compares ? PANE_OTHER : PANE_WALK;
}

// One or three panes, below them the walk with the rows that it needs, below it the details where there is room.
static void arrange_beneath(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int walk = clamp(with_borders(wish, PANE_WALK), WALK_MIN, body.h - PANES_MIN), panes = body.h - walk;
	bool detail = panes >= PANES_WITH_DETAIL + DETAIL_MIN;
	if (wish->detail && !detail) { // in the walk's place, to be read
		panes = panes < PANES_MIN ? panes : PANES_MIN;
		walk = body.h - panes;
	}
	if (detail) {
		int most = body.h / 3 > PANES_FEW ? body.h / 3 : PANES_FEW;
		panes = clamp(clamp(need_of_three(wish), PANES_WITH_DETAIL, most), 0, panes - DETAIL_MIN);
	}
	struct rect above = take_rows(&body, panes);
	if (l->stage == STAGE_PAIR)
		l->pane[wish->side] = above;
	else
		put_three(l, above);
	l->pane[detail ? PANE_WALK : walk_or_detail(wish)] = take_rows(&body, walk);
	if (detail)
		l->pane[PANE_DETAIL] = body;
}

// The three panes, and below them sockets and events.
static void arrange_left(struct layout *l, const struct layout_wish *wish, struct rect area)
{
	int panes = clamp(need_of_three(wish), PANES_WITH_DETAIL, area.h * 3 / 5), rest = area.h - panes;
	if (rest < SOCKETS_MIN + EVENTS_MIN) {
		put_three(l, area);
		return;
	}
	int sockets = clamp(with_borders(wish, PANE_SOCKETS), SOCKETS_MIN, SOCKETS_MOST);
	put_three(l, take_rows(&area, panes));
	l->pane[PANE_SOCKETS] = take_rows(&area, clamp(sockets, 0, rest - EVENTS_MIN));
	l->pane[PANE_EVENTS] = area;
}

// Both walks, and the details.
static void arrange_right(struct layout *l, const struct layout_wish *wish, struct rect area)
{
	int walk = clamp(with_borders(wish, PANE_WALK), WALK_MIN, area.h), rest = area.h - walk;
	int other = clamp(with_borders(wish, PANE_OTHER), OTHER_MIN, area.h);
	if (rest < DETAIL_MIN) {
		l->pane[walk_or_detail(wish)] = area;
		return;
	}
	l->pane[PANE_WALK] = take_rows(&area, walk);
	if (rest - other >= DETAIL_MIN)
		l->pane[PANE_OTHER] = take_rows(&area, other);
	l->pane[PANE_DETAIL] = area;
}

static void arrange_wide(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int side = clamp(body.w / 2, LAYOUT_FULL_COLS, SIDE_MAX);
	arrange_left(l, wish, (struct rect){body.y, 0, body.h, side});
	arrange_right(l, wish, (struct rect){body.y, side, body.h, body.w - side});
}

// Interfaces, routes and socket above each other, where all names have room; and what keys do, if there are rows left.
static void put_column(struct layout *l, const struct layout_wish *wish, struct rect area)
{
	int socket = clamp(with_borders(wish, PANE_SOCKET), PANES_MIN, area.h / 2);
	int links = clamp(with_borders(wish, PANE_LINKS), PANES_MIN, (area.h - socket) / 2);
	int rest = area.h - links - socket, routes = clamp(with_borders(wish, PANE_ROUTES), PANES_MIN, rest);
	l->pane[PANE_LINKS] = take_rows(&area, links);
	l->pane[PANE_ROUTES] = take_rows(&area, rest - routes < PANES_MIN ? rest : routes);
	l->pane[PANE_SOCKET] = take_rows(&area, socket);
	if (area.h)
		l->pane[PANE_KEYS] = area;
}

// Beside the column both walks and the details, and below these sockets and events.
static void arrange_tall(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int walks = with_borders(wish, PANE_WALK) + with_borders(wish, PANE_OTHER);
	int sockets = clamp(with_borders(wish, PANE_SOCKETS), SOCKETS_MIN, SOCKETS_MOST);
	int below = clamp(body.h - walks - DETAIL_MIN, SOCKETS_MIN + EVENTS_MIN, sockets + EVENTS_FEW);
	struct rect right = {body.y, COLUMN, body.h, body.w - COLUMN};
	put_column(l, wish, (struct rect){body.y, 0, body.h, COLUMN});
	arrange_right(l, wish, take_rows(&right, body.h - below));
	l->pane[PANE_SOCKETS] = take_rows(&right, clamp(sockets, SOCKETS_MIN, below - EVENTS_MIN));
	l->pane[PANE_EVENTS] = right;
}

// Three columns: the panes; the walk and its details; the second walk, the matrix, sockets and events.
static void arrange_huge(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int walks = (body.w - COLUMN) / 2;
	struct rect middle = {body.y, COLUMN, body.h, walks};
	struct rect right = {body.y, COLUMN + walks, body.h, body.w - COLUMN - walks};
	put_column(l, wish, (struct rect){body.y, 0, body.h, COLUMN});
	l->pane[PANE_WALK] = take_rows(&middle, clamp(with_borders(wish, PANE_WALK), WALK_MIN, body.h / 2));
	l->pane[PANE_DETAIL] = middle;
	int others = MATRIX_MOST + SOCKETS_MIN + EVENTS_HUGE;
	int other = clamp(with_borders(wish, PANE_OTHER), OTHER_MIN, body.h - others);
	l->pane[PANE_OTHER] = take_rows(&right, other);
	l->pane[PANE_MATRIX] = take_rows(&right, clamp(with_borders(wish, PANE_MATRIX), OTHER_MIN, MATRIX_MOST));
	int sockets = clamp(with_borders(wish, PANE_SOCKETS), SOCKETS_MIN, right.h - EVENTS_MIN);
	l->pane[PANE_SOCKETS] = take_rows(&right, sockets);
	l->pane[PANE_EVENTS] = right;
}

static void arrange_explore(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	if (l->stage == STAGE_WIDE && layout_is_huge(wish->rows, wish->cols))
		arrange_huge(l, wish, body);
	else if (l->stage == STAGE_WIDE && wish->rows >= LAYOUT_HUGE_ROWS)
		arrange_tall(l, wish, body);
	else if (l->stage == STAGE_WIDE)
		arrange_wide(l, wish, body);
	else if (l->stage <= STAGE_PAIR)
		arrange_beneath(l, wish, body);
	else
		l->pane[wish->detail ? PANE_DETAIL : wish->focus] = body;
}

// Two walks in one pane, and the details where there is room.
static void arrange_compare(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int need = with_borders(wish, PANE_OTHER);
	if (wish->zoom || l->stage >= STAGE_BARE || body.h - need < DETAIL_MIN) {
		l->pane[wish->detail ? PANE_DETAIL : PANE_OTHER] = body;
		return;
	}
	l->pane[PANE_OTHER] = take_rows(&body, need);
	l->pane[PANE_DETAIL] = body;
}

// The matrix, and the walk of its selected cell with its details.
static void arrange_matrix(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int matrix = with_borders(wish, PANE_MATRIX), other = with_borders(wish, PANE_OTHER);
	enum pane_id walk = wish->detail ? PANE_DETAIL : PANE_OTHER;
	if (wish->zoom || l->stage >= STAGE_BARE || body.h - matrix < OTHER_MIN) {
		l->pane[wish->focus == PANE_MATRIX ? PANE_MATRIX : walk] = body;
		return;
	}
	l->pane[PANE_MATRIX] = take_rows(&body, matrix);
	if (body.h - other >= DETAIL_MIN) {
		l->pane[PANE_OTHER] = take_rows(&body, other);
		walk = PANE_DETAIL;
	}
	l->pane[walk] = body;
}

// The binds; of a traced program, below them what it wrote.
static void put_binds(struct layout *l, const struct layout_wish *wish, struct rect area)
{
	int most = area.h - BINDS_MIN, rest = area.h - with_borders(wish, PANE_BINDS);
	if (!wish->traced || wish->zoom || l->stage >= STAGE_BARE || most < PROGRAM_MIN) {
		l->pane[wish->traced && wish->focus == PANE_PROGRAM ? PANE_PROGRAM : PANE_BINDS] = area;
		return;
	}
	int program = clamp(with_borders(wish, PANE_PROGRAM), PROGRAM_MIN, rest > area.h / 3 ? rest : area.h / 3);
	l->pane[PANE_BINDS] = take_rows(&area, area.h - clamp(program, PROGRAM_MIN, most));
	l->pane[PANE_PROGRAM] = area;
}

// The same side by side, above a walk.
static void put_binds_above(struct layout *l, const struct layout_wish *wish, struct rect area)
{
	int program = wish->traced && area.w >= LAYOUT_FULL_COLS ? area.w * 2 / 5 : 0;
	l->pane[PANE_BINDS] = (struct rect){area.y, area.x, area.h, area.w - program};
	if (program)
		l->pane[PANE_PROGRAM] = (struct rect){area.y, area.x + area.w - program, area.h, program};
}

// The binds, below them the walk of the one that is open, and its details where there is room.
static void arrange_binds(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int other = with_borders(wish, PANE_OTHER) > OTHER_MIN ? with_borders(wish, PANE_OTHER) : OTHER_MIN;
	enum pane_id walk = wish->detail ? PANE_DETAIL : PANE_OTHER;
	if (!wish->opened) {
		put_binds(l, wish, body);
		return;
	}
	if (wish->zoom || l->stage >= STAGE_SINGLE || body.h - BINDS_MIN < OTHER_MIN) {
		l->pane[wish->focus == PANE_BINDS ? PANE_BINDS : walk] = body;
		return;
	}
	int rest = body.h - other;
	bool detail = wish->walked && rest >= BINDS_MIN + DETAIL_MIN;
	int binds = detail ? clamp(rest / 3, BINDS_MIN, BINDS_FEW) : clamp(rest, BINDS_MIN, body.h - OTHER_MIN);
	put_binds_above(l, wish, take_rows(&body, binds));
	if (detail) {
		l->pane[PANE_OTHER] = take_rows(&body, other);
		walk = PANE_DETAIL;
	}
	l->pane[walk] = body;
}

// Interfaces, routes and socket: side by side with sockets and events below them, above each other, or the routes
// beside one of the others.
static void put_sides(struct layout *l, const struct layout_wish *wish, struct rect area)
{
	if (area.w >= LAYOUT_FULL_COLS) {
		arrange_left(l, wish, area);
		return;
	}
	if (area.h < 3 * PANES_MIN) {
		int half = area.w / 2;
		enum pane_id other = wish->side == PANE_ROUTES ? PANE_LINKS : wish->side;
		l->pane[other] = (struct rect){area.y, area.x, area.h, half};
		l->pane[PANE_ROUTES] = (struct rect){area.y, area.x + half, area.h, area.w - half};
		return;
	}
	int links = clamp(with_borders(wish, PANE_LINKS), PANES_MIN, area.h / 3);
	int routes = clamp(with_borders(wish, PANE_ROUTES), PANES_MIN, area.h - links - PANES_MIN);
	l->pane[PANE_LINKS] = take_rows(&area, links);
	l->pane[PANE_ROUTES] = take_rows(&area, routes);
	l->pane[PANE_SOCKET] = area;
}

// The lesson and the details in one column, beside it the walk and the panes.
static void arrange_lesson_beside(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	int column = clamp(body.w * 2 / 5, LESSON_COLUMN_MIN, LESSON_COLUMN_MAX);
	struct rect left = {body.y, body.x, body.h, column};
	struct rect right = {body.y, body.x + column, body.h, body.w - column};
	int lesson = clamp(with_borders(wish, PANE_LESSON), body.h / 2, body.h);
	if (body.h - lesson >= DETAIL_MIN) {
		l->pane[PANE_LESSON] = take_rows(&left, lesson);
		l->pane[PANE_DETAIL] = left;
	} else {
		l->pane[PANE_LESSON] = left;
	}
	enum pane_id walks = wish->compares ? PANE_OTHER : PANE_WALK;
	enum pane_id walk = l->pane[PANE_DETAIL].h ? walks : walk_or_detail(wish);
	l->pane[walk] = take_rows(&right, clamp(with_borders(wish, walks), WALK_MIN, body.h - PANES_MIN));
	put_sides(l, wish, right);
}

// The lesson, and below it the walk or that pane which has the focus.
static void arrange_lesson(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	bool reads = wish->focus == PANE_LESSON;
	bool walk = wish->focus == PANE_WALK || wish->focus == PANE_OTHER;
	enum pane_id below = reads || walk ? walk_or_detail(wish) : wish->focus;
	if (wish->zoom || l->stage >= STAGE_BARE) {
		l->pane[reads && !wish->detail ? PANE_LESSON : below] = body;
	} else if (body.w >= LESSON_BESIDE_COLS && body.h >= LESSON_BESIDE_ROWS) {
		arrange_lesson_beside(l, wish, body);
	} else {
		int most = reads ? body.h - WALK_MIN : body.h / 2;
		l->pane[PANE_LESSON] = take_rows(&body, clamp(with_borders(wish, PANE_LESSON), LESSON_MIN, most));
		l->pane[below] = body;
	}
}

// The talk, and beneath it the walk, or that pane which has the focus, with what rows it leaves.
static void arrange_stage(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	bool reads = wish->focus == PANE_LESSON;
	bool walk = wish->focus == PANE_WALK || wish->focus == PANE_OTHER;
	enum pane_id below = reads || walk ? walk_or_detail(wish) : wish->focus;
	int rest = body.h - wish->need[PANE_LESSON];
	l->frameless |= 1u << PANE_LESSON;
	if (!reads && (wish->zoom || l->stage >= STAGE_BARE)) {
		l->pane[below] = body;
		return;
	}
	if (!reads && rest < body.h / 2)
		rest = body.h / 2;
	bool shows = !reads || wish->detail || (!wish->no_walk && rest >= WALK_MIN);
	int lines = clamp(with_borders(wish, below), WALK_MIN, rest < WALK_MIN ? WALK_MIN : rest);
	l->pane[PANE_LESSON] = take_rows(&body, shows ? clamp(body.h - lines, body.h > 0, body.h) : body.h);
	if (shows)
		l->pane[below] = body;
}

static void arrange_first(struct layout *l, const struct layout_wish *wish, struct rect body)
{
	l->pane[view_info(wish->view)->panes[0]] = body;
}

static const struct view views[VIEW_COUNT] = {
	[VIEW_EXPLORE] = {.name = "explore",
			  .npanes = 4,
			  .panes = {PANE_LINKS, PANE_ROUTES, PANE_SOCKET, PANE_WALK},
			  .has_sides = true,
			  .nextras = 5,
			  .extras = {PANE_DETAIL, PANE_OTHER, PANE_MATRIX, PANE_SOCKETS, PANE_EVENTS},
			  .arrange = arrange_explore},
	[VIEW_COMPARE] = {.name = "compare",
			  .npanes = 1,
			  .panes = {PANE_OTHER},
			  .nextras = 1,
			  .extras = {PANE_DETAIL},
			  .arrange = arrange_compare},
	[VIEW_MATRIX] = {.name = "matrix",
			 .npanes = 2,
			 .panes = {PANE_MATRIX, PANE_OTHER},
			 .nextras = 1,
			 .extras = {PANE_DETAIL},
			 .arrange = arrange_matrix},
	[VIEW_SOCKETS] = {.name = "sockets", .npanes = 1, .panes = {PANE_SOCKETS}, .arrange = arrange_first},
	[VIEW_EVENTS] = {.name = "events", .npanes = 1, .panes = {PANE_EVENTS}, .arrange = arrange_first},
	[VIEW_BINDS] = {.name = "binds",
			.npanes = 1,
			.panes = {PANE_BINDS},
			.nextras = 3,
			.extras = {PANE_DETAIL, PANE_OTHER, PANE_PROGRAM},
			.arrange = arrange_binds},
	[VIEW_LESSON] = {.name = "lesson",
			 .npanes = 5,
			 .panes = {PANE_LESSON, PANE_LINKS, PANE_ROUTES, PANE_SOCKET, PANE_WALK},
			 .has_sides = true,
			 .plays = true,
			 .nextras = 4,
			 .extras = {PANE_DETAIL, PANE_OTHER, PANE_SOCKETS, PANE_EVENTS},
			 .arrange = arrange_lesson},
	[VIEW_STAGE] = {.name = "stage",
			.npanes = 5,
			.panes = {PANE_LESSON, PANE_LINKS, PANE_ROUTES, PANE_SOCKET, PANE_WALK},
			.has_sides = true,
			.plays = true,
			.nextras = 1,
			.extras = {PANE_DETAIL},
			.arrange = arrange_stage},
	[VIEW_OUTPUT] = {.name = "output", .npanes = 1, .panes = {PANE_DETAIL}, .arrange = arrange_first},
	[VIEW_PALETTE] = {.name = "palette", .npanes = 1, .panes = {PANE_PALETTE}, .arrange = arrange_first},
	[VIEW_HELP] = {.name = "help", .npanes = 1, .panes = {PANE_HELP}, .arrange = arrange_first},
};

const struct view *view_info(enum view_id v)
{
	return &views[v];
}

enum view_id view_by_name(const char *name)
{
	for (int v = 0; v < VIEW_COUNT; v++)
		if (strcmp(views[v].name, name) == 0)
			return (enum view_id)v;
	return VIEW_COUNT;
}

bool view_is_side(enum view_id v, enum pane_id pane)
{
	return views[v].has_sides && (pane == PANE_LINKS || pane == PANE_ROUTES || pane == PANE_SOCKET);
}

bool view_has_walk(enum view_id v)
{
	return view_find(v, pane_name(PANE_WALK)) == PANE_WALK;
}

enum pane_id view_next(enum view_id v, const struct layout *l, enum pane_id pane, int by)
{
	const struct view *view = &views[v];
	enum pane_id order[2 * PANE_COUNT];
	int n = 0, at = 0;
	for (unsigned i = 0; i < view->npanes; i++)
		order[n++] = view->panes[i];
	bool replaced = l->pane[view->panes[view->npanes - 1]].h == 0; // the details have its place
	for (unsigned i = 0; i < view->nextras; i++)
		if (l->pane[view->extras[i]].h && !(view->extras[i] == PANE_DETAIL && replaced))
			order[n++] = view->extras[i];
	for (int i = 0; i < n; i++)
		if (order[i] == pane)
			at = i;
	if (pane == PANE_DETAIL && replaced)
		at = (int)view->npanes - 1;
	return order[(at + by + n) % n];
}

static const struct {
	const char *name, *heading;
} labels[PANE_COUNT] = {
	[PANE_LINKS] = {"interfaces", "Interfaces"},
	[PANE_ROUTES] = {"routes", "Local routes"},
	[PANE_SOCKET] = {"socket", "Socket"},
	[PANE_WALK] = {"walk", "Walk"},
	[PANE_OTHER] = {"other", "Other walk"},
	[PANE_MATRIX] = {"matrix", "Matrix"},
	[PANE_SOCKETS] = {"sockets", "Sockets"},
	[PANE_EVENTS] = {"events", "Events"},
	[PANE_BINDS] = {"binds", "Binds"},
	[PANE_PROGRAM] = {"program", "Program"},
	[PANE_LESSON] = {"lesson", "Lesson"},
	[PANE_DETAIL] = {"details", "Step"},
	[PANE_PALETTE] = {"palette", "Commands"},
	[PANE_KEYS] = {"keys", "Keys"},
	[PANE_HELP] = {"help", "Help"},
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
