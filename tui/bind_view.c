// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/bind_view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/model/event_filter.h"
#include "core/observe/clock.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/bind_open.h"
#include "tui/pane/panes.h"

int bind_view_open(struct bind_view *v)
{
	return watch_switch_open(&v->power);
}

void bind_view_close(struct bind_view *v)
{
	event_walk_close(v->asked);
	event_walk_close(v->opened);
	watch_switch_close(v->power);
	event_about_close(v->about);
	bind_log_free(&v->log);
	*v = (struct bind_view){0};
}

// What the switch says, for the panes.
static void take_state(const struct bind_view *v, struct app *app)
{
	struct watched_binds *b = &app->watched.binds;
	const struct watch *w = watch_switch_watch(v->power);
	enum watch_state state = watch_switch_state(v->power);
	if (b->state == state)
		return;
	b->state = state;
	b->source = w ? watch_source(w) : SOURCE_BPF;
	snprintf(b->why, sizeof b->why, "%s", w ? watch_without(w) : watch_switch_why(v->power));
	pane_update(app, PANE_BINDS);
}

void bind_view_keep_up(struct bind_view *v, struct app *app, struct loop *l)
{
	struct watched_binds *b = &app->watched.binds;
	bool shown = app->layout.pane[PANE_BINDS].h > 0;
	if (shown && !v->shown && !b->begun)
		b->on = b->begun = true;
	v->shown = shown;
	if (b->again)
		watch_switch_set(v->power, false, b->all);
	if (b->again || b->on != v->on || b->all != v->all)
		watch_switch_set(v->power, b->on, b->all);
	b->again = false;
	v->on = b->on;
	v->all = b->all;
	take_state(v, app);
	const struct watch *w = watch_switch_watch(v->power);
	bool rested = view_rest_over(&v->rest);
	if (!app->opened.open && v->opened) {
		event_walk_close(v->opened);
		v->opened = NULL;
	}
	l->walk = v->asked ? event_walk_fd(v->asked) : -1;
	l->watch = watch_switch_fd(v->power);
	l->binds = w && rested ? watch_fd(w) : -1;
}

int bind_view_patience(struct bind_view *v, int ms)
{
	return view_rest_patience(&v->rest, ms);
}

void bind_view_switched(struct bind_view *v, struct app *app)
{
	watch_switch_take(v->power);
	take_state(v, app);
}

struct taking {
	struct bind_view *view;
	struct event_filter filter;
	int64_t began;
	unsigned n;
};

// Whose it was, where that is known. Of very many at once only the first are looked up: the screen must not wait.
static void look_up(const struct taking *t, struct bind_event *e)
{
	enum { PATIENCE_MS = 20 };
	struct event_about *about = t->view->about;
	if (!about && event_about_open(&t->view->about) == 0)
		about = t->view->about;
	if (about && now_ms() - t->began <= PATIENCE_MS)
		event_about_fill(about, e);
	else if (about)
		e->netns_ours = e->netns && e->netns == event_about_netns(about);
}

static void take(void *data, const struct bind_event *e)
{
	struct taking *t = data;
	struct bind_event whole = *e;
	t->n++;
	if (event_filter_passes(&t->filter, e) == NO)
		return;
	look_up(t, &whole);
	bind_log_add(&t->view->log, &whole);
}

void bind_view_take(struct bind_view *v, struct app *app)
{
	struct watched_binds *b = &app->watched.binds;
	struct watch *w = watch_switch_watch(v->power);
	struct taking t = {.view = v, .filter = {.all = b->all}, .began = now_ms()};
	if (!w)
		return;
	int rc = watch_read(w, take, &t);
	if (rc < 0)
		app_say(app, ROLE_FAIL, "cannot read the binds that were seen: %s", strerror(-rc));
	b->lost = watch_counts(w).lost;
	b->look.east = clock_east(time(NULL));
	v->rest.due = t.n > 0;
}

void bind_view_give_up(struct bind_view *v)
{
	event_walk_close(v->asked);
	v->asked = NULL;
}

void bind_view_walk(struct bind_view *v, struct app *app)
{
	event_walk_close(v->asked);
	app->opening.kept = false;
	int rc = event_walk_begin(&app->opening.of, &v->asked);
	if (rc < 0) {
		app->opening.wanted = false;
		app_say(app, ROLE_FAIL, "cannot read the network of the program: %s", strerror(-rc));
	} else {
		bind_view_walked(v, app);
	}
}

void bind_view_walked(struct bind_view *v, struct app *app)
{
	enum { SOON_MS = 30 }; // most are done by then, and the next picture has it
	if (!v->asked || !event_walk_wait(v->asked, SOON_MS))
		return;
	bind_open_take(app, event_walk_inquiry(v->asked), event_walk_verdict(v->asked)->why_not);
	event_walk_close(v->opened);
	v->opened = v->asked;
	v->asked = NULL;
}

void bind_view_moved(struct bind_view *v)
{
	event_about_close(v->about);
	v->about = NULL;
}
