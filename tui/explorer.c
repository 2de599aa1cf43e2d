// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/explorer.h"

#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/command/session_hold.h"
#include "core/evidence/evidence.h"
#include "core/observe/clock.h"
#include "core/observe/sock_gone.h"
#include "core/text/report.h"
#include "core/text/report_caller.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/compare.h"
#include "tui/complain.h"
#include "tui/crash_guard.h"
#include "tui/history.h"
#include "tui/input.h"
#include "tui/inputrc.h"
#include "tui/lesson_lab.h"
#include "tui/lesson_recorded.h"
#include "tui/live.h"
#include "tui/mouse.h"
#include "tui/paint.h"
#include "tui/prompt.h"
#include "tui/prompt_keys.h"
#include "tui/remedy_apply.h"
#include "tui/session_command.h"
#include "tui/settings_read.h"

// Sysctls are not, nor what changes nothing of the host.
static bool is_announced(enum command_id id)
{
	bool aside = id == CMD_SYSCTL || id == CMD_HOLD;
	return command_changes(id) ? !aside : id == CMD_UNDO || id == CMD_RESET;
}

static void run_command(struct explorer *s)
{
	const enum command_id id = s->app.command.id;
	screen_consent_given(&s->consent);
	if (command_info(id)->needs & NEED_LAB)
		live_await_reading(s, LIVE_PATIENCE_MS);
	const bool changes_back = id == CMD_COMPARE && s->app.command.arg[0];
	const unsigned left = s->app.now.host->nleft;
	const size_t before = s->app.changes;
	const uint64_t first = s->session.events.ever;
	if (changes_back)
		compare_hold(&s->app);
	if (id == CMD_WRITE)
		lesson_lab_record(s);
	bool done = session_command_run(&s->app, &s->session) == EXIT_OK;
	s->failed = !done;
	if (command_info(id)->needs & NEED_LAB)
		turning_own(&s->turning, &s->session, first, id == CMD_UNDO || id == CMD_RESET);
	s->app.changes = session_changes(&s->session);
	if (s->app.question[0])
		return;
	if (changes_back) {
		s->trial = true;
		live_settle(s, true);
		s->trial = false;
		observe_forget_left(s->place.observer, left);
		compare_release(&s->app);
		app_decide_again(&s->app);
	}
	if (remedy_apply_next(&s->app, done, s->app.changes > before))
		editor_join(s->session.editor);
	if (!(command_info(id)->needs & NEED_LAB))
		return;
	if (is_announced(id))
		live_settle(s, false);
	live_resolve_scope(s); // of the first attempt after a reset
	live_tick(s);
	recording_saw_host(&s->session.recording, s->app.now.host, &s->app.attempt);
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
	live_ask(s);
}

static void suspend(struct explorer *s)
{
	term_leave(&s->term);
	loop_stop_here(&s->loop);
	term_return(&s->term);
	screen_consent_hidden(&s->consent);
	resize(s);
	live_tick(s); // what was asked, seen or selected stays
}

static void redraw(struct explorer *s)
{
	app_set_host(&s->app, s->app.now.host);
	predict_anew(s);
	s->place.sockets.wanted = true;
	clearok(curscr, TRUE);
}

static void open_walk(struct explorer *s)
{
	bind_view_give_up(&s->binds);
	if (!trace_view_walk(&s->trace, &s->app))
		bind_view_walk(&s->binds, &s->app);
}

// What the state asked for. Doing it may ask for more.
void explorer_carry_out(struct explorer *s)
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
		if (e & EFFECT_WITNESS) {
			live_switch_witness(s);
			live_say_witness(s);
		}
		if (e & EFFECT_REDRAW)
			redraw(s);
		if ((e & EFFECT_COMMAND) || ((e & EFFECT_SYSCTL) && session_command_sysctl(&s->app)))
			run_command(s);
		if (e & EFFECT_BIND) {
			live_bind(s);
			lesson_player_bound(&s->player);
		} else if (e & EFFECT_ASK)
			live_ask(s);
		if (e & EFFECT_OPEN)
			open_walk(s);
		if (e & EFFECT_TRACE)
			trace_view_order(&s->trace, &s->app);
		if (e & EFFECT_PROMPT)
			prompt_keys_open(&s->app);
		if (e & EFFECT_LESSON) {
			stage_notes_ahead(&s->notes, &s->app);
			lesson_player_do(&s->player);
		}
	}
}

bool explorer_take_line(struct explorer *s, const char *line, char *said, size_t len)
{
	unsigned changed = 0;
	char err[MESSAGE_TEXT] = "";
	s->app.typed[0] = '\0';
	bool taken = app_take_line(&s->app, PROMPT_COMMAND, line, err, sizeof err, &changed) == 0;
	s->failed = !taken;
	if (taken)
		explorer_carry_out(s);
	snprintf(said, len, "%s", taken ? s->app.message : err);
	return !s->failed;
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
	explorer_carry_out(s);
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
	app_binds_added(&s->app);
	prompt_keys_show(&s->app);
	stage_notes_tell(&s->notes, &s->app);
	paint(&s->app, &s->term);
	remedy_apply_drawn(&s->app, now_ms());
	screen_consent_drawn(&s->consent, now_ms());
}

// How long to wait before looking at what has no events: without end when nothing of the kind is shown, and nobody is
// there.
static int patience(struct explorer *s)
{
	enum { LOOK_MS = 2000, IDLE_AFTER_MS = 10000 };
	int protocol;
	uint16_t port;
	bool shows_port = !s->replay.recording && evidence_port(s->app.now.host, &s->app.attempt, &protocol, &port);
	int ms = shows_port || now_ms() - s->active < IDLE_AFTER_MS ? LOOK_MS : -1;
	return trace_view_patience(&s->trace, bind_view_patience(&s->binds, ms));
}

static void run(struct explorer *s)
{
	while (!s->quit) {
		explorer_carry_out(s);
		turning_look(&s->turning, &s->app, &s->session);
		if (!s->replay.recording)
			sock_view_hear(&s->place.sockets, &s->app, &s->loop.gone);
		s->just_read = false;
		if (s->quit)
			break;
		if (s->binds.power)
			bind_view_keep_up(&s->binds, &s->app, &s->loop);
		trace_view_keep_up(&s->trace, &s->app, &s->loop);
		draw(s);
		if (!s->replay.recording)
			sock_view_keep_up(&s->place.sockets, &s->app);
		unsigned events = loop_wait(&s->loop, patience(s));
		if (events == LOOP_TICK &&
		    (s->binds.rest.until || s->trace.rest.until)) // the rest between binds is over, and no more
			continue;
		if (events & ~(unsigned)(LOOP_TICK | LOOP_BINDS | LOOP_TRACE))
			s->active = now_ms();
		if (events & (LOOP_END | LOOP_HANGUP)) {
			s->hangup = events & LOOP_HANGUP;
			break;
		}
		if (events & LOOP_HOST)
			live_host(s);
		if (events & LOOP_OWNERS)
			live_owners(s);
		if (events & LOOP_SOCKS)
			sock_view_take(&s->place.sockets, &s->app);
		if (events & LOOP_WATCH)
			bind_view_switched(&s->binds, &s->app);
		if (events & LOOP_BINDS)
			bind_view_take(&s->binds, &s->app);
		if (events & LOOP_WALK)
			bind_view_walked(&s->binds, &s->app);
		if (events & LOOP_TRACE)
			trace_view_take(&s->trace, &s->app);
		if (events & LOOP_GONE)
			s->place.sockets.gone |= sock_gone_drain(s->loop.gone);
		if (events & (LOOP_TICK | LOOP_GONE))
			live_tick(s);
		if (events & LOOP_NOTES)
			notes_sender_accept(&s->notes.sender);
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
	app_init(&s->app, &first, o->lab);
	s->app.watched.events = &s->session.events;
	s->app.watched.binds.log = &s->binds.log;
	trace_view_open(&s->trace, &s->app);
	s->app.editable = o->editor && editor_has_journal(o->editor);
	s->consent = (struct screen_consent){.app = &s->app, .editor = o->editor};
	if (s->app.editable)
		editor_ask(o->editor, screen_consent_confirm, &s->consent);
	if (!o->recording)
		target_name(&o->place, s->app.place, sizeof s->app.place);
	if (o->lab)
		target_join(s->app.join, sizeof s->app.join);
	s->app.ascii = s->term.ascii;
	s->app.theme = s->term.theme;
	s->app.mouse = o->mouse;
	s->choosing = !o->has_first && !o->lab && !o->recording;
	prompt_init(&s->app);
	if (o->recording) {
		replay_begin(&s->replay, &s->app, o->recording, o->recorded);
	} else {
		s->app.watched.sockets = sock_reader_table(s->place.sockets.reader);
		place_attend(&s->place, &s->loop);
		live_read(s);
	}
	app_resize(&s->app, LINES, COLS);
	live_begin_events(s);
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
	s->player = (struct lesson_player){.app = &s->app,
					   .ground = o->recording ? lesson_recorded(s) : lesson_lab(s),
					   .view = o->paced ? VIEW_STAGE : VIEW_LESSON,
					   .paced = o->paced};
	if (!o->recording)
		s->player.other = lesson_recorded(s);
	s->notes.sender.listener = -1;
	turning_look(&s->turning, &s->app, &s->session);
	if (o->lesson && !o->recording)
		live_await_reading(s, LIVE_LAB_MS);
	if (o->lesson)
		lesson_player_take(&s->player, o->lesson);
	else if (o->recording)
		lesson_recorded_play(s, o->recorded);
	if (o->paced)
		stage_notes_open(&s->notes, &s->app);
	s->loop.notes = s->notes.sender.listener;
}

// A recording needs nothing of this host.
static int open_place(struct explorer *s, const struct explorer_options *o, char *err, size_t errlen)
{
	if (o->recording) {
		session_open_replay(&s->session);
		return 0;
	}
	int rc = place_open(&s->place, err, errlen);
	if (rc == 0)
		rc = bind_view_open(&s->binds);
	return rc < 0 ? rc : session_open(&s->session, o->editor, target_read_only(&o->place), err, errlen);
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
	if (open_place(&s, o, err, sizeof err) == 0 &&
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
	stage_notes_close(&s.notes);
	lesson_player_close(&s.player);
	app_free(&s.app);
	replay_end(&s.replay);
	place_close(&s.place);
	bind_view_close(&s.binds);
	trace_view_close(&s.trace);
	if (s.loop.gone >= 0)
		close(s.loop.gone);
	session_close(&s.session);
	loop_close(&s.loop);
	*end_signal = s.hangup ? SIGHUP : 0;
	return status;
}
