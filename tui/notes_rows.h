// SPDX-License-Identifier: GPL-3.0-or-later
// The speaker's notes as lines: a screen of them, or text for a pipe. Pure.
#ifndef BINDWALK_NOTES_ROWS_H
#define BINDWALK_NOTES_ROWS_H

#include "core/lesson/stage_page.h"
#include "core/text/rows.h"

struct notes_screen {
	struct stage_page page;
	bool has_page;      // one has come since the start
	bool connected;     // and its stage is there
	bool strange;       // what came last was not a page
	int64_t elapsed_ms; // now; -1: not begun
	const char *folder; // where the stage is looked for
	unsigned scroll;    // lines of the notes above the screen
};

// Fills all `lines` rows of a screen with so many columns, and corrects the scrolling. Row 0 is the bar, and the last
// one where there is room for the keys: then true.
bool notes_rows_screen(struct notes_screen *n, unsigned lines, unsigned cols, struct row *out);
// Line n of the same as text that is printed when a page comes. False after the last.
bool notes_rows_text(const struct notes_screen *n, size_t line, struct row *out);

#endif
