// SPDX-License-Identifier: GPL-3.0-or-later
// The walk that the first one is compared with. Pure.
#ifndef BINDWALK_PANE_OTHER_H
#define BINDWALK_PANE_OTHER_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_other;

#endif
