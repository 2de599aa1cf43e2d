// SPDX-License-Identifier: GPL-3.0-or-later
// The views: which panes are on the screen together, where they stand, and in which order the focus goes through them.
// A view is one row of a table. Pure.
#ifndef BINDWALK_VIEW_H
#define BINDWALK_VIEW_H

#include <stdbool.h>

enum pane_id {
	PANE_LINKS,
	PANE_ROUTES,
	PANE_SOCKET,
	PANE_WALK,
	PANE_OTHER, // the walk that the first one is compared with, of a cell of the matrix, of a bind that was seen
	PANE_MATRIX,
	PANE_SOCKETS,
	PANE_EVENTS,
	PANE_BINDS,
	PANE_PROGRAM, // that is traced: what it wrote, and how it ended
	PANE_LESSON,
	PANE_DETAIL,
	PANE_KEYS,
	PANE_PALETTE,
	PANE_HELP,
	PANE_COUNT
};

enum view_id {
	VIEW_EXPLORE,
	VIEW_COMPARE,
	VIEW_MATRIX,
	VIEW_SOCKETS,
	VIEW_EVENTS,
	VIEW_BINDS,
	VIEW_LESSON,
	VIEW_STAGE,
	VIEW_OUTPUT,
	VIEW_PALETTE,
	VIEW_HELP,
	VIEW_COUNT
};

struct rect {
	int y, x, h, w; // h 0: not on the screen
};

// From spacious to none.
enum stage {
	STAGE_WIDE,   // three panes, the walk beside them
	STAGE_FULL,   // three panes, the walk beneath
	STAGE_PAIR,   // one pane, the walk beneath
	STAGE_SINGLE, // one pane at a time
	STAGE_BARE,   // the same without borders
	STAGE_NONE    // too small: says so
};

enum {
	LAYOUT_MIN_ROWS = 10,
	LAYOUT_MIN_COLS = 40,
	LAYOUT_SINGLE_ROWS = 18,
	LAYOUT_SINGLE_COLS = 60,
	LAYOUT_FULL_ROWS = 24,
	LAYOUT_FULL_COLS = 80,
	LAYOUT_WIDE_COLS = 160,
	LAYOUT_HUGE_ROWS = 40, // with three columns of panes
	LAYOUT_HUGE_COLS = 190,
	LAYOUT_VERDICT_MAX = 6, // its sentence and the first remedies
	LAYOUT_HINT_MAX = 5
};

struct layout_wish {
	int rows, cols;
	enum view_id view;
	enum pane_id focus;
	enum pane_id side; // of those that share a place, the one that had the focus last
	bool zoom;         // the focused pane alone
	bool detail;       // the step's details were opened
	bool compares;     // beside a lesson: two walks stand in the place of the one
	bool opened;       // among the binds: one is open
	bool walked;       // and it has a walk
	bool traced;       // they are those of a program that is traced
	int verdict, hint; // lines that they need; at least one of each, at most LAYOUT_VERDICT_MAX and LAYOUT_HINT_MAX
	bool no_walk;      // on a stage: there is none that the room should see
	int need[PANE_COUNT]; // lines of a pane's content
};

struct layout {
	enum stage stage;
	int rows, cols;
	struct rect title, verdict, hint, keys;
	struct rect pane[PANE_COUNT]; // with their borders
	int border;                   // rows and columns of a border on each side: 0 or 1
	unsigned hidden;              // bit per pane of the view that this size leaves out
	unsigned frameless;           // bit per pane that has no border in any case
};

struct view {
	const char *name;
	unsigned npanes;
	enum pane_id panes[PANE_COUNT]; // in the order of the focus
	bool has_sides; // interfaces, routes and socket share one place where they can't stand side by side
	bool plays;     // a lesson, whose keys count here
	// More panes, where there is room. PANE_DETAIL, the first of them, may also stand in the place of the last of
	// `panes`, which it explains.
	unsigned nextras;
	enum pane_id extras[PANE_COUNT];
	void (*arrange)(struct layout *l, const struct layout_wish *wish, struct rect body);
};

const struct view *view_info(enum view_id v);
// Is the pane one of those that share a place?
bool view_is_side(enum view_id v, enum pane_id pane);
// What a pane is called: "interfaces", as the command `pane` takes it, and "Interfaces", over the pane.
const char *pane_name(enum pane_id pane);
const char *pane_heading(enum pane_id pane);
// A pane of the view by its name; PANE_COUNT for none.
enum pane_id view_find(enum view_id v, const char *name);
// Does it show the walk of the attempt, so that what is about this walk needs no other view?
bool view_has_walk(enum view_id v);
// A view by its name; VIEW_COUNT for none.
enum view_id view_by_name(const char *name);
// The next pane for the focus, `by` is 1 or -1; of the extra ones only those that are on the screen.
enum pane_id view_next(enum view_id v, const struct layout *l, enum pane_id pane, int by);

static inline int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static inline bool layout_is_huge(int rows, int cols)
{
	return rows >= LAYOUT_HUGE_ROWS && cols >= LAYOUT_HUGE_COLS;
}

#endif
