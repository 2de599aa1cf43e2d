// SPDX-License-Identifier: GPL-3.0-or-later
// Runs what `trace` asked for, and feeds the view of binds with what comes of it.
#ifndef BINDWALK_TRACE_VIEW_H
#define BINDWALK_TRACE_VIEW_H

#include "core/model/bind_log.h"
#include "core/trace/kept_walks.h"
#include "core/trace/trace_feed.h"
#include "tui/app.h"
#include "tui/loop.h"
#include "tui/view_rest.h"

// All zeros at first.
struct trace_view {
	struct trace_feed *feed; // NULL: none
	struct bind_log log;
	struct traced_lines lines;
	struct kept_walks kept;
	struct event_walk *opened; // the one that the view shows; NULL: none of ours
	struct view_rest rest;
};

// Lends the view what it shows.
void trace_view_open(struct trace_view *v, struct app *app);
// Ends what is traced; may take some seconds.
void trace_view_close(struct trace_view *v);
// Does what app->traced.order says.
void trace_view_order(struct trace_view *v, struct app *app);
// Before the loop waits: what it waits for.
void trace_view_keep_up(struct trace_view *v, struct app *app, struct loop *l);
// How long the loop may wait, of so many milliseconds (-1: without end).
int trace_view_patience(struct trace_view *v, int ms);
// Something came.
void trace_view_take(struct trace_view *v, struct app *app);
// Opens the walk of app->opening if it is kept. False: it is not.
bool trace_view_walk(struct trace_view *v, struct app *app);

#endif
