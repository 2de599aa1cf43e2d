// SPDX-License-Identifier: GPL-3.0-or-later
// Draws on stdscr: every line in full, so that nothing old stays, and curses sends what differs.
#ifndef BINDWALK_PAINT_H
#define BINDWALK_PAINT_H

#include "tui/app.h"
#include "tui/term.h"

// The explorer's state.
void paint(const struct app *app, struct terminal *t);
// The n lines of a whole screen; the first is a bar, and with `keys` the last as well.
void paint_rows(const struct row *rows, unsigned n, bool keys, struct terminal *t);

#endif
