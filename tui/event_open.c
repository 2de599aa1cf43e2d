// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/event_open.h"

#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/pane/pane_events.h"
#include "tui/pane/panes.h"

// What it is about, in its pane.
static void go_to(struct app *app, const struct identity *about)
{
	static const enum pane_id panes[] = {PANE_LINKS, PANE_ROUTES, PANE_SOCKET};
	struct input in = {0};
	if (!app->now.host || about->kind == REF_NONE || !identity_find(app->now.host, about, &in.ref))
		return;
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		size_t item = pane_ops(panes[i])->find(app, &in);
		size_t line = item == SIZE_MAX ? SIZE_MAX : list_line(&app->lists[panes[i]], item);
		if (line == SIZE_MAX && item != SIZE_MAX) { // a filter hides it
			pane_filter(app, panes[i], "");
			line = list_line(&app->lists[panes[i]], item);
		}
		if (line == SIZE_MAX)
			continue;
		app_view(app, VIEW_EXPLORE);
		app_focus(app, panes[i]);
		list_select(&app->lists[panes[i]], line);
		return;
	}
}

unsigned event_open(struct app *app, size_t item)
{
	const struct event *e = pane_event(app, item);
	char text[EVENT_TEXT], when[EVENT_WHEN];
	if (!e)
		return 0;
	struct ref unused;
	bool gone = e->about.kind != REF_NONE && app->now.host && !identity_find(app->now.host, &e->about, &unused);
	go_to(app, &e->about);
	return app_say(app, ROLE_PLAIN, "%s %s%s%s%s", event_day_time(e, when), event_by_name(e->by),
		       e->by == EVENT_BY_NOBODY ? "" : ": ", event_print(e, text), gone ? " (it is gone)" : "") |
	       DIRTY_LAYOUT;
}
