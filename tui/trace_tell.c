// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace_tell.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/observe/clock.h"
#include "core/record/event_json.h"
#include "core/record/history_json.h"
#include "core/record/trace_json.h"
#include "core/text/event_row.h"
#include "core/text/history_row.h"
#include "core/text/json_memory.h"
#include "core/text/labelled.h"
#include "core/text/report_json.h"
#include "core/text/trace_analysis.h"
#include "core/text/trace_row.h"
#include "core/text/trace_walk.h"
#include "core/text/visible.h"
#include "tui/complain.h"
#include "tui/write_patiently.h"

enum { SAID = 2048, INDENT = 2, WHOLE_LINE = 4 * ROW_TEXT, NS = 1000000000 };

enum exit_status trace_tell_open(struct trace_tell *t, const struct trace_wish *wish)
{
	t->wish = wish;
	t->fd = STDERR_FILENO;
	json_memory_watch();
	return wish->output ? output_new_file(wish->output, &t->fd) : EXIT_OK;
}

static void write_all(struct trace_tell *t, const char *text, size_t len)
{
	int rc = t->failed ? 0 : write_patiently(t->fd, text, len);
	t->failed |= rc < 0;
	t->given_up |= rc == -EINTR;
}

// A line of ours that no width breaks.
static void write_line(struct trace_tell *t, const struct row *r)
{
	struct report_style style = t->wish->style;
	struct growing line = {0};
	style.width = WHOLE_LINE;
	report_add(r, style, &line);
	t->failed |= line.failed;
	if (!line.failed)
		write_all(t, line.p, line.len);
	free(line.p);
}

// A file of JSON has nothing but objects.
static void say(struct trace_tell *t, const char *text)
{
	char shown[4 * SAID], line[REPORT_ASCII + sizeof shown];
	visible_copy(text, shown, sizeof shown);
	int len = snprintf(line, sizeof line, "%s", trace_row_mine);
	if (t->wish->style.ascii)
		report_ascii(shown, line + len, sizeof line - (size_t)len - 1);
	else
		snprintf(line + len, sizeof line - (size_t)len - 1, "%s", shown);
	strcat(line, "\n");
	if (!t->wish->json)
		write_all(t, line, strlen(line));
	else if (!t->given_up)
		t->given_up = write_patiently(STDERR_FILENO, line, strlen(line)) == -EINTR;
}

void trace_tell_say(struct trace_tell *t, const char *fmt, ...)
{
	char text[SAID];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	say(t, text);
}

void trace_tell_note(struct trace_tell *t, const char *fmt, ...)
{
	char text[SAID];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	trace_summary_note(&t->summary, text);
	say(t, text);
}

static bool is_shown(const struct trace_tell *t, const struct bind_event *e)
{
	return call_is_refused(e->call, e->err) || (e->call == CALL_BIND && !t->wish->failed);
}

static unsigned walk_width(const struct trace_tell *t)
{
	return report_width(t->wish->style) - INDENT;
}

// A row of what stands below a line of ours, so that grep finds those alone.
static void put_indented(const struct row *r, void *data)
{
	struct trace_tell *t = data;
	struct report_style style = t->wish->style;
	struct growing rows = {0}, out = {0};
	style.width = walk_width(t);
	report_add(r, style, &rows);
	for (const char *at = rows.p, *end; at && (end = strchr(at, '\n')); at = end + 1)
		growing_add(&out, "%*s%.*s", INDENT, "", (int)(end + 1 - at), at);
	t->failed |= rows.failed || out.failed;
	if (!out.failed)
		write_all(t, out.p, out.len);
	free(rows.p);
	free(out.p);
}

static void put_history(struct trace_tell *t, const struct socket_history *s, bool went_on)
{
	struct row call, r;
	for (unsigned n = 0; s && history_row(s, went_on, n, &call); n++) {
		row_clear(&r);
		r.hanging = LABELLED;
		row_add(&r, ROLE_LABEL, "%-*s", LABELLED, n ? "" : "before");
		row_add_part(&r, &call, 0, call.used);
		put_indented(&r, t);
	}
}

// How often was it told before, with the same verdict? It was then something that its walk explains as well.
static uint64_t times_told(struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v)
{
	const struct event_group *g = call_is_refused(e->call, e->err) ? event_count_find(&t->told, e) : NULL;
	bool same = g && (!v || (v->code == g->verdict.code && strcmp(v->sentence, g->verdict.sentence) == 0));
	return same ? g->times : 0;
}

static void put_sentence(struct trace_tell *t, enum role role, const char *text)
{
	struct row r;
	row_clear(&r);
	row_add(&r, role, "%s", text);
	if (*text)
		put_indented(&r, t);
}

// What is to be known before the walk is read.
static void put_before(struct trace_tell *t, const struct bind_event *e)
{
	char text[EVENT_ROW_TEXT];
	if (trace_row_is_lowered(e))
		put_sentence(t, ROLE_WARN, trace_walk_lowered);
	put_sentence(t, ROLE_WARN, event_row_missing_option(e, text));
	if (t->wish->options)
		put_history(t, t->history, e->call != CALL_SETSOCKOPT);
}

// An option that the socket does not have is no obstacle: programs try it, and go on.
static bool is_passed_over(const struct bind_event *e, const struct event_verdict *v)
{
	return e->call == CALL_SETSOCKOPT && v && v->class == CLASS_ARGUMENT;
}

static void tell_text(struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v,
		      const struct inquiry *in, const struct trace_program *p)
{
	const struct trace_owner owner = {.program = p, .unit = e->unit};
	uint64_t again = times_told(t, e, v);
	struct row r;
	trace_row(e, v, again, t->wish->style.ascii, &r);
	write_line(t, &r);
	if (call_is_refused(e->call, e->err))
		event_count(&t->told, e, v);
	if (again)
		return;
	if (r.truncated && !(in && t->wish->full)) // a whole walk has it
		put_sentence(t, ROLE_PLAIN, event_row_sentence(e, v));
	put_before(t, e);
	if (!in || (!t->wish->full && (!e->err || is_passed_over(e, v))))
		return;
	const struct facts f = inquiry_facts(in);
	if (t->wish->full)
		trace_walk_full(&f, &in->walk, e, &owner, walk_width(t), put_indented, t);
	else
		trace_walk_rows(&f, &in->walk, e, &owner, walk_width(t), put_indented, t);
}

static void write_object(struct trace_tell *t, json_t *object)
{
	char *line = event_json_line(object);
	t->failed |= !line;
	if (!line)
		return;
	size_t len = strlen(line);
	line[len] = '\n'; // in the place of its end
	write_all(t, line, len + 1);
	free(line);
}

static void tell_json(struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v,
		      const struct inquiry *in)
{
	json_t *object = event_json(e, v);
	if (t->wish->full && in) {
		const struct facts f = inquiry_facts(in);
		json_object_set_new(object, "walk", report_json_walk(&f, &in->walk));
	}
	if (t->wish->options)
		json_object_set_new(object, "history", history_json(t->history));
	write_object(t, object);
}

void trace_tell_call(struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v,
		     const struct inquiry *in, const struct trace_program *p)
{
	t->refused += e->call == CALL_BIND && e->err;
	if (t->wish->summary)
		trace_summary_add(&t->summary, e, v, in, p);
	if (t->failed || t->wish->summary || !is_shown(t, e))
		return;
	if (t->wish->json)
		tell_json(t, e, v, in);
	else
		tell_text(t, e, v, in, p);
}

void trace_tell_history(struct trace_tell *t, const struct socket_history *s)
{
	if (t->failed || t->wish->json || t->wish->summary)
		return;
	trace_tell_say(t, "a socket of process %d that was not bound:", s->pid);
	put_history(t, s, true);
}

static void tell_summary(struct trace_tell *t)
{
	const struct event_look look = {.east = clock_east(t->summary.first.event.when / NS)};
	struct row r;
	if (t->wish->json) {
		write_object(t, trace_summary_json(&t->summary));
		return;
	}
	trace_analysis_head(&t->summary, &r);
	write_line(t, &r);
	trace_analysis_rows(&t->summary, &look, put_indented, t);
}

static void let_go(struct trace_tell *t)
{
	event_count_free(&t->told);
	trace_summary_free(&t->summary);
}

void trace_tell_drop(struct trace_tell *t)
{
	if (t->wish->output) {
		close(t->fd);
		unlink(t->wish->output);
	}
	let_go(t);
}

enum exit_status trace_tell_close(struct trace_tell *t, enum trace_end end, int status)
{
	trace_summary_end(&t->summary, end, status);
	if (t->wish->summary && !t->failed)
		tell_summary(t);
	if (t->fd != STDERR_FILENO && t->fd >= 0 && close(t->fd) < 0)
		t->failed = true;
	let_go(t);
	if (t->failed && !t->given_up)
		complain("%.200s: not all of the trace could be written",
			 t->wish->output ? t->wish->output : "standard error");
	return t->failed ? EXIT_MISSING : EXIT_OK;
}
