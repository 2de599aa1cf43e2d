// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/explorer.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/command/attempt_command.h"
#include "core/command/session.h"
#include "core/evidence/evidence.h"
#include "core/model/decide_range.h"
#include "core/observe/caller_read.h"
#include "core/observe/clock.h"
#include "core/observe/owner_search.h"
#include "core/observe/sock_gone.h"
#include "core/text/report.h"
#include "core/text/report_caller.h"
#include "tui/app.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/compare.h"
#include "tui/complain.h"
#include "tui/crash_guard.h"
#include "tui/history.h"
#include "tui/input.h"
#include "tui/inputrc.h"
#include "tui/loop.h"
#include "tui/mouse.h"
#include "tui/paint.h"
#include "tui/prompt.h"
#include "tui/prompt_keys.h"
#include "tui/remedy_apply.h"
#include "tui/screen_consent.h"
#include "tui/session_command.h"
#include "tui/settings_read.h"
#include "tui/sock_view.h"
#include "tui/term.h"
#include "tui/turning.h"

enum {
	FIRST_WAIT_MS = 60, // a usual host is read by then, and the first picture is whole
};

struct explorer {
	struct app app;
	struct terminal term;
	struct loop loop;
	struct observer *observer;
	struct owner_search *owners;
	struct witness *witness; // NULL: off
	int64_t active;          // when somebody last did something
	struct turning turning;
	struct sock_view sockets;
	struct session session; // for what is not about the screen
	struct screen_consent consent;
	bool choosing;  // the first attempt still follows what is read of the host
	bool whole;     // all of the host was read once
	bool trial;     // what changes is changed back, and no event
	bool just_read; // so was what look() reads, a moment ago
	bool quit, hangup;
};

// The first address of the host that others can reach.
static void choose_attempt(struct explorer *s)
{
	const struct host *h = observe_host(s->observer);
	for (size_t i = 0; i < h->naddrs; i++) {
		const struct host_addr *a = &h->addrs[i];
		if (a->addr.family != AF_INET || a->scope != RT_SCOPE_UNIVERSE)
			continue;
		struct attempt first = attempt_new(&a->addr);
		s->choosing = false;
		app_set_attempt(&s->app, &first);
		return;
	}
	if (observe_status(s->observer)[0] == '\0')
		s->choosing = false; // all is read, and there is none: 127.0.0.1 stays
}

// An interface that was named before it was known.
static void resolve_scope(struct explorer *s)
{
	struct attempt a = s->app.attempt;
	char err[COMMAND_ERROR];
	if (!a.scope && a.scope_name[0] && attempt_command_scope(&a, s->app.now.host, err, sizeof err) == 0)
		app_set_attempt(&s->app, &a);
}

static void take_status(struct explorer *s)
{
	app_set_status(&s->app, observe_status(s->observer));
	s->whole |= observe_status(s->observer)[0] == '\0';
}

// With the record of changes, or NULL for a host that is shown for the first time.
static void take_host(struct explorer *s, const struct host_changes *changes)
{
	if (changes)
		app_host_changed(&s->app, changes);
	else
		app_set_host(&s->app, observe_host(s->observer));
	take_status(s);
	resolve_scope(s);
	if (s->choosing)
		choose_attempt(s);
}

static void on_host(struct explorer *s)
{
	app_keep_selection(&s->app);
	int bits = observe_on_readable(s->observer);
	if (bits < 0) {
		s->loop.host = -1;
		app_say(&s->app, ROLE_FAIL,
			"no longer following this host: %s; restart Bindwalk (Ctrl-L does not help)", strerror(-bits));
		take_host(s, NULL);
		return;
	}
	if (bits & OBSERVE_HOST) {
		if (!s->trial)
			turning_hear(&s->turning, &s->app, &s->session, observe_changes(s->observer));
		take_host(s, observe_changes(s->observer));
	}
	if (bits & OBSERVE_STATUS)
		take_status(s);
}

// Whose bind it is. Values that cannot be read stay as they were, and a message says so.
static bool read_caller(struct explorer *s)
{
	struct caller now;
	int err = caller_read(0, observe_host(s->observer), &now);
	if (s->witness)
		now.ordinary_uid = 0; // it watches this thread, and another uid would be a child's
	if (err == 0)
		s->app.caller = now;
	else
		app_say(&s->app, ROLE_FAIL, "cannot read the credentials for this bind: %s", strerror(-err));
	return err == 0;
}

// What no event tells: sysctls, our own credentials, who holds the port. True when something is not as it was.
static bool look(struct explorer *s)
{
	const struct caller before = s->app.caller;
	bool changed = false;
	if (!s->just_read) {
		changed = observe_refresh(s->observer);
		if (changed)
			turning_hear(&s->turning, &s->app, &s->session, observe_changes(s->observer));
		read_caller(s);
		changed |= !caller_equal(&before, &s->app.caller);
	}
	changed |= evidence_holders(&s->app.now, &s->app.attempt, false);
	owner_search_begin(s->owners, &s->app.now.question);
	return changed;
}

// Evidence for a prediction that the kernel must be asked for.
static void ask_fib(struct explorer *s)
{
	struct app *app = &s->app;
	const struct facts f = inquiry_facts(&app->now);
	evidence_fib(s->observer, &app->now);
	if (f.host->nroutes4 + f.host->nroutes6 + f.host->naddrs < EVIDENCE_ROUTES)
		decide_range(&f, &app->now.walk);
	app_walk_changed(app);
}

static void ask_kernel(struct explorer *s)
{
	if (look(s))
		app_decide_again(&s->app);
	ask_fib(s);
}

static void on_owners(struct explorer *s)
{
	if (owner_search_take(s->owners, &s->app.now.question)) {
		app_decide_again(&s->app);
		ask_kernel(s);
	}
}

// Sockets, and sysctls that are written through another mount of /proc, have no events.
static void tick(struct explorer *s)
{
	if (look(s)) {
		app_decide_again(&s->app);
		ask_fib(s);
	}
}

// Keys may be typed ahead of the first reading. A bind waits for it: what would be predicted from a part of the host is
// soon no prediction any more, and then what the bind showed has nothing to be compared with.
static void await_reading(struct explorer *s)
{
	enum { PATIENCE_MS = 1000, STEP_MS = 50 };
	struct pollfd fd = {.fd = s->loop.host, .events = POLLIN};
	for (int waited = 0; !s->whole && s->loop.host >= 0 && waited < PATIENCE_MS; waited += STEP_MS)
		if (poll(&fd, 1, STEP_MS) > 0)
			on_host(s);
}

// The owners of the port's sockets tell what they have set on them.
static void await_owners(struct explorer *s)
{
	enum { PATIENCE_MS = 1000 };
	struct pollfd fd = {.fd = s->loop.owners, .events = POLLIN};
	if (owner_search_begin(s->owners, &s->app.now.question) && poll(&fd, 1, PATIENCE_MS) > 0)
		owner_search_take(s->owners, &s->app.now.question);
}

static void bind_live(struct explorer *s)
{
	struct app *app = &s->app;
	const struct evidence_how how = {.unprivileged = app->unprivileged, .witness = s->witness};
	char err[WITNESS_ERROR];
	await_reading(s);
	look(s);
	await_owners(s);
	app_keep_selection(app);
	uint64_t before = app->now.host->generation;
	int rc = evidence_gather(s->observer, &app->now, &app->attempt, &how, err, sizeof err);
	if (app->now.host->generation != before) {
		turning_hear(&s->turning, app, &s->session, observe_changes(s->observer));
		app_set_host(app, app->now.host);
	} else
		app_walk_made(app);
	if (rc < 0)
		app_say(app, ROLE_FAIL, "%s", err);
	else
		session_note_bind(&s->session, &app->now);
	s->sockets.wanted = true;
}

static void switch_witness(struct explorer *s)
{
	char err[WITNESS_ERROR];
	witness_close(s->witness);
	s->witness = NULL;
	if (s->app.witness && witness_open(&s->witness, err, sizeof err) < 0) {
		s->app.witness = false;
		app_say(&s->app, ROLE_FAIL, "%s", err);
	}
}

// Waits for the announcement of our own change: until then, the kernel's answers would contradict the model. `all`: of
// many, until they have ended.
static void settle(struct explorer *s, bool all)
{
	enum { SETTLE_MS = 100, EVENTS = 64 };
	struct pollfd fd = {.fd = s->loop.host, .events = POLLIN};
	uint64_t before = s->app.now.host->generation;
	for (int i = 0; i < EVENTS && poll(&fd, 1, SETTLE_MS) > 0; i++) {
		on_host(s);
		if (!all && s->app.now.host->generation != before && !observe_busy(s->observer))
			break;
	}
}

// Sysctls are not announced.
static void run_command(struct explorer *s)
{
	const enum command_id id = s->app.command.id;
	screen_consent_given(&s->consent);
	const bool changes_back = id == CMD_COMPARE && s->app.command.arg[0];
	const unsigned left = s->app.now.host->nleft;
	const size_t before = s->app.changes;
	const uint64_t first = s->session.events.ever;
	if (changes_back)
		compare_hold(&s->app);
	bool done = session_command_run(&s->app, &s->session) == EXIT_OK;
	if (command_info(id)->needs & NEED_LAB)
		turning_own(&s->turning, &s->session, first, id == CMD_UNDO || id == CMD_RESET);
	s->app.changes = s->session.editor ? editor_count(s->session.editor) : 0;
	if (s->app.question[0])
		return;
	if (changes_back) {
		s->trial = true;
		settle(s, true);
		s->trial = false;
		observe_forget_left(s->observer, left);
		compare_release(&s->app);
		app_decide_again(&s->app);
	}
	if (remedy_apply_next(&s->app, done, s->app.changes > before))
		editor_join(s->session.editor);
	if (!(command_info(id)->needs & NEED_LAB))
		return;
	if (id != CMD_SYSCTL)
		settle(s, false);
	resolve_scope(s); // of the first attempt after a reset
	tick(s);
}

static void resize(struct explorer *s)
{
	term_resize(&s->term, STDOUT_FILENO);
	if (s->app.rows != LINES || s->app.cols != COLS) // else what was scrolled stays where it is
		app_resize(&s->app, LINES, COLS);
}

static void predict_anew(struct explorer *s)
{
	app_decide_again(&s->app);
	ask_kernel(s);
}

static void suspend(struct explorer *s)
{
	term_leave(&s->term);
	loop_stop_here(&s->loop);
	term_return(&s->term);
	screen_consent_hidden(&s->consent);
	resize(s);
	tick(s); // what was asked, seen or selected stays
}

static void redraw(struct explorer *s)
{
	app_set_host(&s->app, s->app.now.host);
	predict_anew(s);
	s->sockets.wanted = true;
	clearok(curscr, TRUE);
}

// What the state asked for. Doing it may ask for more.
static void carry_out(struct explorer *s)
{
	for (unsigned e; (e = app_take_effects(&s->app)) != 0;) {
		if (e & EFFECT_QUIT)
			s->quit = true;
		if (e & EFFECT_SUSPEND)
			suspend(s);
		if (e & EFFECT_THEME)
			term_set_theme(&s->term, s->app.theme);
		if (e & EFFECT_MOUSE)
			term_set_mouse(&s->term, s->app.mouse);
		if (e & EFFECT_WITNESS)
			switch_witness(s);
		if (e & EFFECT_REDRAW)
			redraw(s);
		if ((e & EFFECT_COMMAND) || ((e & EFFECT_SYSCTL) && session_command_sysctl(&s->app)))
			run_command(s);
		if (e & EFFECT_BIND)
			bind_live(s);
		else if (e & EFFECT_ASK)
			ask_kernel(s);
		if (e & EFFECT_PROMPT)
			prompt_keys_open(&s->app);
	}
}

static void on_key(struct explorer *s, const struct key *key)
{
	s->choosing = false;
	if (mouse_is(key) && s->app.mode == MODE_CONFIRM && s->app.question[0])
		return; // a click is no answer, also not a no
	remedy_apply_key(&s->app, now_ms());
	const char *why = screen_consent_no_answer(&s->consent, key, now_ms());
	if (why) {
		app_dispatch(&s->app, &(struct command_call){.id = CMD_QUIT_NO});
		if (key->code == K_PASTE_BEGIN)
			prompt_keys_key(&s->app, key); // which swallows the rest
		else
			input_drop(); // nor is what else was typed ahead a command
		app_say(&s->app, ROLE_WARN, "%s", why);
		return;
	}
	prompt_keys_key(&s->app, key);
	carry_out(s);
}

static void on_input(struct explorer *s)
{
	struct key key;
	while (!s->quit && input_next(&key))
		on_key(s, &key);
}

static void draw(struct explorer *s)
{
	app_events_added(&s->app);
	prompt_keys_show(&s->app);
	paint(&s->app, &s->term);
	remedy_apply_drawn(&s->app, now_ms());
	screen_consent_drawn(&s->consent, now_ms());
}

// How long to wait before looking at what has no events: without end when nothing of the kind is shown, and nobody is
// there.
static int patience(const struct explorer *s)
{
	enum { LOOK_MS = 2000, IDLE_AFTER_MS = 10000 };
	int protocol;
	uint16_t port;
	bool shows_port = evidence_port(s->app.now.host, &s->app.attempt, &protocol, &port);
	return shows_port || now_ms() - s->active < IDLE_AFTER_MS ? LOOK_MS : -1;
}

static void run(struct explorer *s)
{
	while (!s->quit) {
		carry_out(s);
		turning_look(&s->turning, &s->app, &s->session);
		sock_view_hear(&s->sockets, &s->app, &s->loop.gone);
		s->just_read = false;
		if (s->quit)
			break;
		draw(s);
		sock_view_keep_up(&s->sockets, &s->app);
		unsigned events = loop_wait(&s->loop, patience(s));
		if (events != LOOP_TICK)
			s->active = now_ms();
		if (events & (LOOP_END | LOOP_HANGUP)) {
			s->hangup = events & LOOP_HANGUP;
			break;
		}
		if (events & LOOP_HOST)
			on_host(s);
		if (events & LOOP_OWNERS)
			on_owners(s);
		if (events & LOOP_SOCKS)
			sock_view_take(&s->sockets, &s->app);
		if (events & LOOP_GONE)
			s->sockets.gone |= sock_gone_drain(s->loop.gone);
		if (events & (LOOP_TICK | LOOP_GONE))
			tick(s);
		if (events & LOOP_RESIZE)
			resize(s);
		if (events & LOOP_CONTINUE) { // somebody stopped us without asking
			term_return(&s->term);
			screen_consent_hidden(&s->consent);
			resize(s);
		}
		if (events & LOOP_SUSPEND)
			s->app.effects |= EFFECT_SUSPEND;
		if (events & LOOP_INPUT)
			on_input(s);
	}
}

static struct attempt first_attempt(const struct explorer_options *o)
{
	struct addr addr;
	if (o->has_first)
		return o->first;
	addr_parse(o->lab ? "192.168.123.123" : "127.0.0.1", &addr);
	return attempt_new(&addr);
}

// Of another namespace: whose it is, and what may be done there.
static void say_owner(struct explorer *s)
{
	struct row row;
	report_owner(&s->app.caller, &row);
	if (row.used) {
		session_event(&s->session, EVENT_BY_NOBODY, "%s", row.text);
		app_say(&s->app, ROLE_PLAIN, "%s", row.text);
	}
	char text[CALLER_TEXT];
	if (*report_caller_say(&s->app.caller, false, text, sizeof text)) {
		session_event(&s->session, EVENT_BY_NOBODY, "%s", text);
		app_say(&s->app, ROLE_PLAIN, "%s", text);
	}
}

// What readline will read when a prompt opens, and can't.
static void say_trouble(struct explorer *s)
{
	char trouble[2][MESSAGE_TEXT];
	bool bad[] = {!inputrc_check(trouble[0], sizeof trouble[0]), !history_check(trouble[1], sizeof trouble[1])};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (bad[i]) {
			session_event(&s->session, EVENT_BY_NOBODY, "%s", trouble[i]);
			app_say(&s->app, ROLE_WARN, "%s", trouble[i]);
		}
}

static void start(struct explorer *s, const struct explorer_options *o)
{
	struct attempt first = first_attempt(o);
	struct pollfd fd = {.fd = observe_fd(s->observer), .events = POLLIN};
	app_init(&s->app, &first, o->lab);
	s->app.watched =
		(struct watched){.events = &s->session.events, .sockets = sock_reader_table(s->sockets.reader)};
	s->app.editable = o->editor && editor_has_journal(o->editor);
	s->consent = (struct screen_consent){.app = &s->app, .editor = o->editor};
	if (s->app.editable)
		editor_ask(o->editor, screen_consent_confirm, &s->consent);
	target_name(&o->place, s->app.place, sizeof s->app.place);
	if (o->lab)
		target_join(s->app.join, sizeof s->app.join);
	s->app.ascii = s->term.ascii;
	s->app.theme = s->term.theme;
	s->app.mouse = o->mouse;
	s->choosing = !o->has_first && !o->lab;
	prompt_init(&s->app);
	s->loop.host = fd.fd;
	s->loop.owners = owner_search_fd(s->owners);
	s->loop.socks = sock_reader_fd(s->sockets.reader);
	while (!s->whole && poll(&fd, 1, FIRST_WAIT_MS) > 0) {
		int bits = observe_on_readable(s->observer);
		s->whole = observe_status(s->observer)[0] == '\0';
		if (bits & OBSERVE_HOST && !s->just_read) { // a part of it, and the rest is read meanwhile
			s->just_read = read_caller(s);
		}
	}
	if (!s->just_read)
		read_caller(s);
	take_host(s, NULL);
	app_resize(&s->app, LINES, COLS);
	if (o->lab) // `show events` has it where the first line has no room
		session_event(&s->session, EVENT_BY_NOBODY, "join this lab from another shell: %s", s->app.join);
	if (o->notice)
		app_say(&s->app, ROLE_WARN, "%s", o->notice);
	else
		say_owner(s);
	settings_read(&s->app);
	s->session.first.attempt = s->app.attempt;
	s->session.first.unprivileged = s->app.unprivileged;
	say_trouble(s);
	if (!o->mouse) // the command line overrides the user's file
		s->app.mouse = false;
	if (s->term.theme == THEME_MONO)
		s->app.theme = THEME_MONO;
}

int explorer_run(const struct explorer_options *o, int *end_signal)
{
	static struct explorer s; // some hundred kilobytes
	struct term_options look = {.color = o->color, .ascii = o->ascii, .mouse = o->mouse};
	char err[512] = "out of memory, or of file descriptors";
	int status = EXIT_MISSING;
	s = (struct explorer){0};
	loop_open(&s.loop, STDIN_FILENO); // before the observer's thread, which inherits the signal mask
	crash_guard_start(true, true);
	// What takes long begins first, and goes on beside the rest.
	if (observe_open(&s.observer, err, sizeof err) == 0 && observe_follow(s.observer, err, sizeof err) == 0 &&
	    owner_search_open(&s.owners) == 0 && sock_view_open(&s.sockets) == 0 &&
	    session_open(&s.session, o->editor, target_read_only(&o->place), err, sizeof err) == 0 &&
	    term_open(&s.term, NULL, stdout, stdin, &look, err, sizeof err) == 0) {
		start(&s, o);
		run(&s);
		prompt_done();
		term_close(&s.term);
		status = 0;
	}
	crash_guard_stop();
	if (status)
		complain("%s", err);
	app_free(&s.app);
	witness_close(s.witness);
	if (s.observer)
		observe_close(s.observer);
	owner_search_close(s.owners);
	sock_view_close(&s.sockets);
	if (s.loop.gone >= 0)
		close(s.loop.gone);
	session_close(&s.session);
	loop_close(&s.loop);
	*end_signal = s.hangup ? SIGHUP : 0;
	return status;
}
