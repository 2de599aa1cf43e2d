// SPDX-License-Identifier: GPL-3.0-or-later
// The binds that the binds pane lists, as its items. Pure.
#ifndef BINDWALK_BIND_ITEM_H
#define BINDWALK_BIND_ITEM_H

#include "tui/app.h"

// The log that the pane shows; NULL for none.
const struct bind_log *bind_log_shown(const struct app *app);
// How many there are; 0 where the pane shows a text in their place.
size_t bind_items(const struct app *app);
// The bind that an item stands for, valid until the log takes more; NULL where there is none.
const struct bind_event *bind_item(const struct app *app, size_t item);
// The selected one, NULL for none.
const struct bind_event *bind_item_selected(const struct app *app);
// What its walk says, made while its program waited; NULL where none is kept. Valid until the log takes more.
const struct event_verdict *bind_item_verdict(const struct app *app);
// Is the walk that is open one of a refusal to offer remedies for? Not where the trace took away what the bind needs.
bool bind_item_has_remedies(const struct app *app);

#endif
