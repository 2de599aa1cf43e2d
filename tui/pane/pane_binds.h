// SPDX-License-Identifier: GPL-3.0-or-later
// The binds of all programs on this host, or why they can't be watched. Pure.
#ifndef BINDWALK_PANE_BINDS_H
#define BINDWALK_PANE_BINDS_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_binds;

// The bind that an item stands for; NULL where the items are lines of a text.
const struct bind_event *pane_bind(const struct app *app, size_t item);
// The selected one, NULL for none.
const struct bind_event *pane_bind_selected(const struct app *app);

#endif
