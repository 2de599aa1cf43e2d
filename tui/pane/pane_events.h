// SPDX-License-Identifier: GPL-3.0-or-later
// What happened: binds, changes, events. Pure.
#ifndef BINDWALK_PANE_EVENTS_H
#define BINDWALK_PANE_EVENTS_H

#include "tui/pane/pane.h"

// The event of an item, NULL for none.
const struct event *pane_event(const struct app *app, size_t item);
extern const struct pane_ops pane_events;

#endif
