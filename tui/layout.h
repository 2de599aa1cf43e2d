// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything stands on a screen of a given size. Pure arithmetic: a resize is to run it again.
#ifndef BINDWALK_LAYOUT_H
#define BINDWALK_LAYOUT_H

#include <stdbool.h>

enum pane_id { PANE_LINKS, PANE_ROUTES, PANE_SOCKET, PANE_WALK, PANE_DETAIL, PANE_HELP, PANE_COUNT };

struct rect {
	int y, x, h, w; // h 0: not on the screen
};

// From spacious to none.
enum stage {
	STAGE_WIDE,   // three panes, the walk beside them
	STAGE_FULL,   // three panes, the walk beneath
	STAGE_PAIR,   // one pane, the walk beneath
	STAGE_SINGLE, // one pane at a time
	STAGE_NONE    // too small: says so
};

enum {
	LAYOUT_MIN_ROWS = 18,
	LAYOUT_MIN_COLS = 60,
	LAYOUT_FULL_ROWS = 24,
	LAYOUT_FULL_COLS = 80,
	LAYOUT_WIDE_COLS = 160,
	LAYOUT_VERDICT_MIN = 2,
	LAYOUT_VERDICT_MAX = 4
};

struct layout_wish {
	int rows, cols;
	enum pane_id focus;
	enum pane_id side; // of the three panes, the one that had the focus last
	bool zoom;         // the focused pane alone
	bool detail;       // the step's details were opened
	bool whole;        // the details take the room of all panes
	bool help;
	int verdict; // lines that it needs; it gets from LAYOUT_VERDICT_MIN to _MAX of them
};

struct layout {
	enum stage stage;
	int rows, cols;
	struct rect title, verdict, hint, keys;
	struct rect pane[PANE_COUNT]; // with their borders
	unsigned hidden;              // bit per pane (the first four) that this size leaves out
};

// Of so many lines that the verdict needs, those that it gets.
int layout_verdict(int needed);
struct layout layout_compute(const struct layout_wish *wish);
// Which pane is there? PANE_COUNT for none.
enum pane_id layout_hit(const struct layout *l, int y, int x);

#endif
