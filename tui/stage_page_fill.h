// SPDX-License-Identifier: GPL-3.0-or-later
// Where a talk is, for the notes. Pure.
#ifndef BINDWALK_STAGE_PAGE_FILL_H
#define BINDWALK_STAGE_PAGE_FILL_H

#include "core/lesson/stage_page.h"
#include "tui/app.h"

// All but the elapsed time, of an app that plays a talk. All of *out is written, so that two can be compared by bytes.
void stage_page_fill(const struct app *app, struct stage_page *out);
// The same, as it will be at the beginning of a step.
void stage_page_fill_step(const struct app *app, unsigned step, struct stage_page *out);

#endif
