// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/watch_tell.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/observe/clock.h"
#include "core/record/event_json.h"
#include "core/text/call_text.h"
#include "core/text/event_row.h"
#include "core/text/json_memory.h"
#include "core/text/report_json.h"
#include "core/text/stream_end.h"
#include "tui/complain.h"
#include "tui/end_signal.h"

enum { NS = 1000000000, CALLS = 16 }; // the column at which calls stand

enum exit_status watch_tell_open(struct watch_tell *t, const struct watch_wish *wish)
{
	t->wish = wish;
	json_memory_watch();
	if (!wish->output)
		return EXIT_OK;
	int fd;
	enum exit_status status = output_new_file(wish->output, &fd);
	if (status != EXIT_OK)
		return status;
	t->file = fdopen(fd, "w");
	if (t->file)
		return EXIT_OK;
	complain("out of memory");
	close(fd);
	return EXIT_MISSING;
}

bool watch_tell_wants(struct watch_tell *t, const struct bind_event *e)
{
	enum tri passes = event_filter_passes(&t->wish->filter, e);
	t->unknown += passes == UNKNOWN;
	return passes == YES;
}

// A reader that does not read does not keep the program from its end.
static void print(struct watch_tell *t, const char *text, size_t len)
{
	sigset_t mask;
	end_signal_cut(STDOUT_FILENO);
	end_signal_let_in(&mask);
	enum exit_status how = output_text(text, len);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	end_signal_spare(STDOUT_FILENO);
	t->failed |= how != EXIT_OK;
	t->over |= t->failed;
}

static void give_up(struct watch_tell *t, const char *why)
{
	complain("%s", why);
	t->failed = t->over = true;
}

static void put_calls(const struct watch_tell *t, const struct bind_event *e, FILE *out)
{
	unsigned width = report_width(t->wish->style);
	for (unsigned i = 0; i < e->inner.ncalls; i++) {
		struct row r;
		row_clear(&r);
		r.hanging = CALLS;
		row_add(&r, ROLE_PLAIN, "%*s", CALLS, "");
		call_add(&e->inner.calls[i], NULL, width > 2 * CALLS ? width - CALLS : CALLS, &r);
		report_print(&r, t->wish->style, out);
	}
}

// The first line of a watch has said what is missing from each of its binds.
static int put_walk(const struct watch_tell *t, const struct bind_event *e, const struct inquiry *in, FILE *out)
{
	static struct walk w; // large
	const struct facts f = inquiry_facts(in);
	w = in->walk;
	if (e->source != SOURCE_BPF)
		w.inner.why_not[0] = '\0';
	return report_text(&f, &w, t->wish->style, out);
}

static int put_text(const struct watch_tell *t, const struct bind_event *e, const struct event_verdict *v,
		    const struct inquiry *in, FILE *out)
{
	// Of that moment, since summer time may begin in between.
	const struct event_look look = {.east = clock_east(e->when / NS), .date = t->wish->dated};
	struct row r;
	int err = 0;
	event_row(e, v, &look, &r);
	report_print(&r, t->wish->style, out);
	if (!t->wish->full)
		return 0;
	if (in)
		err = put_walk(t, e, in, out);
	else
		put_calls(t, e, out);
	fputc('\n', out);
	return err;
}

static void print_text(struct watch_tell *t, const struct bind_event *e, const struct event_verdict *v,
		       const struct inquiry *in)
{
	struct memory_file m;
	int rc = memory_file_open(&m);
	if (rc == 0)
		rc = memory_file_close(&m, put_text(t, e, v, in, m.file));
	if (rc < 0) {
		give_up(t, "out of memory");
		return;
	}
	print(t, m.text.p, m.text.len);
	free(m.text.p);
}

static void print_json(struct watch_tell *t, json_t *object)
{
	char *line = event_json_line(object);
	if (!line) {
		give_up(t, "out of memory");
		return;
	}
	size_t len = strlen(line);
	line[len] = '\n'; // in the place of its end
	print(t, line, len + 1);
	free(line);
}

static json_t *whole_json(const struct watch_tell *t, const struct bind_event *e, const struct event_verdict *v,
			  const struct inquiry *in)
{
	json_t *out = event_json(e, v);
	if (t->wish->full && in) {
		const struct facts f = inquiry_facts(in);
		json_object_set_new(out, "walk", report_json_walk(&f, &in->walk));
	}
	return out;
}

static void write_file(struct watch_tell *t, json_t *object)
{
	char *line = event_json_line(object), why[320];
	if (line)
		fprintf(t->file, "%s\n", line);
	int err = line ? stream_end(t->file) : -ENOMEM;
	free(line);
	if (err == 0)
		return;
	snprintf(why, sizeof why, "%.200s: %s", t->wish->output, strerror(-err));
	give_up(t, why);
}

void watch_tell_event(struct watch_tell *t, const struct bind_event *e, const struct event_verdict *v,
		      const struct inquiry *in)
{
	const struct watch_wish *wish = t->wish;
	if (t->over)
		return;
	t->shown++;
	t->over = wish->limit && t->shown >= wish->limit;
	if (t->file)
		write_file(t, whole_json(t, e, v, in));
	if (wish->summary)
		event_count(&t->counts, e, v);
	else if (wish->json)
		print_json(t, whole_json(t, e, v, in));
	else
		print_text(t, e, v, in);
}

static void print_summary(struct watch_tell *t)
{
	struct growing text = {0};
	struct row r;
	event_count_sort(&t->counts);
	for (size_t i = 0; i < t->counts.n && !t->failed; i++) {
		if (t->wish->json) {
			print_json(t, event_group_json(&t->counts.groups[i]));
			continue;
		}
		event_row_group(&t->counts.groups[i], &r);
		report_add(&r, t->wish->style, &text);
	}
	if (text.failed)
		give_up(t, "out of memory");
	else if (text.p)
		print(t, text.p, text.len);
	free(text.p);
	if (t->counts.others)
		complain("%llu more binds, for which the summary has no room", (unsigned long long)t->counts.others);
}

enum exit_status watch_tell_close(struct watch_tell *t)
{
	if (t->wish->summary && !t->failed)
		print_summary(t);
	event_count_free(&t->counts);
	if (t->file && fclose(t->file) != 0 && !t->failed) {
		complain("%.200s: %s", t->wish->output, strerror(errno));
		t->failed = true;
	}
	return t->failed ? EXIT_MISSING : EXIT_OK;
}
