// SPDX-License-Identifier: GPL-3.0-or-later
// Computes the second walk and the matrix from the state, and answers questions about them. Pure.
#ifndef BINDWALK_COMPARE_H
#define BINDWALK_COMPARE_H

#include "core/model/host_change.h"
#include "tui/app.h"

void compare_free(struct compare *c);
// Computes again what is on the screen: the second walk and its lines, the matrix and the walk of its cell.
void compare_work_out(struct app *app);
// Notes what changed on the host, as the reason of the next walk; keeps the first one noted. NULL forgets it.
void compare_changed(struct app *app, const char *what);
// The same, by the first of these changes that the walk looks at.
void compare_told(struct app *app, const struct host_changes *changes);
// The attempt went from one address to another.
void compare_aimed(struct app *app, const struct attempt *before);
// The lab is changed and changed back: walks in between do not count as the walk before. Decide again afterwards.
void compare_hold(struct app *app);
void compare_release(struct app *app);
// Takes the results of real binds under each change.
void compare_live(struct app *app, const struct matrix *m, const struct attempt *of);

// Do both walks stand side by side?
bool compare_is_wide(const struct app *app);
// The line of the second walk's pane with the first difference, otherwise the last line.
size_t compare_first_difference(const struct app *app);
// Is that line the first step of the current walk that differs from the second walk in its own pane?
bool compare_marks(const struct app *app, enum pane_id pane, size_t line);
// The walk and its step that the details are about. NULL: none.
const struct inquiry *compare_explained(const struct app *app, unsigned *step);
// The second walk (behind an earlier one that of the other family) and its deciding step, where there is room to tell
// of it. NULL: none.
const struct inquiry *compare_decides(const struct app *app, unsigned *step);
// The step of the second walk where it parts from the present one, if that is not the deciding one.
bool compare_parts(const struct app *app, unsigned *step);
// What stands in the place of the verdict and of the hint; false: nothing of this.
bool compare_verdict(const struct app *app, struct row *out);
bool compare_hint(const struct app *app, struct row *out);
// The title over the second walk.
const char *compare_heading(const struct app *app);

#endif
