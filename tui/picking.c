// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/picking.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/argument.h"
#include "tui/app.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/pane/panes.h"
#include "tui/typed_text.h"

// The selected step of the walk must be visible, if there is one.
static unsigned follow_walk(struct app *app)
{
	return app->lists[PANE_WALK].count ? app_select_step(app, app_step_index(app)) : DIRTY_SCREEN;
}

static unsigned set_filter(struct app *app, const char *text)
{
	bool walk = app->picking.all || app->focus == PANE_WALK;
	for (int p = 0; p < PANE_COUNT; p++)
		if (app->picking.all ? pane_picks((enum pane_id)p) : p == (int)app->focus)
			pane_filter(app, (enum pane_id)p, text);
	return walk ? follow_walk(app) : DIRTY_SCREEN;
}

bool picking_is_filtered(const struct app *app)
{
	bool filtered = app->lists[app->focus].filter[0];
	for (int p = 0; app->picking.all && p < PANE_COUNT; p++)
		filtered |= app->lists[p].filter[0] != '\0';
	return filtered;
}

unsigned picking_drop_filter(struct app *app)
{
	unsigned changed = set_filter(app, "");
	app->picking.all = false;
	app->mode = MODE_MAIN;
	return changed;
}

int picking_filter(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *text = call->arg;
	bool all = call->id == CMD_FILTER_ALL;
	// Texts are not filtered; the help's search finds words in them.
	if (app->view == VIEW_HELP || (!all && !text[0] && !pane_picks(app->focus))) {
		*changed |= app_prompt(app, PROMPT_COMMAND, "help --search ");
		return 0;
	}
	if (!pane_picks(app->focus) && !all) {
		snprintf(err, errlen, "this text cannot be filtered; the panes can");
		return -EINVAL;
	}
	if (!pane_picks(app->focus))
		*changed |= app_focus(app, PANE_WALK);
	if (app->picking.all && !all)
		*changed |= picking_drop_filter(app);
	app->picking.all = all;
	if (text[0])
		*changed |= set_filter(app, text);
	else
		app->mode = MODE_FILTER;
	*changed |= DIRTY_SCREEN;
	return 0;
}

bool picking_key(struct app *app, const struct key *key)
{
	char text[LIST_FILTER];
	memcpy(text, app->lists[app->focus].filter, sizeof text);
	if (!typed_text(text, sizeof text, key))
		return false;
	set_filter(app, text);
	return true;
}

static void name_orders(const char *const *orders, char *buf, size_t len)
{
	size_t at = 0;
	for (unsigned i = 0; orders[i] && at < len; i++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s", i ? ", " : "", orders[i]);
}

// The pane that is named, or the focused one.
static enum pane_id sorted_pane(const struct app *app, const char *name)
{
	for (int p = 0; name && p < PANE_COUNT; p++)
		if (strcmp(pane_name((enum pane_id)p), name) == 0)
			return (enum pane_id)p;
	return name ? PANE_COUNT : app->focus;
}

int picking_sort(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *key = command_value(call, 0), *name = command_value(call, 1);
	enum pane_id pane = sorted_pane(app, name);
	const char *const *orders = pane < PANE_COUNT ? pane_ops(pane)->orders : NULL;
	char names[80];
	unsigned order = 0, n = 0;
	if (!orders) {
		snprintf(err, errlen, "the %.40s pane cannot be sorted; interfaces, routes, sockets and binds can",
			 name ? name : pane_name(app->focus));
		return -EINVAL;
	}
	while (orders[n])
		n++;
	for (order = 0; key && order < n && strcmp(orders[order], key) != 0; order++)
		;
	if (order == n) {
		name_orders(orders, names, sizeof names);
		snprintf(err, errlen, "'%.40s' is not a sort key of the %s; expected %s", key, pane_name(pane), names);
		return -EINVAL;
	}
	app->picking.order[pane] = key ? order : (app->picking.order[pane] + 1) % n;
	pane_update(app, pane);
	list_select(&app->lists[pane], 0);
	*changed |= app_say(app, ROLE_PLAIN, "%s by %s", pane_heading(pane), orders[app->picking.order[pane]]);
	return 0;
}

int picking_hide(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	(void)err;
	(void)errlen;
	bool hides = argument_switch(command_value(call, 1), app->picking.hides_link_local);
	app->picking.hides_link_local = hides;
	for (int p = 0; p < PANE_COUNT; p++)
		if (pane_ops((enum pane_id)p)->link_local)
			pane_pick_again(app, (enum pane_id)p);
	*changed |= app_say(
		app, ROLE_PLAIN,
		hides ? "link-local addresses and routes are hidden, except those that the selected step looks at"
		      : "link-local addresses and routes are shown");
	return 0;
}
