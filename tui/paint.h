// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the explorer's state on stdscr: every line in full, so that nothing old stays, and curses sends what differs.
#ifndef BINDWALK_PAINT_H
#define BINDWALK_PAINT_H

#include "tui/app.h"
#include "tui/term.h"

void paint(const struct app *app, struct terminal *t);

#endif
