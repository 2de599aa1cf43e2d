// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/bind_item.h"

#include "core/text/trace_row.h"

const struct bind_log *bind_log_shown(const struct app *app)
{
	return app->traced.shown ? app->traced.log : app->watched.binds.log;
}

size_t bind_items(const struct app *app)
{
	const struct watched_binds *b = &app->watched.binds;
	return bind_log_shown(app) ? (size_t)(b->shown - b->oldest) : 0;
}

const struct bind_event *bind_item(const struct app *app, size_t item)
{
	return item < bind_items(app) ? bind_log_at(bind_log_shown(app), app->watched.binds.oldest + item) : NULL;
}

const struct event_verdict *bind_item_verdict(const struct app *app)
{
	const struct list *l = &app->lists[PANE_BINDS];
	const struct traced *t = &app->traced;
	if (!t->shown || !t->verdict || !l->count)
		return NULL;
	return t->verdict(t->from, app->watched.binds.oldest + list_item(l, l->selected));
}

const struct bind_event *bind_item_selected(const struct app *app)
{
	const struct list *l = &app->lists[PANE_BINDS];
	return l->count ? bind_item(app, list_item(l, l->selected)) : NULL;
}

bool bind_item_has_remedies(const struct app *app)
{
	const struct bind_opened *o = &app->opened;
	return o->walk && o->of.err && !trace_row_is_lowered(&o->of);
}
