// SPDX-License-Identifier: GPL-3.0-or-later
// What the keys do in the pane that has the focus: for large screens. Pure.
#ifndef BINDWALK_PANE_KEYS_H
#define BINDWALK_PANE_KEYS_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_keys;

#endif
