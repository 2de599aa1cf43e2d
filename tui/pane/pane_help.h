// SPDX-License-Identifier: GPL-3.0-or-later
// The help. Pure.
#ifndef BINDWALK_PANE_HELP_H
#define BINDWALK_PANE_HELP_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_help;

#endif
