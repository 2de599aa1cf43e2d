// SPDX-License-Identifier: GPL-3.0-or-later
// What an event is about. Pure.
#ifndef BINDWALK_EVENT_OPEN_H
#define BINDWALK_EVENT_OPEN_H

#include "tui/app.h"

// Says all of the event of an item of its pane, and selects what it is about, if that is still there. Bits of enum
// dirty.
unsigned event_open(struct app *app, size_t item);

#endif
