// SPDX-License-Identifier: GPL-3.0-or-later
// What the view of binds says besides its rows: whether it watches, or why it can't, and what is missing. Pure.
#ifndef BINDWALK_BIND_TEXT_H
#define BINDWALK_BIND_TEXT_H

#include "tui/app.h"

// How the watch is, in place of rows where there are none: line n; how many there are.
size_t bind_text_lines(const struct app *app, unsigned width);
void bind_text_line(const struct app *app, unsigned width, size_t n, struct row *out);
// The same in short, for the title.
void bind_text_heading(const struct app *app, struct row *out);
// Of that, that it does not watch, and what it lost.
void bind_text_warning(const struct app *app, struct row *out);
// In place of the verdict: that of the walk which is open, or all of the selected row. False: neither.
bool bind_text_verdict(const struct app *app, struct row *out);
// In how many lines, whatever it says; 0: as many as it needs.
int bind_text_verdict_lines(const struct app *app);
// In place of the hint.
void bind_text_hint(const struct app *app, struct row *out);

// The title of the walk that is open.
void bind_text_opened(const struct app *app, struct row *out);
// Where there is none: line n of why, and of what was seen; returns how many lines there are up to it.
size_t bind_text_reason(const struct app *app, unsigned width, size_t n, struct row *out);

#endif
