// SPDX-License-Identifier: GPL-3.0-or-later
// A talk as a room sees it: few words, wide margins, blank lines; first its title alone. What does not fit into a small
// screen goes in the order in which it was said, and what has just come never goes. Pure.
#ifndef BINDWALK_STAGE_TEXT_H
#define BINDWALK_STAGE_TEXT_H

#include "core/text/rows.h"

struct app;

// Is there a walk that the room is to see: one that was really bound, or that a question is about?
bool stage_shows_walk(const struct app *app);
// Writes lines [first, first + n) into out, which is empty; returns how many lines there are. out may be NULL.
size_t stage_lines(const struct app *app, unsigned width, size_t first, size_t n, struct row *out);
// What was said to it, in one line.
void stage_beside_row(const struct app *app, struct row *out);
// The first line of the screen: the talk and the step.
void stage_title_row(const struct app *app, struct row *out);

#endif
