// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/bind_open.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/bind_item.h"
#include "tui/pane/panes.h"
#include "tui/walk_rows.h"

void bind_switch_on(struct watched_binds *b, bool all)
{
	b->on = b->begun = true;
	b->again = b->state == WATCH_REFUSED;
	b->all = all;
}

unsigned bind_open(struct app *app, size_t item)
{
	const struct bind_event *s = bind_item(app, item);
	struct watched_binds *b = &app->watched.binds;
	if (!s && !app->traced.shown && b->state == WATCH_REFUSED) {
		bind_switch_on(b, b->all);
		return DIRTY_SCREEN;
	}
	if (!s)
		return app_say(app, ROLE_DIM, "no bind was seen yet");
	app->opening = (struct bind_opening){.wanted = true, .number = b->oldest + item, .of = *s};
	if (s->call != CALL_LISTEN && s->call != CALL_CONNECT)
		return app_want(app, EFFECT_OPEN);
	char why[VERDICT_WHY];
	snprintf(why, sizeof why, "%s() is not a bind", call_name(s->call));
	return bind_open_take(app, NULL, why);
}

// The step that ended it.
static void select_deciding(struct app *app)
{
	const struct inquiry *in = app->opened.walk;
	struct list *l = &app->lists[PANE_OTHER];
	pane_update(app, PANE_OTHER);
	list_select(l, in ? list_line(l, walk_rows_of(&in->walk, false, in->walk.decisive)) : 0);
	pane_update(app, PANE_DETAIL);
}

unsigned bind_open_take(struct app *app, const struct inquiry *walk, const char *why)
{
	struct bind_opened *o = &app->opened;
	*o = (struct bind_opened){.open = true,
				  .number = app->opening.number,
				  .of = app->opening.of,
				  .walk = walk,
				  .kept = app->opening.kept};
	snprintf(o->why, sizeof o->why, "%s", why);
	app->opening.wanted = false;
	if (walk) {
		const struct facts f = inquiry_facts(walk);
		o->nremedies = remedies(&f, &walk->walk, o->remedies);
	}
	pane_filter(app, PANE_OTHER, "");
	select_deciding(app);
	return app->view == VIEW_BINDS ? app_focus(app, PANE_OTHER) : DIRTY_SCREEN;
}

unsigned bind_close(struct app *app)
{
	app->opened = (struct bind_opened){0};
	pane_update(app, PANE_OTHER);
	return app_focus(app, PANE_BINDS);
}

bool bind_is_open(const struct app *app)
{
	return app->view == VIEW_BINDS && app->opened.open;
}

// Of another network, its numbers of interfaces mean nothing here.
static struct attempt here(const struct bind_event *e)
{
	struct attempt a = e->attempt;
	if (e->netns_ours)
		return a;
	attempt_unset(&a, OPT_IFINDEX);
	a.scope = 0;
	return a;
}

int bind_use(struct app *app, char *err, size_t errlen, unsigned *changed)
{
	const struct bind_event *e = &app->opened.of;
	char text[ATTEMPT_TEXT];
	if (!bind_is_open(app) || !e->socket_known || !e->addr_known) {
		snprintf(err, errlen, "%s",
			 bind_is_open(app) ? "what this bind asked for was not seen" : "nothing to bind to here");
		return -EINVAL;
	}
	const struct attempt a = here(e);
	*changed |= app_view(app, VIEW_EXPLORE) | app_set_attempt(app, &a);
	*changed |= app_say(app, ROLE_PLAIN, "the attempt is now %s%s; press b to bind", attempt_print(&a, text),
			    e->netns_ours ? "" : ", in this network and not in that of the program");
	return 0;
}

void bind_step(struct app *app, enum command_id id)
{
	if (id == CMD_STEP_DECIDING)
		select_deciding(app);
	else
		list_select(&app->lists[PANE_OTHER], 0);
}
