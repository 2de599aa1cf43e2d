// SPDX-License-Identifier: GPL-3.0-or-later
// The lesson. Pure.
#ifndef BINDWALK_PANE_LESSON_H
#define BINDWALK_PANE_LESSON_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_lesson;

#endif
