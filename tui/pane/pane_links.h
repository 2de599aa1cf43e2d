// SPDX-License-Identifier: GPL-3.0-or-later
// Interfaces and their addresses. Pure.
#ifndef BINDWALK_PANE_LINKS_H
#define BINDWALK_PANE_LINKS_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_links;

#endif
