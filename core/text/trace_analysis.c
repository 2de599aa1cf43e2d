// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/trace_analysis.h"

#include <stdio.h>

#include "core/text/trace_remedy.h"
#include "core/text/trace_row.h"
#include "core/text/trace_walk.h"

enum { LABEL = 8, GROUPS = 8 }; // columns; groups of one kind that are shown

static void add_end(const struct trace_summary *s, struct row *out)
{
	char name[SIGNAL_NAME];
	if (s->end == TRACE_END_STATUS)
		row_add(out, ROLE_PLAIN, "; the program ended with status %d", s->status);
	else if (s->end == TRACE_END_SIGNAL)
		row_add(out, ROLE_WARN, "; the program was killed by %s", signal_name(s->status, name));
}

void trace_analysis_head(const struct trace_summary *s, struct row *out)
{
	row_clear(out);
	row_add(out, ROLE_PLAIN, "%s", trace_row_mine);
	row_add(out, ROLE_TITLE, "ANALYSIS ");
	if (s->binds == 0) {
		row_add(out, ROLE_PLAIN, "no binds");
	} else {
		row_add(out, ROLE_PLAIN, "%llu bind%s, ", (unsigned long long)s->binds, s->binds == 1 ? "" : "s");
		if (s->refused)
			row_add(out, ROLE_FAIL, "%llu refused", (unsigned long long)s->refused);
		else
			row_add(out, ROLE_OK, "none refused");
	}
	add_end(s, out);
}

struct rows {
	report_line *put_row;
	void *data;
};

static void begin(const char *label, struct row *out)
{
	row_clear(out);
	out->hanging = LABEL;
	row_add(out, ROLE_LABEL, "%-*s", LABEL, label);
}

static void put_sentence(const struct rows *rows, enum role role, const char *text)
{
	struct row r;
	begin("", &r);
	row_add(&r, role, "%s", text);
	if (*text)
		rows->put_row(&r, rows->data);
}

static void put_first(const struct rows *rows, const struct trace_first *first, const struct event_look *look)
{
	const struct bind_event *e = &first->event;
	const struct event_verdict *v = &first->verdict;
	const char *where = e->container[0] ? e->container : e->unit;
	char text[EVENT_ROW_TEXT], time[EVENT_ROW_TIME];
	struct row r;
	begin("first", &r);
	row_add(&r, ROLE_DIM, "%s ", event_row_time(e->when, look, time));
	row_add(&r, ROLE_LABEL, "%s ", event_row_who(e, text));
	if (*where)
		row_add(&r, ROLE_DIM, "%s ", where);
	row_add(&r, ROLE_ADDR, "%s ", event_row_asked(e, text));
	row_add(&r, ROLE_FAIL, "%s", errno_name(e->err));
	rows->put_row(&r, rows->data);
	put_sentence(rows, ROLE_PLAIN, event_row_sentence(e, v));
	if (trace_row_is_lowered(e))
		put_sentence(rows, ROLE_WARN, trace_walk_lowered);
	put_sentence(rows, ROLE_WARN, event_row_missing_option(e, text));
	put_sentence(rows, ROLE_WARN, trace_place(e, text));
	if (first->bound_later)
		put_sentence(rows, ROLE_OK, "A later attempt succeeded.");
}

// The smallest remedy; what it leaves.
static void put_remedy(const struct rows *rows, const struct trace_first *first)
{
	const struct trace_owner o = {.program = &first->program, .unit = first->event.unit};
	struct remedy_choice choices[REMEDIES];
	struct row r;
	unsigned n = remedy_order(first->remedies, first->n, first->program.known, o.unit, choices);
	begin("remedy", &r);
	if (n)
		trace_remedy_add(&choices[0], &o, &r);
	else
		row_add(&r, ROLE_DIM, "none: %s", first->none ? first->none : "there is no walk of this bind");
	rows->put_row(&r, rows->data);
	if (n && choices[0].remedy->then.remains) {
		begin("then", &r);
		row_add(&r, ROLE_WARN, "%s: %s", errno_name(choices[0].remedy->then.err),
			choices[0].remedy->then.sentence);
		rows->put_row(&r, rows->data);
	}
}

static void put_group(const struct rows *rows, const char *label, const struct event_group *g, uint64_t times,
		      const char *more)
{
	const struct bind_event *e = g->event;
	char text[EVENT_ROW_TEXT];
	struct row r;
	begin(label, &r);
	row_add(&r, ROLE_VALUE, "%llu x ", (unsigned long long)times);
	row_add(&r, ROLE_LABEL, "%s ", e->program[0] ? e->program : "?");
	row_add(&r, ROLE_FAIL, "%s ", errno_name(e->err));
	row_add(&r, ROLE_ADDR, "%s", event_row_asked(e, text));
	if (e->call == CALL_BIND && *event_row_options(e, text))
		row_add(&r, ROLE_VALUE, " %s", text);
	if (*more)
		row_add(&r, ROLE_DIM, "  %s", more);
	rows->put_row(&r, rows->data);
}

// What to say of a call that is not a bind, beside its errno.
static const char *meaning(const struct bind_event *e)
{
	return e->call == CALL_SETSOCKOPT ? "the program may have ignored it"
	       : e->call == CALL_CONNECT  ? "not a bind"
					  : "";
}

static void put_groups(const struct rows *rows, const char *label, const struct event_counts *c,
		       const struct bind_event *first)
{
	size_t shown = 0, left = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct event_group *g = &c->groups[i];
		uint64_t times = g->times - (first && event_count_same(first, g->event));
		bool is_put = times && shown < GROUPS;
		if (is_put)
			put_group(rows, shown ? "" : label, g, times, meaning(g->event));
		if (is_put && times == g->times) // else it is the first one's
			put_sentence(rows, ROLE_DIM, event_row_sentence(g->event, &g->verdict));
		shown += is_put;
		left += times && !is_put;
	}
	if (left) {
		char text[64];
		snprintf(text, sizeof text, "and %zu more", left);
		put_sentence(rows, ROLE_DIM, text);
	}
}

static void put_notes(const struct rows *rows, const struct trace_summary *s)
{
	struct row r;
	for (uint64_t i = 0; i < s->nnotes && i < TRACE_NOTES_KEPT; i++) {
		begin(i ? "" : "note", &r);
		row_add(&r, ROLE_WARN, "%s", s->notes[i]);
		rows->put_row(&r, rows->data);
	}
}

void trace_analysis_rows(const struct trace_summary *s, const struct event_look *look, report_line *put_row, void *data)
{
	const struct rows rows = {put_row, data};
	const struct trace_first *first = &s->first;
	if (first->present) {
		put_first(&rows, first, look);
		if (!trace_row_is_lowered(&first->event))
			put_remedy(&rows, first);
	}
	put_groups(&rows, "also", &s->refusals, first->present ? &first->event : NULL);
	put_groups(&rows, "option", &s->options, NULL);
	put_groups(&rows, "other", &s->others, NULL);
	put_notes(&rows, s);
}
