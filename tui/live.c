// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/live.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/command/attempt_command.h"
#include "core/command/lab_make.h"
#include "core/evidence/evidence.h"
#include "core/model/decide_range.h"
#include "core/model/fail.h"
#include "core/model/walk_conclude.h"
#include "core/observe/caller_read.h"
#include "core/observe/clock.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"

// The first address of the host that others can reach.
static void choose_attempt(struct explorer *s)
{
	const struct host *h = observe_host(s->place.observer);
	for (size_t i = 0; i < h->naddrs; i++) {
		const struct host_addr *a = &h->addrs[i];
		if (a->addr.family != AF_INET || a->scope != RT_SCOPE_UNIVERSE)
			continue;
		struct attempt first = attempt_new(&a->addr);
		s->choosing = false;
		app_set_attempt(&s->app, &first);
		return;
	}
	if (observe_status(s->place.observer)[0] == '\0')
		s->choosing = false; // all is read, and there is none: 127.0.0.1 stays
}

void live_resolve_scope(struct explorer *s)
{
	struct attempt a = s->app.attempt;
	char err[COMMAND_ERROR];
	if (!a.scope && a.scope_name[0] && attempt_command_scope(&a, s->app.now.host, err, sizeof err) == 0)
		app_set_attempt(&s->app, &a);
}

static void take_status(struct explorer *s)
{
	app_set_status(&s->app, observe_status(s->place.observer));
	s->whole |= observe_status(s->place.observer)[0] == '\0';
}

// With the record of changes, or NULL for a host that is shown for the first time.
static void take_host(struct explorer *s, const struct host_changes *changes)
{
	if (changes)
		app_host_changed(&s->app, changes);
	else
		app_set_host(&s->app, observe_host(s->place.observer));
	take_status(s);
	live_resolve_scope(s);
	if (s->choosing)
		choose_attempt(s);
}

void live_host(struct explorer *s)
{
	app_keep_selection(&s->app);
	int bits = observe_on_readable(s->place.observer);
	if (bits < 0) {
		s->loop.host = -1;
		app_say(&s->app, ROLE_FAIL,
			"no longer following this host: %s; restart Bindwalk (Ctrl-L does not help)", strerror(-bits));
		take_host(s, NULL);
		return;
	}
	if (bits & OBSERVE_HOST) {
		if (!s->trial)
			turning_hear(&s->turning, &s->app, &s->session, observe_changes(s->place.observer));
		take_host(s, observe_changes(s->place.observer));
	}
	if (bits & OBSERVE_STATUS)
		take_status(s);
}

// Whose bind it is. Values that cannot be read stay as they were, and a message says so: false.
static bool read_caller(struct explorer *s)
{
	struct caller now;
	int err = caller_read(0, observe_host(s->place.observer), &now);
	if (s->place.witness)
		now.ordinary_uid = 0; // it watches this thread, and another uid would be a child's
	if (err == 0)
		s->app.caller = now;
	else
		app_say(&s->app, ROLE_FAIL, "cannot read the credentials for this bind: %s", strerror(-err));
	return err == 0;
}

void live_read(struct explorer *s)
{
	enum { FIRST_WAIT_MS = 60 }; // a usual host is read by then, and the first picture is whole
	struct pollfd fd = {.fd = observe_fd(s->place.observer), .events = POLLIN};
	while (!s->whole && poll(&fd, 1, FIRST_WAIT_MS) > 0) {
		int bits = observe_on_readable(s->place.observer);
		s->whole = observe_status(s->place.observer)[0] == '\0';
		if (bits & OBSERVE_HOST && !s->just_read) // a part of it, and the rest is read meanwhile
			s->just_read = read_caller(s);
	}
	if (!s->just_read)
		read_caller(s);
	take_host(s, NULL);
}

// What no event tells: sysctls, our own credentials, who holds the port. True when something is not as it was.
static bool look(struct explorer *s)
{
	const struct caller before = s->app.caller;
	bool changed = false;
	if (!s->just_read) {
		changed = observe_refresh(s->place.observer);
		if (changed)
			turning_hear(&s->turning, &s->app, &s->session, observe_changes(s->place.observer));
		read_caller(s);
		changed |= !caller_equal(&before, &s->app.caller);
	}
	changed |= evidence_holders(&s->app.now, &s->app.attempt, false);
	owner_search_begin(s->place.owners, &s->app.now.question);
	return changed;
}

// Evidence for a prediction that the kernel must be asked for.
static void ask_fib(struct explorer *s)
{
	struct app *app = &s->app;
	const struct facts f = inquiry_facts(&app->now);
	evidence_fib(s->place.observer, &app->now);
	if (f.host->nroutes4 + f.host->nroutes6 + f.host->naddrs < EVIDENCE_ROUTES)
		decide_range(&f, &app->now.walk);
	app_walk_changed(app);
}

void live_ask(struct explorer *s)
{
	if (s->replay.recording)
		return;
	if (look(s))
		app_decide_again(&s->app);
	ask_fib(s);
}

void live_owners(struct explorer *s)
{
	if (owner_search_take(s->place.owners, &s->app.now.question)) {
		app_decide_again(&s->app);
		live_ask(s);
	}
}

// Sockets, and sysctls that are written through another mount of /proc, have no events.
void live_tick(struct explorer *s)
{
	if (s->replay.recording)
		return;
	if (look(s)) {
		app_decide_again(&s->app);
		ask_fib(s);
	}
}

void live_await_reading(struct explorer *s, int patience_ms)
{
	const int64_t end = now_ms() + patience_ms;
	struct pollfd fd = {.fd = s->loop.host, .events = POLLIN};
	for (int64_t left; !s->whole && s->loop.host >= 0 && (left = end - now_ms()) > 0;)
		if (poll(&fd, 1, (int)left) > 0)
			live_host(s);
}

// The owners of the port's sockets tell what they have set on them.
static void await_owners(struct explorer *s)
{
	enum { PATIENCE_MS = 1000 };
	struct pollfd fd = {.fd = s->loop.owners, .events = POLLIN};
	if (owner_search_begin(s->place.owners, &s->app.now.question) && poll(&fd, 1, PATIENCE_MS) > 0)
		owner_search_take(s->place.owners, &s->app.now.question);
}

void live_bind(struct explorer *s)
{
	struct app *app = &s->app;
	const struct evidence_how how = {.unprivileged = app->unprivileged, .witness = s->place.witness};
	char err[WITNESS_ERROR];
	live_await_reading(s, LIVE_PATIENCE_MS);
	look(s);
	await_owners(s);
	app_keep_selection(app);
	uint64_t before = app->now.host->generation;
	int rc = evidence_gather(s->place.observer, &app->now, &app->attempt, &how, err, sizeof err);
	if (app->now.host->generation != before) {
		turning_hear(&s->turning, app, &s->session, observe_changes(s->place.observer));
		app_set_host(app, app->now.host);
	}
	app_walk_made(app); // also on another host: its deciding step is selected, not the one of the walk before
	s->failed = rc < 0;
	if (rc < 0)
		app_say(app, ROLE_FAIL, "%s", err);
	else
		session_note_bind(&s->session, &app->now);
	s->place.sockets.wanted = true;
}

void live_switch_witness(struct explorer *s)
{
	char err[WITNESS_ERROR];
	witness_close(s->place.witness);
	s->place.witness = NULL;
	if (s->app.witness && witness_open(&s->place.witness, err, sizeof err) < 0) {
		s->app.witness = false;
		app_say(&s->app, ROLE_FAIL, "%s", err);
	}
}

void live_say_witness(struct explorer *s)
{
	const char *without = s->place.witness ? witness_without(s->place.witness) : "";
	if (without[0])
		app_say(&s->app, ROLE_WARN, "witness on, for route lookups only: %s", without);
}

void live_settle(struct explorer *s, bool all)
{
	enum { SETTLE_MS = 100, EVENTS = 64 };
	struct pollfd fd = {.fd = s->loop.host, .events = POLLIN};
	uint64_t before = s->app.now.host->generation;
	for (int i = 0; i < EVENTS && poll(&fd, 1, SETTLE_MS) > 0; i++) {
		live_host(s);
		if (!all && s->app.now.host->generation != before && !observe_busy(s->place.observer))
			break;
	}
}

void live_begin_events(struct explorer *s)
{
	if (s->app.join[0])
		session_event(&s->session, EVENT_BY_NOBODY, "join this lab from another shell: %s", s->app.join);
}

// All of it, or back to where we were.
static int renew(struct explorer *s, struct place *fresh, const char *recipe, char *err, size_t errlen)
{
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int rc = own < 0 ? fail(-errno, err, errlen, "cannot renew the lab: %s", strerror(errno))
			 : lab_renew(recipe, err, errlen);
	bool moved = rc == 0;
	if (rc == 0)
		rc = place_open(fresh, err, errlen);
	if (rc == 0)
		rc = session_move(&s->session, err, errlen);
	if (rc < 0 && moved && setns(own, CLONE_NEWNET) < 0)
		s->quit = true; // nothing that is shown is true any more
	if (rc < 0)
		place_close(fresh);
	if (own >= 0)
		close(own);
	return rc;
}

int live_renew(struct explorer *s, const char *recipe, char *err, size_t errlen)
{
	struct place fresh = {0}, old = s->place;
	int rc = renew(s, &fresh, recipe, err, errlen);
	if (rc < 0)
		return rc;
	bool witnessed = old.witness != NULL;
	s->place = fresh;
	s->place.sockets.shown = false;
	place_attend(&s->place, &s->loop);
	s->app.watched.sockets = sock_reader_table(s->place.sockets.reader);
	s->app.changes = 0;
	s->whole = s->just_read = false;
	live_read(s);
	live_await_reading(s, LIVE_LAB_MS);
	bind_view_moved(&s->binds);
	place_close(&old); // the explorer no longer shows what it has
	if (witnessed)
		live_switch_witness(s);
	return 0;
}
