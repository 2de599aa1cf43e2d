// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/turning.h"

#include <stdio.h>
#include <string.h>

#include "core/model/change_text.h"
#include "core/model/holder.h"
#include "core/model/holder_text.h"
#include "core/text/width.h"
#include "tui/app_update.h"

static void add(struct turning *t, const char *text)
{
	size_t used = strlen(t->happened);
	snprintf(t->happened + used, sizeof t->happened - used, "%s%s", used ? "; " : "", text);
}

// "10.1.1.20/24 and 10.1.1.10/24 left eth0": those that went together are one event.
static void note_addresses(struct session *s, const struct host *h, const struct host_changes *c)
{
	char text[SESSION_EVENT] = "", one[CHANGE_TEXT], addr[ADDR_TEXT], dev[16];
	for (size_t i = 0; i < c->n; i++) {
		const struct host_change *k = &c->item[i], *next = i + 1 < c->n ? k + 1 : NULL;
		if (k->list != HOST_ADDRS)
			continue;
		bool joins = next && next->list == HOST_ADDRS && k->how == CHANGE_REMOVED &&
			     next->how == CHANGE_REMOVED && next->before.addr.index == k->before.addr.index;
		size_t used = strlen(text);
		if (joins && used < sizeof text - 64) {
			snprintf(text + used, sizeof text - used, "%s/%u and ", addr_print(&k->before.addr.addr, addr),
				 k->before.addr.prefixlen);
			continue;
		}
		if (k->how == CHANGE_REMOVED)
			snprintf(text + used, sizeof text - used, "%s/%u left %s",
				 addr_print(&k->before.addr.addr, addr), k->before.addr.prefixlen,
				 host_link_name(h, k->before.addr.index, dev));
		else
			snprintf(text + used, sizeof text - used, "%s", change_print(h, k, one));
		session_note(s, "%s", text);
		text[0] = '\0';
	}
}

void turning_hear(struct turning *t, const struct app *app, struct session *s, const struct host_changes *c)
{
	char text[CHANGE_TEXT];
	if (!t->known) // it is still being read
		return;
	note_addresses(s, app->now.host, c);
	for (size_t i = 0; i < c->n; i++)
		if (change_concerns(app->now.host, &app->now.walk, &c->item[i]))
			add(t, change_print(app->now.host, &c->item[i], text));
}

static void keep(struct turning *t, const struct app *app)
{
	const struct facts f = inquiry_facts(&app->now);
	const struct walk *w = &app->now.walk;
	const struct sock *holder = walk_holder(&f, w);
	t->known = true;
	t->attempt = app->attempt;
	t->unprivileged = app->unprivileged;
	t->code = w->code;
	t->err = walk_errno(w);
	t->happened[0] = '\0';
	t->holder = (struct sock){0};
	if (!holder)
		return;
	t->holder = *holder;
	sock_gone_print(&f, holder, t->holder_gone, sizeof t->holder_gone);
}

// A longer message would cover the verdict.
static unsigned room(const struct app *app)
{
	enum { MARGINS = 2 };
	return app->cols > MARGINS ? (unsigned)app->cols - MARGINS : 0;
}

static void say(struct turning *t, struct app *app, struct session *s)
{
	char what[TURNING_TEXT + ATTEMPT_TEXT + 32], addr[ATTEMPT_TEXT];
	int err = walk_errno(&app->now.walk);
	attempt_print(&app->attempt, addr);
	bool gone = t->holder.port && !question_has(&app->now.question, &t->holder);
	if (gone)
		add(t, t->holder_gone);
	snprintf(what, sizeof what, "%s now %s%s%s%s", addr, err ? "fails with " : "binds", err ? errno_name(err) : "",
		 t->happened[0] ? ": " : "", t->happened);
	session_note(s, "%s", what);
	if (app->message[0] || app_covers(app))
		return;                                                   // another message is on the screen
	if (t->happened[0] && width_text(what, strlen(what)) > room(app)) // the first event caused the others
		snprintf(what, sizeof what, "%.*s: now %s%s", (int)strcspn(t->happened, ";"), t->happened,
			 err ? "bind fails with " : "it binds", err ? errno_name(err) : "");
	if (width_text(what, strlen(what)) > room(app))
		snprintf(what, sizeof what, "now %s%s; show events says why", err ? "bind fails with " : "it binds",
			 err ? errno_name(err) : "");
	app_say(app, err ? ROLE_WARN : ROLE_OK, "%s", what);
}

void turning_look(struct turning *t, struct app *app, struct session *s)
{
	const struct walk *w = &app->now.walk;
	if (!app->now.host || !w->nsteps || app->status[0])
		return; // it is being read, and what is decided now is not a verdict yet
	bool same = t->known && attempt_equal(&t->attempt, &app->attempt) && t->unprivileged == app->unprivileged;
	if (same && t->code == w->code && t->err == walk_errno(w))
		return;
	if (same)
		say(t, app, s);
	keep(t, app);
}
