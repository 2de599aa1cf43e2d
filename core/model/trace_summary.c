// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/trace_summary.h"

#include <stdio.h>

static void take_first(struct trace_first *first, const struct bind_event *e, const struct event_verdict *v,
		       const struct inquiry *in, const struct trace_program *p)
{
	first->present = true;
	first->event = *e;
	first->program = *p;
	if (v)
		first->verdict = *v;
	if (!in)
		return;
	const struct facts f = inquiry_facts(in);
	first->n = remedies(&f, &in->walk, first->remedies);
	first->none = first->n ? NULL : remedy_none(&in->walk);
}

static void add_bind(struct trace_summary *s, const struct bind_event *e, const struct event_verdict *v,
		     const struct inquiry *in, const struct trace_program *p)
{
	s->binds++;
	if (!e->err) {
		s->first.bound_later |= s->first.present && event_count_same_place(&s->first.event, e);
		return;
	}
	s->refused++;
	if (!s->first.present)
		take_first(&s->first, e, v, in, p);
	event_count(&s->refusals, e, v);
}

void trace_summary_add(struct trace_summary *s, const struct bind_event *e, const struct event_verdict *v,
		       const struct inquiry *in, const struct trace_program *p)
{
	if (e->call == CALL_BIND)
		add_bind(s, e, v, in, p);
	else if (call_is_refused(e->call, e->err))
		event_count(e->call == CALL_SETSOCKOPT ? &s->options : &s->others, e, v);
}

void trace_summary_note(struct trace_summary *s, const char *text)
{
	if (s->nnotes < TRACE_NOTES_KEPT)
		snprintf(s->notes[s->nnotes], sizeof s->notes[0], "%s", text);
	s->nnotes++;
}

void trace_summary_end(struct trace_summary *s, enum trace_end end, int status)
{
	s->end = end;
	s->status = status;
	event_count_sort(&s->refusals);
	event_count_sort(&s->options);
	event_count_sort(&s->others);
}

void trace_summary_free(struct trace_summary *s)
{
	event_count_free(&s->refusals);
	event_count_free(&s->options);
	event_count_free(&s->others);
}
