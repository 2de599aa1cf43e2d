// SPDX-License-Identifier: GPL-3.0-or-later
// What changes the explorer's state, short of commands: another host, attempt, walk, step, message. tui/app_layout.h
// changes where it stands on the screen. Pure.
//
// Each returns bits of enum dirty.
#ifndef BINDWALK_APP_UPDATE_H
#define BINDWALK_APP_UPDATE_H

#include "tui/app.h"

// The walk begins with app_set_host().
void app_init(struct app *app, const struct attempt *first, bool lab);
void app_free(struct app *app);

// Call before the present host goes away: remembers what is selected.
void app_keep_selection(struct app *app);
// Another reading of the host, sorted: lists, selections and the walk follow; what a live bind showed stays while the
// model says the same.
unsigned app_set_host(struct app *app, const struct host *host);
// The same host, after these changes. If the record is cut, this does what app_set_host() does.
unsigned app_host_changed(struct app *app, const struct host_changes *changes);
// An event may have been added: if the newest one was in sight, it stays in sight.
void app_events_added(struct app *app);
// The same for a bind; one that is selected stays so while the log has it.
void app_binds_added(struct app *app);
// Marks what these changed until the next key.
void app_mark_changes(struct app *app, const struct host_changes *changes);
// The same host, after a change that no list shows.
unsigned app_decide_again(struct app *app);
unsigned app_set_status(struct app *app, const char *status);
// Another attempt from outside: decided at once.
unsigned app_set_attempt(struct app *app, const struct attempt *a);
// The prompt is closed.
unsigned app_end_prompt(struct app *app);
// The walk got evidence: what the screen says about it is old.
unsigned app_walk_changed(struct app *app);
// The walk was decided outside, afresh.
unsigned app_walk_made(struct app *app);
// The message is read, and what changed until now is seen.
unsigned app_hush(struct app *app);
// There is no message any more.
unsigned app_quiet(struct app *app);
__attribute__((format(printf, 3, 4))) unsigned app_say(struct app *app, enum role role, const char *fmt, ...);

unsigned app_decide(struct app *app); // the attempt changed
// Brings up to date what the panes and the verdict show of the walk, as far as it may be seen.
void app_walk_seen(struct app *app);
unsigned app_select_step(struct app *app, unsigned step);
// Gives each step not reached a row of its own, or folds them into one.
unsigned app_unfold(struct app *app, bool on);
unsigned app_prompt(struct app *app, enum prompt_kind kind, const char *text);
// Asks the loop for something: bits of enum effect.
unsigned app_want(struct app *app, unsigned effect);
// A command for the session.
unsigned app_hand_over(struct app *app, const struct command_call *call);
// Asks before app->command changes this host: a yes asks for EFFECT_COMMAND again.
unsigned app_ask_change(struct app *app, const char *change);

#endif
