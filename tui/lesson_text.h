// SPDX-License-Identifier: GPL-3.0-or-later
// The lesson's pane as lines: what was said up to here, the command or the question that waits, hints, results. Pure.
#ifndef BINDWALK_LESSON_TEXT_H
#define BINDWALK_LESSON_TEXT_H

#include "core/text/rows.h"

struct app;
struct ask;

// Writes lines [first, first + n) into out, which is empty; returns how many lines there are. out may be NULL.
size_t lesson_lines(const struct app *app, unsigned width, size_t first, size_t n, struct row *out);
// Appends what may be answered, each with its key.
void lesson_add_choices(const struct ask *ask, struct row *out);
// What the keys do now, in one line. False where no lesson is shown.
bool lesson_hint_row(const struct app *app, struct row *out);
// The verdict's line while the answer is covered. False where it is not.
bool lesson_covered_row(const struct app *app, struct row *out);

#endif
