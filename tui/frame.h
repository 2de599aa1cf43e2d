// SPDX-License-Identifier: GPL-3.0-or-later
// The lines around the panes: title, verdict, hint, keys. Pure.
#ifndef BINDWALK_FRAME_H
#define BINDWALK_FRAME_H

#include "tui/app.h"

enum { VERDICT_LINES = LAYOUT_VERDICT_MAX };

// Where we are, and whether it may be changed. Leaves out how to join a lab, then the host's name, then the kernel's
// release, where they have no room.
void frame_title(const struct app *app, unsigned width, struct row *out);
// How many lines the verdict's sentence needs, or what is said in its place.
int frame_verdict_lines(const struct app *app, unsigned width);
// The verdict in one sentence, over as many lines as the layout gives it; while something is typed, what is wrong with
// it or what may complete it; a message or question that the hint's line is too short for.
void frame_verdict(const struct app *app, unsigned width, struct row out[static VERDICT_LINES]);
// Is a question open, and all of it on the screen?
bool frame_asks(const struct app *app);
// What to press next, or the message, or what is being typed. *cursor gets the column of the cursor, -1 for none.
void frame_hint(const struct app *app, unsigned width, struct row *out, int *cursor);
// The keys that matter now, from the key table, as many as fit.
void frame_keys(const struct app *app, unsigned width, struct row *out);
// Line n of the message on a screen that is too small; false after the last.
bool frame_small(const struct app *app, unsigned n, struct row *out);

#endif
