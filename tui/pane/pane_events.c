// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_events.h"

#include <stdio.h>
#include <string.h>

#include "core/text/width.h"
#include "tui/pane/pane.h"

enum { DATED_COLS = 100 }; // from this width on each line has its date

const struct event *pane_event(const struct app *app, size_t item)
{
	const struct event_log *l = app->watched.events;
	return l ? event_log_at(l, event_log_first(l) + item) : NULL;
}

static size_t count(const struct app *app)
{
	const struct event_log *l = app->watched.events;
	return l ? (size_t)(l->ever - event_log_first(l)) : 0;
}

static bool same_day(const struct event *a, const struct event *b)
{
	char one[EVENT_WHEN], other[EVENT_WHEN];
	return strcmp(event_day(a, one), event_day(b, other)) == 0;
}

// The date, if it differs from that of the line above.
static bool is_dated(const struct app *app, size_t item, unsigned width)
{
	const struct event *before = item ? pane_event(app, item - 1) : NULL;
	return width >= DATED_COLS || (before && !same_day(before, pane_event(app, item)));
}

// The end of a text, which says what came of it.
static void add_end(struct row *out, const char *text, unsigned width)
{
	unsigned cols = width_text(text, strlen(text)), used = 0;
	size_t from = width > 1 && cols >= width ? width_clip(text, strlen(text), cols - width + 1, &used) : 0;
	row_add(out, ROLE_PLAIN, "…%s", text + from);
}

static enum role role_of(const struct event *e)
{
	return e->by == EVENT_OUTSIDE ? ROLE_WARN : ROLE_DIM;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct list *l = &app->lists[PANE_EVENTS];
	const struct event *e = pane_event(app, item);
	char when[EVENT_WHEN], text[EVENT_TEXT], shown[EVENT_TEXT + 8];
	if (!e)
		return;
	row_add(out, ROLE_DIM, "%s ", is_dated(app, item, width) ? event_day_time(e, when) : event_time(e, when));
	if (width >= DATED_COLS)
		row_add(out, role_of(e), "%-7s ", event_by_name(e->by));
	else if (e->by > EVENT_HERE) // what nobody else did needs no word
		row_add(out, role_of(e), "%s: ", event_by_name(e->by));
	unsigned used = width_text(out->text, out->used), room = width > used ? width - used : 0;
	event_print(e, text);
	bool selected = l->count && list_item(l, l->selected) == item && app->focus == PANE_EVENTS;
	if (width_text(text, strlen(text)) > room) {
		if (selected)
			add_end(out, text, room);
		else
			row_add(out, ROLE_PLAIN, "%s", width_elide(text, room, shown, sizeof shown));
		return;
	}
	row_add(out, e->by == EVENT_BY_NOBODY ? ROLE_DIM : ROLE_PLAIN, "%s%s", e->text, event_joint(e));
	if (e->effect)
		row_add(out, e->binds ? ROLE_OK : ROLE_FAIL, "%s", e->effect);
}

static void heading(const struct app *app, struct row *out)
{
	const struct list *l = &app->lists[PANE_EVENTS];
	const struct event *e = l->count ? pane_event(app, list_item(l, l->selected)) : NULL;
	char day[EVENT_WHEN];
	if (e)
		row_add(out, ROLE_DIM, " · %s", event_day(e, day));
	else if (!app->watched.events || app->watched.events->ever == 0)
		row_add(out, ROLE_DIM, " · nothing has changed yet");
}

static char changed(const struct app *app, size_t item)
{
	const struct event_log *l = app->watched.events;
	return l && event_log_first(l) + item >= app->watched.events_before ? '+' : ' ';
}

const struct pane_ops pane_events = {
	.heading = heading,
	.count = count,
	.row = row,
	.changed = changed,
};
