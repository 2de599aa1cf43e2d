// SPDX-License-Identifier: GPL-3.0-or-later
// The lines around the panes: verdict, hint, keys; the title is in tui/frame_title.h. Pure.
#ifndef BINDWALK_FRAME_H
#define BINDWALK_FRAME_H

#include "tui/app.h"

enum { VERDICT_LINES = LAYOUT_VERDICT_MAX, HINT_LINES = LAYOUT_HINT_MAX, COMPLETION_LINES = 2 };

// How many lines the verdict needs: its sentence, and the first remedies.
int frame_verdict_lines(const struct app *app, unsigned width);
// The verdict in one sentence, and what helps against a refusal, over as many lines as the layout gives it.
void frame_verdict(const struct app *app, unsigned width, struct row out[static VERDICT_LINES]);
// Is a question open, and all of it on the screen?
bool frame_asks(const struct app *app);
// How many lines the hint needs. 0: there is nothing that must be said.
int frame_hint_lines(const struct app *app, unsigned width);
// What to press next, or the message, or what is being typed, with what may complete it or is wrong with it. The
// verdict stays on the screen meanwhile. *cursor gets the column of the cursor in the last line, -1 for none.
void frame_hint(const struct app *app, unsigned width, struct row out[static HINT_LINES], int *cursor);
// The keys that matter now, from the key table, as many as fit.
void frame_keys(const struct app *app, unsigned width, struct row *out);
// The key whose name or label stands there, in the bottom line, the title or what stands above the bottom line; K_NONE
// for none.
uint32_t frame_key_at(const struct app *app, int y, int x);
// Line n of the message on a screen that is too small; false after the last.
bool frame_small(const struct app *app, unsigned n, struct row *out);

#endif
