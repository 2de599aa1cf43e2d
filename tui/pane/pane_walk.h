// SPDX-License-Identifier: GPL-3.0-or-later
// The walk. Pure.
#ifndef BINDWALK_PANE_WALK_H
#define BINDWALK_PANE_WALK_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_walk;

#endif
