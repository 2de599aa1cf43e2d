// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/bind_watch.h"

#include <string.h>

#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/bind_item.h"
#include "tui/bind_open.h"
#include "tui/pane/panes.h"

// Each of both has its own log, and its own place in it.
unsigned bind_show_traced(struct app *app, bool on)
{
	struct watched_binds *b = &app->watched.binds;
	if (app->traced.shown == on)
		return 0;
	if (app->opened.open)
		bind_close(app);
	app->opening.wanted = false;
	app->traced.shown = on;
	const struct bind_log *log = bind_log_shown(app);
	b->oldest = b->shown = log ? bind_log_first(log) : 0;
	b->before = log ? log->ever : 0;
	pane_update(app, PANE_BINDS);
	pane_update(app, PANE_PROGRAM);
	app_binds_added(app);
	return app_relayout(app);
}

// Of a traced program, those that succeed as well, or no more.
static unsigned toggle_all(struct app *app)
{
	app->traced.all = !app->traced.all;
	pane_pick_again(app, PANE_BINDS);
	return app_say(app, ROLE_PLAIN, "%s",
		       app->traced.all ? "all binds of this program are shown"
				       : "only binds that are refused are shown");
}

int bind_watch(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	struct watched_binds *b = &app->watched.binds;
	const char *what = command_value(call, 0);
	(void)err;
	(void)errlen;
	if (what && strcmp(what, "off") == 0) {
		b->on = false;
		*changed |= app_say(app, ROLE_PLAIN, "binds are watched no more; :watch on watches them again");
		return 0;
	}
	if (app->traced.shown && !what && app->view == VIEW_BINDS) {
		*changed |= toggle_all(app);
		return 0;
	}
	bool other = !what && b->on && b->state != WATCH_REFUSED && app->view == VIEW_BINDS;
	bind_switch_on(b, what ? strcmp(what, "all") == 0 : other ? !b->all : b->all);
	*changed |= app_view(app, VIEW_BINDS) | bind_show_traced(app, false);
	pane_pick_again(app, PANE_BINDS);
	*changed |= app_say(app, ROLE_PLAIN, "%s",
			    b->all ? "all binds of this host are shown from now on"
				   : "only binds that are refused are shown");
	return 0;
}
