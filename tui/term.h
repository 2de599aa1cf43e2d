// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal: curses on and off, and how roles look on it.
#ifndef BINDWALK_TERM_H
#define BINDWALK_TERM_H

#include <ncurses.h>
#include <stdbool.h>
#include <stdio.h>

#include "tui/theme.h"

enum { TERM_PAIRS = 256 };

struct terminal {
	SCREEN *screen;
	int tty;    // the terminal
	int fd;     // what curses writes to: the terminal, but for the time of a frame
	FILE *out;  // has fd
	int frame;  // a file in memory; -1 for none
	bool on;    // curses has the terminal
	bool ascii; // draws no character beyond ASCII
	bool mouse;
	bool paste; // this terminal marks pasted text
	bool cursor_on;
	int colors; // 0: monochrome
	enum theme_id theme;
	short pair_of[UI_COUNT][SURFACE_COUNT];
	unsigned attr_of[UI_COUNT][SURFACE_COUNT];
	int npairs;
	struct {
		short fg, bg;
	} pairs[TERM_PAIRS];
};

struct term_options {
	const char *color; // "auto", "always", "never", NULL: auto
	bool ascii;
	bool mouse;
};

// Takes over a terminal of that type (NULL: $TERM). 0, or -ENOTSUP with a sentence in err. Leaves the terminal as it
// was then.
int term_open(struct terminal *t, const char *type, FILE *out, FILE *in, const struct term_options *o, char *err,
	      size_t errlen);
void term_close(struct terminal *t);
// Gives the terminal back for a while, and takes it again; the next paint draws everything.
void term_leave(struct terminal *t);
void term_return(struct terminal *t);

void term_set_theme(struct terminal *t, enum theme_id theme);
void term_set_mouse(struct terminal *t, bool on);
void term_set_cursor(struct terminal *t, bool on);
// Asks the terminal on fd for its size and tells curses.
void term_resize(struct terminal *t, int fd);
// Tells curses a size.
void term_set_size(struct terminal *t, int rows, int cols);
// Shows what was drawn.
void term_refresh(struct terminal *t);
// Makes the next text look like that.
void term_look(const struct terminal *t, unsigned role, enum surface surface);

#endif
