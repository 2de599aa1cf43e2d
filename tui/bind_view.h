// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the view of binds: begins and ends the watch as the view wants it, takes what it sees, and reads what the walk
// of a bind needs. The watch goes on while another view is on the screen.
#ifndef BINDWALK_BIND_VIEW_H
#define BINDWALK_BIND_VIEW_H

#include "core/evidence/event_about.h"
#include "core/evidence/event_walk.h"
#include "core/evidence/watch_switch.h"
#include "core/model/bind_log.h"
#include "tui/app.h"
#include "tui/loop.h"
#include "tui/view_rest.h"

// All zeros at first.
struct bind_view {
	struct watch_switch *power;
	struct event_about *about;         // NULL: nothing was looked up yet
	struct event_walk *asked, *opened; // the walk that the view waits for, and the one that it shows; NULL for none
	struct bind_log log;
	bool on, all; // as it was wanted last
	bool shown;   // the pane is on the screen
	struct view_rest rest;
};

// 0 or -errno.
int bind_view_open(struct bind_view *v);
// May take some seconds where it watches.
void bind_view_close(struct bind_view *v);
// Before the loop waits: switches the watch on or off if that is due, and says what the loop waits for.
void bind_view_keep_up(struct bind_view *v, struct app *app, struct loop *l);
// How long the loop may wait, of so many milliseconds (-1: without end).
int bind_view_patience(struct bind_view *v, int ms);
// The watch is on, off or refused.
void bind_view_switched(struct bind_view *v, struct app *app);
// There are binds.
void bind_view_take(struct bind_view *v, struct app *app);
// What was asked for is not wanted any more.
void bind_view_give_up(struct bind_view *v);
// Begins the walk of app->opening.
void bind_view_walk(struct bind_view *v, struct app *app);
// It may be done.
void bind_view_walked(struct bind_view *v, struct app *app);
// The explorer is in another network namespace now.
void bind_view_moved(struct bind_view *v);

#endif
