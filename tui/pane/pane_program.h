// SPDX-License-Identifier: GPL-3.0-or-later
// What the traced program wrote, what is to be known of it, and how it ended. Pure.
#ifndef BINDWALK_PANE_PROGRAM_H
#define BINDWALK_PANE_PROGRAM_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_program;

#endif
