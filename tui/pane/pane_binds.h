// SPDX-License-Identifier: GPL-3.0-or-later
// The binds of all programs on this host, or why they can't be watched. Pure.
#ifndef BINDWALK_PANE_BINDS_H
#define BINDWALK_PANE_BINDS_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_binds;

#endif
