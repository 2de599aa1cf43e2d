// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace_tell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/record/event_json.h"
#include "core/record/history_json.h"
#include "core/text/event_row.h"
#include "core/text/history_row.h"
#include "core/text/json_memory.h"
#include "core/text/report_json.h"
#include "core/text/trace_row.h"
#include "core/text/visible.h"
#include "tui/complain.h"
#include "tui/write_patiently.h"

static const char mine[] = "bindwalk: ";

enum exit_status trace_tell_open(struct trace_tell *t, const struct trace_wish *wish)
{
	t->wish = wish;
	t->fd = STDERR_FILENO;
	json_memory_watch();
	if (!wish->output)
		return EXIT_OK;
	t->fd = open(wish->output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (t->fd >= 0)
		return EXIT_OK;
	if (errno == EEXIST) {
		complain("'%.200s' exists; -o writes a new file only", wish->output);
		return EXIT_WRONG;
	}
	complain("cannot create '%.200s': %s", wish->output, strerror(errno));
	return EXIT_MISSING;
}

static void write_all(struct trace_tell *t, const char *text, size_t len)
{
	int rc = t->failed ? 0 : write_patiently(t->fd, text, len);
	t->failed |= rc < 0;
	t->given_up |= rc == -EINTR;
}

void trace_tell_say(struct trace_tell *t, const char *fmt, ...)
{
	char text[2048], shown[4096];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	size_t len = (size_t)snprintf(shown, sizeof shown, "%s", mine);
	visible_copy(text, shown + len, sizeof shown - len - 1);
	len = strlen(shown);
	shown[len++] = '\n';
	if (!t->wish->json)
		write_all(t, shown, len);
	else if (!t->given_up)
		t->given_up = write_patiently(STDERR_FILENO, shown, len) == -EINTR;
}

static bool is_shown(const struct trace_tell *t, const struct bind_event *e)
{
	bool inet = e->family == AF_INET || e->family == AF_INET6 || e->family == 0;
	return inet && (e->err || (e->call == CALL_BIND && !t->wish->failed));
}

static void put_line(const struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v, FILE *out)
{
	struct report_style style = t->wish->style;
	struct row r;
	style.width = TRACE_ROW - (sizeof mine - 1);
	trace_row(e, v, &r);
	fputs(mine, out);
	report_print(&r, style, out);
}

enum { HISTORY_INDENT = 7 };

static void put_history(const struct trace_tell *t, const struct socket_history *s, bool went_on, FILE *out)
{
	struct row call, r;
	for (unsigned n = 0; s && history_row(s, went_on, n, &call); n++) {
		row_clear(&r);
		row_add(&r, ROLE_PLAIN, "%*s", HISTORY_INDENT, "");
		row_add_part(&r, &call, 0, call.used);
		report_print(&r, t->wish->style, out);
	}
}

static void put_before(const struct trace_tell *t, const struct bind_event *e, FILE *out)
{
	char text[EVENT_ROW_TEXT];
	struct row r;
	row_clear(&r);
	row_add(&r, ROLE_WARN, "%*s%s", HISTORY_INDENT, "", event_row_missing_option(e, text));
	if (e->missing.err)
		report_print(&r, t->wish->style, out);
	if (t->wish->options)
		put_history(t, t->history, e->call != CALL_SETSOCKOPT, out);
}

static int put_text(const struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v,
		    const struct inquiry *in, FILE *out)
{
	put_line(t, e, v, out);
	if (trace_row_is_lowered(e))
		fputs("  Traced, this program has fewer capabilities than usual: untraced, this call may succeed.\n", out);
	put_before(t, e, out);
	if (!in || (!e->err && !t->wish->full))
		return 0;
	const struct facts f = inquiry_facts(in);
	return report_text(&f, &in->walk, t->wish->style, out);
}

static void tell_text(struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v,
		      const struct inquiry *in)
{
	struct memory_file m;
	int rc = memory_file_open(&m);
	if (rc == 0)
		rc = memory_file_close(&m, put_text(t, e, v, in, m.file));
	if (rc < 0) {
		complain("out of memory");
		t->failed = true;
		return;
	}
	write_all(t, m.text.p, m.text.len);
	free(m.text.p);
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
	char *line = event_json_line(object);
	t->failed |= !line;
	size_t len = line ? strlen(line) : 0;
	if (line)
		line[len] = '\n'; // in the place of its end
	write_all(t, line, len + 1);
	free(line);
}

void trace_tell_call(struct trace_tell *t, const struct bind_event *e, const struct event_verdict *v,
		     const struct inquiry *in)
{
	t->calls += e->call == CALL_BIND;
	t->refused += e->err != 0;
	if (t->failed || !is_shown(t, e))
		return;
	if (t->wish->json)
		tell_json(t, e, v, in);
	else
		tell_text(t, e, v, in);
}

void trace_tell_history(struct trace_tell *t, const struct socket_history *s)
{
	struct memory_file m;
	if (t->failed || t->wish->json || memory_file_open(&m) < 0)
		return;
	fprintf(m.file, "%sa socket of process %d that was not bound:\n", mine, s->pid);
	put_history(t, s, true, m.file);
	if (memory_file_close(&m, 0) == 0)
		write_all(t, m.text.p, m.text.len);
	free(m.text.p);
}

enum exit_status trace_tell_close(struct trace_tell *t)
{
	if (t->fd != STDERR_FILENO && t->fd >= 0 && close(t->fd) < 0)
		t->failed = true;
	if (t->failed && !t->given_up)
		complain("%.200s: not all of the trace could be written",
			 t->wish->output ? t->wish->output : "standard error");
	return t->failed ? EXIT_MISSING : EXIT_OK;
}
