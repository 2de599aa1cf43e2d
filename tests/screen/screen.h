// SPDX-License-Identifier: GPL-3.0-or-later
// The real screen in this process: curses writes into memory, a terminal emulator reads it, and tests look at the
// cells. No clock, no process, no kernel.
#ifndef BINDWALK_SCREEN_H
#define BINDWALK_SCREEN_H

#include <stdbool.h>
#include <vterm.h>

#include "tui/app.h"
#include "tui/term.h"

enum { SCREEN_ROWS_MAX = 80, SCREEN_COLS_MAX = 260 };

struct screen {
	VTerm *vt;
	VTermScreen *vts;
	FILE *out, *in;
	long seen; // bytes of `out` that the emulator has
	bool alternate, cursor_visible;
	int rows, cols;
	struct terminal term;
	struct app app;
	struct host *host;
	bool quit;
	unsigned suspended, redrawn;
};

struct screen_options {
	const char *type; // NULL: xterm-256color
	const char *color;
	bool ascii;
	bool large; // made_up_large_host()
	bool read_only;
	bool empty; // the host is not read yet
};

struct screen *screen_open(int rows, int cols, const struct screen_options *o);
void screen_close(struct screen *s);
void screen_resize(struct screen *s, int rows, int cols);
// Another reading of the host; the screen owns it from then on.
void screen_set_host(struct screen *s, struct host *h);

void screen_key(struct screen *s, struct key key);
// Keys by name, with blanks between: "a 1 Enter Ctrl-L"; "'text'" types what is inside.
void screen_keys(struct screen *s, const char *keys);
// Draws, and lets the emulator read it.
void screen_draw(struct screen *s);

// A line of the screen without trailing blanks, as UTF-8. Valid until the next call.
const char *screen_line(struct screen *s, int y);
bool screen_shows(struct screen *s, const char *text);
// Compares with tests/screen/golden/NAME.txt, or rewrites it when UPDATE_GOLDEN is set. With attributes, a second
// plane: one letter a cell (. plain, b bold, r reverse, u underlined, upper case: coloured).
void screen_expect(struct screen *s, const char *name, bool attributes);
// Fails unless the cells equal those after drawing everything anew.
void screen_expect_clean(struct screen *s, const char *after);

#endif
