// SPDX-License-Identifier: GPL-3.0-or-later
// Local routes. Pure.
#ifndef BINDWALK_PANE_ROUTES_H
#define BINDWALK_PANE_ROUTES_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_routes;

#endif
