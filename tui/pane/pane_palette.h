// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that match what is typed. Pure.
#ifndef BINDWALK_PANE_PALETTE_H
#define BINDWALK_PANE_PALETTE_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_palette;

#endif
