// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/turning.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/attempt_change.h"
#include "core/model/change_text.h"
#include "core/model/holder.h"
#include "core/model/holder_text.h"
#include "core/model/restart.h"
#include "core/observe/clock.h"
#include "core/text/width.h"
#include "tui/app_update.h"

static void add(struct turning *t, const char *text)
{
	size_t used = strlen(t->happened);
	snprintf(t->happened + used, sizeof t->happened - used, "%s%s", used ? "; " : "", text);
}

// ------------------------------------------------------------------------------------------ by whom

void turning_own(struct turning *t, const struct session *s, uint64_t first, bool all)
{
	enum { ANNOUNCED_MS = 2000, ALL_MS = 500 };
	t->own.until = now_ms() + (all ? ALL_MS : ANNOUNCED_MS);
	t->own.all = all;
	t->own.first = first;
	t->own.end = s->events.ever;
	t->own.said = 0;
}

static bool continues_word(char c)
{
	return isalnum((unsigned char)c) || strchr(".:_-/@", c);
}

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = text; len && (at = strstr(at, word)); at++)
		if ((at == text || !continues_word(at[-1])) && (!at[len] || !continues_word(at[len])))
			return true;
	return false;
}

// The word by which a command names the object of a change.
static char *object_of(const struct host_change *c, char *buf, size_t len)
{
	const union host_value *v = c->how == CHANGE_REMOVED ? &c->before : &c->after;
	char text[PREFIX_TEXT];
	switch (c->list) {
	case HOST_LINKS:
		snprintf(buf, len, "%s", v->link.name);
		break;
	case HOST_ADDRS:
		snprintf(buf, len, "%s/%u", addr_print(&v->addr.addr, text), v->addr.prefixlen);
		break;
	case HOST_RULES:
		snprintf(buf, len, "rule");
		break;
	case HOST_SYSCTLS:
		snprintf(buf, len, "%s",
			 v->sysctl.id < SYSCTL_COUNT ? sysctl_info(v->sysctl.id)->name
						     : "net.ipv4.ip_local_reserved_ports");
		break;
	default:
		snprintf(buf, len, "%s", v->route.dst.len ? prefix_print(&v->route.dst, text) : "default");
		break;
	}
	return buf;
}

struct mine {
	const struct turning *t;
	const struct session *s;
};

// The event of our own that names the object, + 1; 0 for none.
static uint64_t own_event(const struct turning *t, const struct session *s, const struct host_change *c, bool unsaid)
{
	char object[96];
	object_of(c, object, sizeof object);
	size_t word = strlen(object);
	for (int whole = 1; whole >= 0; whole--) {
		if (!whole) { // a single address is written without its length
			char *slash = strchr(object, '/');
			if (!slash || (strcmp(slash, "/32") != 0 && strcmp(slash, "/128") != 0))
				break;
			word = (size_t)(slash - object);
			object[word] = '\0';
		}
		for (uint64_t i = t->own.first; i < t->own.end; i++) {
			const struct event *e = event_log_at(&s->events, i);
			if (e && has_word(e->text, object) && !(unsaid && t->own.said & 1u << (i - t->own.first) % 32))
				return i + 1;
		}
	}
	return 0;
}

static bool is_own(const void *data, const struct host *h, const struct host_change *c)
{
	const struct mine *m = data;
	(void)h;
	return now_ms() < m->t->own.until && (m->t->own.all || own_event(m->t, m->s, c, false));
}

// ------------------------------------------------------------------------------------------ the host

static enum event_by by_of(const struct change_group *g)
{
	return change_by_kernel(&g->cause) ? EVENT_KERNEL : g->own ? EVENT_HERE : EVENT_OUTSIDE;
}

// Replaces the text of our own command's event by what it caused.
static uint64_t new_event(struct turning *t, struct session *s, const struct change_group *g, const char *text)
{
	bool told = by_of(g) == EVENT_HERE && !t->own.all && !g->summed;
	uint64_t number = told ? own_event(t, s, &g->cause, true) : 0;
	if (!number)
		return session_event(s, by_of(g), "%s", text) + 1;
	t->own.said |= 1u << (number - 1 - t->own.first) % 32;
	return number;
}

static void note_group(struct turning *t, const struct app *app, struct session *s, struct change_group *g)
{
	char text[CHANGE_GROUP_TEXT];
	change_group_print(app->now.host, g, text);
	if (!g->note)
		g->note = new_event(t, s, g, text);
	struct event *e = g->note ? event_log_at(&s->events, g->note - 1) : NULL;
	if (!e)
		return;
	event_say(e, text);
	e->long_text = change_group_went_along(g);
	if (!g->summed)
		e->about = identity_changed(&g->cause);
}

void turning_hear(struct turning *t, struct app *app, struct session *s, const struct host_changes *c)
{
	char text[CHANGE_TEXT];
	const struct mine mine = {t, s};
	if (!t->known) // it is still being read
		return;
	app_mark_changes(app, c);
	change_group(&t->groups, app->now.host, c, is_own, &mine, now_ms());
	for (size_t i = 0; i < t->groups.n; i++)
		if (t->groups.at[i].fresh)
			note_group(t, app, s, &t->groups.at[i]);
	for (size_t i = 0; i < c->n; i++) {
		if (!change_concerns(app->now.host, &app->now.walk, &c->item[i]))
			continue;
		add(t, change_print(app->now.host, &c->item[i], text));
		const struct change_group *g = change_group_of(&t->groups, i);
		if (g && !t->cause)
			t->cause = g->note;
	}
	for (size_t i = 0; i < t->groups.n && !t->cause && c->more; i++) // it may be among those that are not kept
		if (t->groups.at[i].fresh && t->groups.at[i].summed)
			t->cause = t->groups.at[i].note;
}

// ------------------------------------------------------------------------------------------ the port

static bool same_sock(const struct sock *a, const struct sock *b)
{
	return a->protocol == b->protocol && a->port == b->port && addr_equal(&a->addr, &b->addr) &&
	       a->inode == b->inode && (a->inode || addr_equal(&a->peer, &b->peer));
}

static size_t find_sock(const struct turning *t, const struct sock *s)
{
	size_t i = 0;
	while (i < t->nsocks && !same_sock(&t->socks[i].sock, s))
		i++;
	return i;
}

static void print_sock(const struct app *app, const struct sock *s, const char *word, char *buf, size_t len)
{
	const struct facts f = inquiry_facts(&app->now);
	int n = snprintf(buf, len, "port %s: ", word);
	sock_print(&f, s, buf + n, len - (size_t)n);
}

// Its process is looked up later.
static void note_sock(struct turning *t, struct app *app, struct session *s, const struct sock *now, size_t at,
		      bool quiet)
{
	char text[EVENT_TEXT];
	bool found = at < t->nsocks && now->searched && !t->socks[at].sock.searched;
	if (at == t->nsocks) {
		if (at == TURNING_SOCKS)
			return;
		t->nsocks++;
		t->socks[at].event = 0;
		print_sock(app, now, "taken", text, sizeof text);
		if (!quiet) {
			app->changed.ports = true;
			t->socks[at].event = session_event(s, EVENT_OUTSIDE, "%s", text) + 1;
			t->cause = t->cause ? t->cause : t->socks[at].event;
		}
	} else if (found && t->socks[at].event) {
		struct event *e = event_log_at(&s->events, t->socks[at].event - 1);
		print_sock(app, now, "taken", text, sizeof text);
		if (e)
			event_say(e, text);
	}
	t->socks[at].sock = *now;
}

// Compares the sockets at the shown port with the last look. `quiet`: the port changed.
static void look_at_port(struct turning *t, struct app *app, struct session *s, bool quiet)
{
	const struct question *q = &app->now.question;
	char text[EVENT_TEXT];
	if (quiet)
		t->nsocks = 0;
	if (q->socks_known != YES) // nothing is known of those that are not there
		return;
	for (size_t i = t->nsocks; i-- > 0;) {
		if (question_has(q, &t->socks[i].sock))
			continue;
		print_sock(app, &t->socks[i].sock, "released", text, sizeof text);
		app->changed.ports = true;
		uint64_t event = session_event(s, EVENT_OUTSIDE, "%s", text) + 1;
		t->cause = t->cause ? t->cause : event;
		t->socks[i] = t->socks[--t->nsocks];
	}
	for (size_t i = 0; i < q->nsocks; i++)
		if (q->socks_port && restart_counts(&q->socks[i]))
			note_sock(t, app, s, &q->socks[i], find_sock(t, &q->socks[i]), quiet);
}

// ------------------------------------------------------------------------------------------ the verdict

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

// "192.0.2.7", "192.0.2.7:80", "[::1]:80".
static char *print_target(const struct attempt *a, char *buf, size_t len)
{
	char addr[ADDR_TEXT], port[8] = "";
	const char *scope = a->scope_name;
	bool brackets = a->port && a->addr.family == AF_INET6;
	if (a->port)
		snprintf(port, sizeof port, ":%u", a->port);
	snprintf(buf, len, "%s%s%s%s%s%s", brackets ? "[" : "", addr_print(&a->addr, addr), scope[0] ? "%" : "", scope,
		 brackets ? "]" : "", port);
	return buf;
}

// A longer message would cover the verdict.
static unsigned room(const struct app *app)
{
	enum { MARGINS = 2 };
	return app->cols > MARGINS ? (unsigned)app->cols - MARGINS : 0;
}

static void say(struct turning *t, struct app *app)
{
	char what[TURNING_TEXT + ATTEMPT_TEXT + 32], addr[ATTEMPT_TEXT];
	int err = walk_errno(&app->now.walk);
	attempt_print(&app->attempt, addr);
	snprintf(what, sizeof what, "%s now %s%s%s%s", addr, err ? "fails with " : "binds", err ? errno_name(err) : "",
		 t->happened[0] ? ": " : "", t->happened);
	if (app->message[0] || app_covers(app))
		return;                                                   // another message is on the screen
	if (t->happened[0] && width_text(what, strlen(what)) > room(app)) // the first event caused the others
		snprintf(what, sizeof what, "%.*s: now %s%s", (int)strcspn(t->happened, ";"), t->happened,
			 err ? "bind fails with " : "it binds", err ? errno_name(err) : "");
	if (width_text(what, strlen(what)) > room(app))
		snprintf(what, sizeof what, "now %s%s; E shows why", err ? "bind fails with " : "it binds",
			 err ? errno_name(err) : "");
	app_say(app, err ? ROLE_WARN : ROLE_OK, "%s", what);
}

// The verdict turned: what caused it says so, or an event of its own.
static void note_effect(struct turning *t, const struct app *app, struct session *s)
{
	char effect[EVENT_TEXT / 2], target[ATTEMPT_TEXT];
	int err = walk_errno(&app->now.walk);
	if (!t->cause)
		t->cause = session_event(s, EVENT_BY_NOBODY, "%s", "the verdict changed") + 1;
	struct event *e = event_log_at(&s->events, t->cause - 1);
	snprintf(effect, sizeof effect, "%s %s %s%s", print_target(&app->attempt, target, sizeof target),
		 t->err == err ? "still" : "now", err ? "fails with " : "binds", err ? errno_name(err) : "");
	if (e)
		event_say_effect(e, effect, !err);
}

// Another attempt, by a key or a command.
static void note_attempt(const struct turning *t, const struct app *app, struct session *s)
{
	char what[ATTEMPT_CHANGE_TEXT], target[ATTEMPT_TEXT], effect[EVENT_TEXT / 2];
	int err = walk_errno(&app->now.walk);
	const char *privileges = t->unprivileged == app->unprivileged ? ""
				 : app->unprivileged                  ? unprivileged_name(app->unprivileged)
								      : "privileged again";
	attempt_change_print(&t->attempt, &app->attempt, what);
	uint64_t number =
		session_event(s, EVENT_HERE, "%s%s%s", what, what[0] && privileges[0] ? ", " : "", privileges);
	struct event *e = event_log_at(&s->events, number);
	bool turned = t->code != app->now.walk.code || t->err != err;
	bool same_target = addr_equal(&t->attempt.addr, &app->attempt.addr) && t->attempt.port == app->attempt.port;
	print_target(&app->attempt, target, sizeof target);
	snprintf(effect, sizeof effect, "%s %s%s%s", same_target ? target : "it",
		 !same_target ? ""
		 : turned     ? "now "
			      : "still ",
		 err ? "fails with " : "binds", err ? errno_name(err) : "");
	if (e)
		event_say_effect(e, effect, !err);
}

void turning_look(struct turning *t, struct app *app, struct session *s)
{
	const struct walk *w = &app->now.walk;
	if (!app->now.host || !w->nsteps || app->status[0])
		return; // it is being read, and what is decided now is not a verdict yet
	bool same = t->known && attempt_equal(&t->attempt, &app->attempt) && t->unprivileged == app->unprivileged;
	bool other_port = !t->known || t->attempt.port != app->attempt.port || t->attempt.kind != app->attempt.kind;
	look_at_port(t, app, s, other_port);
	bool turned = t->code != w->code || t->err != walk_errno(w);
	if (same && turned) {
		if (t->holder.port && !question_has(&app->now.question, &t->holder))
			add(t, t->holder_gone);
		say(t, app);
		note_effect(t, app, s);
	} else if (t->known && !same) {
		note_attempt(t, app, s);
	}
	t->cause = 0;
	if (!same || turned)
		keep(t, app);
}
