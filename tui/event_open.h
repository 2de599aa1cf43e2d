// SPDX-License-Identifier: GPL-3.0-or-later
// Opens an event: shows its text and selects its object. Pure.
#ifndef BINDWALK_EVENT_OPEN_H
#define BINDWALK_EVENT_OPEN_H

#include "tui/app.h"

// Shows the whole text of an item of the events pane, and selects the object it is about if that still exists. Bits of
// enum dirty.
unsigned event_open(struct app *app, size_t item);

#endif
