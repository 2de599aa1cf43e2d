// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace_view.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/observe/clock.h"
#include "core/command/command_words.h"
#include "tui/app_update.h"
#include "tui/bind_open.h"
#include "tui/bind_watch.h"
#include "tui/trace_command.h"
#include "tui/trace_text.h"

static const struct event_verdict *verdict_of(const void *from, uint64_t number)
{
	const struct event_walk *w = kept_walks_find(from, number);
	return w ? event_walk_verdict(w) : NULL;
}

void trace_view_open(struct trace_view *v, struct app *app)
{
	app->traced.log = &v->log;
	app->traced.lines = &v->lines;
	app->traced.verdict = verdict_of;
	app->traced.from = &v->kept;
}

static void forget(struct trace_view *v)
{
	trace_feed_close(v->feed);
	v->feed = NULL;
	kept_walks_free(&v->kept);
	bind_log_free(&v->log);
	v->lines.ever = 0;
}

void trace_view_close(struct trace_view *v)
{
	forget(v);
	event_walk_close(v->opened);
	*v = (struct trace_view){0};
}

// In the child that becomes the program. It has no terminal: that is ours, and what it writes comes to us.
static void become_program(void)
{
	setsid();
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	loop_before_exec();
}

static void begin(struct trace_view *v, struct app *app)
{
	struct traced *t = &app->traced;
	struct command_words words;
	char err[COMMAND_ERROR];
	if (!t->order.pid && command_words(t->order.command, &words, err, sizeof err) < 0)
		return; // it was read before
	const struct feed_how how = {
		.command = t->order.pid ? NULL : words.word, .pid = t->order.pid, .prepare = become_program};
	bind_show_traced(app, false); // what it shows goes
	forget(v);
	snprintf(t->command, sizeof t->command, "%s", t->order.pid ? "" : t->order.command);
	int rc = trace_feed_open(&how, &v->feed);
	t->status = rc == 0 ? trace_feed_status(v->feed) : (struct feed_status){0};
	bind_show_traced(app, true);
	if (rc < 0)
		app_say(app, ROLE_FAIL, "no program can be traced: %s", strerror(-rc));
}

void trace_view_order(struct trace_view *v, struct app *app)
{
	if (app->traced.order.stop && v->feed)
		trace_feed_stop(v->feed);
	else if (!app->traced.order.stop)
		begin(v, app);
	app->traced.order.stop = false;
}

void trace_view_keep_up(struct trace_view *v, struct app *app, struct loop *l)
{
	bool rested = view_rest_over(&v->rest);
	if (v->opened && app->opened.walk != event_walk_inquiry(v->opened)) {
		event_walk_close(v->opened);
		v->opened = NULL;
	}
	l->trace = v->feed && rested ? trace_feed_fd(v->feed) : -1;
}

int trace_view_patience(struct trace_view *v, int ms)
{
	return view_rest_patience(&v->rest, ms);
}

static void add_line(struct trace_view *v, bool note, const char *text)
{
	struct traced_line *l = &v->lines.at[v->lines.ever++ % TRACED_LINES];
	l->note = note;
	snprintf(l->text, sizeof l->text, "%s", text);
}

static void take_bind(void *data, const struct bind_event *e, struct event_walk *walk)
{
	struct trace_view *v = data;
	uint64_t number = bind_log_add(&v->log, e);
	if (number == UINT64_MAX)
		event_walk_close(walk);
	else
		kept_walks_add(&v->kept, number, e->err != 0, walk);
}

static void take_note(void *data, enum trace_note note, pid_t process, const char *program)
{
	struct trace_view *v = data;
	char text[TAIL_TEXT];
	struct feed_status s = trace_feed_status(v->feed);
	if (note == TRACE_BEGUN && !s.slow[0])
		return;
	if (note == TRACE_BEGUN)
		snprintf(text, sizeof text, "It runs slower than usual: %.280s", s.slow);
	else
		trace_text_note(note, process, program, text, sizeof text);
	add_line(data, true, text);
}

static void take_line(void *data, const char *text)
{
	add_line(data, false, text);
}

void trace_view_take(struct trace_view *v, struct app *app)
{
	const struct feed_out out = {.bind = take_bind, .note = take_note, .line = take_line, .data = v};
	if (!v->feed)
		return;
	trace_feed_take(v->feed, &out);
	app->traced.status = trace_feed_status(v->feed);
	trace_changed(app);
	app->watched.binds.look.east = clock_east(time(NULL));
	v->rest.due = true;
}

bool trace_view_walk(struct trace_view *v, struct app *app)
{
	if (!app->traced.shown)
		return false;
	struct event_walk *w = kept_walks_find(&v->kept, app->opening.number);
	if (!w)
		return false;
	struct event_walk *before = v->opened;
	v->opened = event_walk_share(w);
	app->opening.kept = true;
	bind_open_take(app, event_walk_inquiry(w), event_walk_verdict(w)->why_not);
	event_walk_close(before);
	return true;
}
