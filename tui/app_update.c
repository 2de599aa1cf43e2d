// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/app_update.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/decide.h"
#include "core/model/walk_conclude.h"
#include "tui/app_layout.h"
#include "tui/bind_item.h"
#include "tui/compare.h"
#include "tui/compare_update.h"
#include "tui/pane/pane.h"
#include "tui/pane/panes.h"
#include "tui/view.h"
#include "tui/walk_rows.h"

void app_init(struct app *app, const struct attempt *first, bool lab)
{
	*app = (struct app){0};
	app->attempt = *first;
	app->lab = lab;
	app->focus = PANE_SOCKET;
	app->side = PANE_SOCKET;
	app->lists[PANE_WALK].pinned = app->lists[PANE_OTHER].pinned = true; // the result
	app->lists[PANE_PROGRAM].pinned = true;                              // how it goes on, or ended
	pane_update(app, PANE_SOCKET);
}

void app_free(struct app *app)
{
	for (int p = 0; p < PANE_COUNT; p++)
		list_free(&app->lists[p]);
	free(app->output.rows);
	host_items_free(&app->links);
	host_items_free(&app->routes);
	free(app->info_matches);
	compare_free(&app->compare);
	question_free(&app->now.question);
}

unsigned app_quiet(struct app *app)
{
	if (!app->message[0])
		return 0;
	app->message[0] = '\0';
	return DIRTY_SCREEN | app_fit(app);
}

unsigned app_hush(struct app *app)
{
	changed_forget(&app->changed, &app->attempt, app->unprivileged);
	app->watched.socks_marked = false;
	app->watched.binds.before = app->watched.binds.shown;
	app->watched.events_before = app->watched.events ? app->watched.events->ever : 0;
	return app_quiet(app);
}

unsigned app_say(struct app *app, enum role role, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(app->message, sizeof app->message, fmt, args);
	va_end(args);
	app->message_role = role;
	return DIRTY_SCREEN | app_fit(app);
}

static void select_step(struct app *app, unsigned step)
{
	size_t row = walk_rows_of(&app->now.walk, app->unfolded, step), line = list_line(&app->lists[PANE_WALK], row);
	if (line == SIZE_MAX) { // the filter hides it
		pane_filter(app, PANE_WALK, "");
		line = list_line(&app->lists[PANE_WALK], row);
	}
	if (line != SIZE_MAX)
		list_select(&app->lists[PANE_WALK], line);
	pane_update(app, PANE_DETAIL);
	if (!app->output.shown)
		app->lists[PANE_DETAIL].top = app->lists[PANE_DETAIL].selected = 0;
	app_reveal_inputs(app);
}

unsigned app_select_step(struct app *app, unsigned step)
{
	app_output_drop(app);
	app->stepped = true;
	select_step(app, step);
	return DIRTY_SCREEN;
}

unsigned app_unfold(struct app *app, bool on)
{
	unsigned step = app_step_index(app);
	app->unfolded = on;
	pane_update(app, PANE_WALK);
	select_step(app, step);
	return app_fit(app) | DIRTY_SCREEN;
}

// Lists the routes that the walk points at; those before the selected one may come and go.
static void point_routes(struct app *app, const struct walk *w)
{
	struct list *l = &app->lists[PANE_ROUTES];
	struct ref at = {REF_NONE, 0};
	if (l->count && list_item(l, l->selected) < app->routes.count)
		at = pane_ops(PANE_ROUTES)->object(app, list_item(l, l->selected));
	if (host_items_point_routes(&app->routes, w) == 0)
		return;
	pane_update(app, PANE_ROUTES);
	size_t item = host_items_find_route(&app->routes, &at), line = item == SIZE_MAX ? item : list_line(l, item);
	if (line != SIZE_MAX)
		list_select(l, line);
}

void app_walk_seen(struct app *app)
{
	const struct facts f = inquiry_facts(&app->now);
	struct walk seen = app->now.walk; // as far as it is
	bool covered = app_covers(app);
	if (covered)
		seen.nsteps = app->cover.shown;
	app->unfolded |= covered; // where steps are left out is where it ends
	app->nremedies = covered ? 0 : remedies(&f, &app->now.walk, app->remedies);
	app->tells_remedies = !covered && walk_errno(&app->now.walk) != 0;
	point_routes(app, &seen);
	for (int p = 0; p < PANE_COUNT; p++)
		if (p == PANE_SOCKET || p == PANE_WALK || pane_tells((enum pane_id)p))
			pane_update(app, (enum pane_id)p);
	compare_take(app);
}

static void take_walk(struct app *app)
{
	if (cover_take(&app->cover, &app->now.walk))
		app_say(app, ROLE_PLAIN, "this is a new question; it is covered again");
	app_walk_seen(app);
}

// The step to select when there is a new walk: the deciding one, if it may be seen.
static unsigned first_step(const struct app *app)
{
	unsigned shown = app->cover.shown;
	return !app_covers(app) ? app->now.walk.decisive : shown ? shown - 1 : 0;
}

// What is selected where there is a new walk; nobody has stepped through it yet.
static unsigned begin_walk(struct app *app)
{
	unsigned changed = app_select_step(app, first_step(app));
	app->stepped = false;
	return changed;
}

static void decide_now(struct app *app)
{
	const struct facts f = inquiry_facts(&app->now);
	app->now.caller = caller_lowered(&app->caller, app->unprivileged);
	app->unfolded &= attempt_equal(&app->now.walk.attempt, &app->attempt);
	decide(&f, &app->attempt, &app->now.walk);
	take_walk(app);
}

unsigned app_walk_made(struct app *app)
{
	take_walk(app);
	app_fit(app);
	return begin_walk(app) | DIRTY_ATTEMPT;
}

unsigned app_decide(struct app *app)
{
	if (!app->now.host)
		return DIRTY_SCREEN;
	decide_now(app);
	app->effects |= EFFECT_ASK;
	app_fit(app);
	unsigned changed = begin_walk(app) | DIRTY_ATTEMPT | DIRTY_EFFECT;
	app->changed.reveal = true;
	app_reveal_changes(app);
	return changed;
}

unsigned app_set_attempt(struct app *app, const struct attempt *a)
{
	app->attempt = app->changed.attempt = *a; // nobody changed it
	return app_decide(app);
}

unsigned app_walk_changed(struct app *app)
{
	pane_update(app, PANE_WALK);
	compare_take(app);
	pane_update(app, PANE_DETAIL);
	return DIRTY_SCREEN | app_fit(app);
}

static bool same_prediction(const struct walk *a, const struct walk *b)
{
	if (a->nsteps != b->nsteps || a->predicted.call != b->predicted.call || a->predicted.err != b->predicted.err ||
	    !attempt_equal(&a->attempt, &b->attempt))
		return false;
	for (unsigned i = 0; i < a->nsteps; i++)
		if (a->steps[i].step != b->steps[i].step || a->steps[i].finding != b->steps[i].finding)
			return false;
	return true;
}

// Keeps the last observation if the new walk says the same.
static void carry_evidence(const struct walk *old, struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		for (int e = EV_SYSCALL; e < EV_COUNT; e++)
			if (e != EV_ASKED) // asked for again
				w->steps[i].claims[e] = old->steps[i].claims[e];
	w->observed = old->observed;
	walk_conclude(w);
}

void app_keep_selection(struct app *app)
{
	for (int p = 0; p < PANE_COUNT; p++) {
		const struct list *l = &app->lists[p];
		const struct pane_ops *ops = pane_ops((enum pane_id)p);
		app->kept[p] = (struct identity){0};
		if (app->now.host && l->count && ops->object)
			app->kept[p] = identity_of(app->now.host, ops->object(app, list_item(l, l->selected)));
	}
}

static void restore_selection(struct app *app)
{
	for (int p = 0; p < PANE_COUNT; p++) {
		struct list *l = &app->lists[p];
		struct input in = {0};
		if (app->kept[p].kind == REF_NONE || !identity_find(app->now.host, &app->kept[p], &in.ref))
			continue;
		size_t item = pane_ops((enum pane_id)p)->find(app, &in);
		size_t line = item == SIZE_MAX ? SIZE_MAX : list_line(l, item);
		if (line == SIZE_MAX)
			continue;
		size_t on_screen = l->selected - l->top; // the same line of the screen, if it can be
		l->top = line > on_screen ? line - on_screen : 0;
		list_select(l, line);
	}
}

// The same step as before by what it is, or the deciding one when the answer is another.
static unsigned follow_step(const struct walk *old, unsigned index, const struct walk *w)
{
	if (index < old->nsteps && old->predicted.err == w->predicted.err && old->code == w->code)
		for (unsigned i = 0; i < w->nsteps; i++)
			if (w->steps[i].step == old->steps[index].step &&
			    w->steps[i].setting == old->steps[index].setting)
				return i;
	return w->decisive;
}

// Is the walk another one?
static bool decide_again(struct app *app)
{
	struct walk old = app->now.walk;
	unsigned index = app_step_index(app);
	size_t top = app->lists[PANE_DETAIL].top;
	if (!app->now.host)
		return false;
	decide_now(app);
	bool same = old.nsteps && same_prediction(&old, &app->now.walk);
	if (same) {
		if (old.observed.present)
			carry_evidence(&old, &app->now.walk);
		// Nothing new about the walk: leaves the panes where the user scrolled them to.
		app_walk_changed(app);
		for (int p = 0; p < PANE_COUNT; p++)
			pane_show_pointed(app, (enum pane_id)p);
		app->lists[PANE_DETAIL].top = top;
		list_scroll(&app->lists[PANE_DETAIL], 0);
	} else {
		// What a command showed is being read: only who reads it puts it away.
		app_fit(app);
		unsigned step = follow_step(&old, index, &app->now.walk);
		app->stepped &= step != app->now.walk.decisive;
		select_step(app, app_covers(app) ? first_step(app) : step);
	}
	return !same;
}

unsigned app_decide_again(struct app *app)
{
	decide_again(app);
	app_reveal_changes(app);
	return DIRTY_SCREEN;
}

void app_events_added(struct app *app)
{
	struct list *l = &app->lists[PANE_EVENTS];
	const struct event_log *log = app->watched.events;
	if (!log || log->ever == app->watched.shown)
		return;
	// The list may have grown already, so what counts is whether the newest one that was shown is selected.
	bool newest = !l->count || event_log_first(log) + list_item(l, l->selected) + 1 >= app->watched.shown;
	app->watched.shown = log->ever;
	pane_update(app, PANE_EVENTS);
	if (newest && l->count)
		list_select(l, l->count - 1);
}

void app_binds_added(struct app *app)
{
	struct list *l = &app->lists[PANE_BINDS];
	struct watched_binds *b = &app->watched.binds;
	const struct bind_log *log = bind_log_shown(app);
	if (!log || log->ever == b->shown)
		return;
	bool sorted = app->picking.order[PANE_BINDS], first = b->shown == b->oldest;
	bool newest = !l->count || first || (!sorted && l->selected + 1 == l->count);
	uint64_t number = l->count ? b->oldest + list_item(l, l->selected) : 0;
	size_t below = l->selected - l->top;
	b->shown = log->ever;
	b->oldest = bind_log_first(log);
	pane_update(app, PANE_BINDS);
	size_t line = number >= b->oldest && l->count ? list_line(l, (size_t)(number - b->oldest)) : 0;
	line = newest ? l->count - 1 : line;
	if (!l->count)
		return;
	l->top = line > below ? line - below : 0;
	list_select(l, line < l->count ? line : 0);
	list_resize(l, l->height); // no blank lines below the last one
	if (first)
		app_fit(app);
}

void app_mark_changes(struct app *app, const struct host_changes *changes)
{
	if (app->changed.known && !app->status[0]) // else it is being read, and all of it is new
		changed_take(&app->changed, changes);
}

// A list that is empty for want of memory must not look like a host without any.
static void say_poor(struct app *app, const char *what)
{
	app_say(app, ROLE_FAIL, "out of memory: %s are not shown; press Ctrl-L to try again", what);
}

static void build_links(struct app *app)
{
	if (host_items_build_links(&app->links, app->now.host) < 0)
		say_poor(app, "interfaces");
	pane_update(app, PANE_LINKS);
}

static void build_routes(struct app *app)
{
	if (host_items_build_routes(&app->routes, app->now.host) < 0)
		say_poor(app, "routes");
	pane_update(app, PANE_ROUTES);
}

static unsigned host_is_new(struct app *app)
{
	bool other = decide_again(app); // which may list other routes
	restore_selection(app);
	if (other)
		app_reveal_inputs(app);
	app_reveal_changes(app);
	app->effects |= EFFECT_ASK;
	return DIRTY_SCREEN | DIRTY_EFFECT;
}

unsigned app_set_host(struct app *app, const struct host *host)
{
	app->now.host = host;
	build_links(app);
	build_routes(app);
	return host_is_new(app);
}

static bool is_route(const struct host_change *c)
{
	return c->list == HOST_ROUTES4 || c->list == HOST_ROUTES6;
}

// Filters those routes that were added or altered.
static int match_routes(struct app *app, const struct host_changes *changes)
{
	const struct list *l = &app->lists[PANE_ROUTES];
	int err = 0;
	if (l->match)
		pane_prepare(app, PANE_ROUTES);
	for (size_t i = 0; l->match && i < changes->n && !err; i++) {
		const struct host_change *c = &changes->item[i];
		size_t first, end;
		if (!is_route(c) || c->how == CHANGE_REMOVED)
			continue;
		host_items_of_prefix(&app->routes, app->now.host, &c->after.route.dst, &first, &end);
		err = pane_match_items(app, PANE_ROUTES, first, end);
	}
	return err;
}

// A list of a million routes is changed in place.
static int change_routes(struct app *app, const struct host_changes *changes)
{
	struct list *l = &app->lists[PANE_ROUTES];
	for (size_t i = 0; i < changes->n; i++) {
		struct items_change done;
		if (!is_route(&changes->item[i]))
			continue;
		int err = host_items_change_route(&app->routes, &changes->item[i], &done);
		if (err)
			return err;
		if (done.removed != SIZE_MAX && !l->sort)
			list_remove(l, done.removed);
		if (done.inserted != SIZE_MAX && !l->sort)
			list_insert(l, done.inserted);
	}
	if (!l->sort)
		return match_routes(app, changes);
	pane_update(app, PANE_ROUTES);
	return 0;
}

unsigned app_host_changed(struct app *app, const struct host_changes *changes)
{
	bool links = false, routes = false;
	if (changes->more)
		return app_set_host(app, app->now.host);
	for (size_t i = 0; i < changes->n; i++) {
		links |= changes->item[i].list == HOST_LINKS || changes->item[i].list == HOST_ADDRS;
		routes |= is_route(&changes->item[i]);
	}
	if (links)
		build_links(app);
	if (routes && change_routes(app, changes) < 0)
		build_routes(app);
	if (links && app->lists[PANE_ROUTES].match)
		pane_update(app, PANE_ROUTES); // devices may have other names
	compare_told(app, changes);
	return host_is_new(app);
}

unsigned app_set_status(struct app *app, const char *status)
{
	if (!status[0] && !app->changed.known) // all is read for the first time
		changed_forget(&app->changed, &app->attempt, app->unprivileged);
	if (strncmp(app->status, status, sizeof app->status - 1) == 0)
		return 0;
	snprintf(app->status, sizeof app->status, "%s", status);
	return DIRTY_SCREEN;
}

unsigned app_prompt(struct app *app, enum prompt_kind kind, const char *text)
{
	app->wrong_at = SIZE_MAX;
	app->ask.kind = kind;
	snprintf(app->ask.text, sizeof app->ask.text, "%s", text);
	app->mode = MODE_PROMPT;
	app->effects |= EFFECT_PROMPT;
	return DIRTY_SCREEN | DIRTY_EFFECT;
}

unsigned app_end_prompt(struct app *app)
{
	app->mode = MODE_MAIN;
	app->prompt = (struct prompt_view){0};
	return app_relayout(app);
}

unsigned app_want(struct app *app, unsigned effect)
{
	app->effects |= effect;
	return DIRTY_EFFECT | DIRTY_SCREEN;
}

unsigned app_hand_over(struct app *app, const struct command_call *call)
{
	app->command = *call;
	return app_want(app, EFFECT_COMMAND);
}

unsigned app_ask_change(struct app *app, const char *change)
{
	snprintf(app->question, sizeof app->question, "%s", change);
	return app_set_mode(app, MODE_CONFIRM);
}
