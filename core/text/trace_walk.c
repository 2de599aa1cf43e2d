// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/trace_walk.h"

#include "core/model/remedy.h"
#include "core/text/labelled.h"
#include "core/text/quoting.h"
#include "core/text/report_holder.h"
#include "core/text/report_remedy.h"
#include "core/text/trace_row.h"

static bool is_contradicted(const struct walk_step *s)
{
	for (int e = 0; e < EV_COUNT; e++)
		if (s->claims[e].present && s->claims[e].contradicts)
			return true;
	return false;
}

// What bears on whether the address is acceptable.
static bool is_of_address(enum step_id s)
{
	return s == STEP_TYPE || s == STEP_DEVICE || s == STEP_TABLE || s == STEP_CLASSIFY || s == STEP_NONLOCAL ||
	       s == STEP_ADDRESS_LIST || s == STEP_ACCEPTABLE;
}

// Was it refused although all that can be predicted speaks for it?
static bool is_unforeseen(const struct walk *w)
{
	return w->observed.present && w->observed.err != w->predicted.err;
}

static bool tells(const struct walk *w, unsigned i)
{
	const struct walk_step *s = &w->steps[i], *decisive = &w->steps[w->decisive];
	if (is_contradicted(s) || s->unsure || s->uncertain)
		return true;
	if (is_unforeseen(w))
		return s->step == STEP_RESULT || (s->step == STEP_HOOKS && w->agreement == HOOK);
	if (i == w->decisive)
		return true;
	return s->reached && is_of_address(decisive->step) && is_of_address(s->step);
}

static void put_step(const struct facts *f, const struct walk *w, unsigned i, report_line *put_row, void *data)
{
	struct row r;
	report_step(f, w, i, &r);
	put_row(&r, data);
}

const char trace_walk_lowered[] = "Traced, this program has fewer capabilities than usual: untraced, or traced by root "
				  "with --user, this call may succeed.";

const char *trace_place(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	buf[0] = '\0';
	if (e->netns_ours)
		return buf;
	if (!e->netns)
		snprintf(buf, EVENT_ROW_TEXT, "a network namespace that is not known");
	else if (quote_is_bare(e->netns_name) && *e->netns_name != '-')
		snprintf(buf, EVENT_ROW_TEXT, "another network namespace; enter it with: ip netns exec %s sh",
			 e->netns_name);
	else
		snprintf(buf, EVENT_ROW_TEXT, "another network namespace; enter it with: nsenter -t %d -n", e->pid);
	return buf;
}

// Commands of the remedies are for the namespace of the bind.
static void put_place(const struct bind_event *e, unsigned width, report_line *put_row, void *data)
{
	const struct labelled at = {.label = LABELLED, .width = width};
	char text[EVENT_ROW_TEXT];
	struct row r;
	trace_place(e, text);
	for (unsigned i = 0, n = 0; labelled_line(&at, "where", ROLE_WARN, text, &n, &r); n = ++i)
		put_row(&r, data);
}

// As predicted is what anybody expects, and takes no line of its own.
static void put_agreement(const struct facts *f, const struct walk *w, report_line *put_row, void *data)
{
	const struct mark_info *as_predicted = mark_info(MARK_PREDICTED);
	struct row r;
	if (w->agreement != AGREES) {
		report_agreement(f, w, &r);
		put_row(&r, data);
	}
	row_clear(&r);
	row_add(&r, ROLE_LABEL, "%-*s", REMEDY_INDENT, "code");
	row_add(&r, ROLE_VALUE, "%s", code_info(w->code)->name);
	if (w->agreement == AGREES)
		row_add(&r, as_predicted->role, "  %s as predicted", as_predicted->text);
	put_row(&r, data);
}

static void put_remedies(const struct facts *f, const struct walk *w, const struct bind_event *e,
			 const struct trace_owner *o, unsigned most, report_line *put_row, void *data)
{
	struct remedy all[REMEDIES];
	if (trace_row_is_lowered(e))
		return;
	unsigned n = remedies(f, w, all);
	trace_remedy_rows(all, n, remedy_none(w), o, most, put_row, data);
}

void trace_walk_rows(const struct facts *f, const struct walk *w, const struct bind_event *e,
		     const struct trace_owner *o, unsigned width, report_line *put_row, void *data)
{
	struct row r;
	put_place(e, width, put_row, data);
	for (unsigned n = 0; report_holder(f, w, false, width, n, &r); n++)
		put_row(&r, data);
	for (unsigned i = 0; i < w->nsteps; i++)
		if (tells(w, i))
			put_step(f, w, i, put_row, data);
	put_agreement(f, w, put_row, data);
	put_remedies(f, w, e, o, TRACE_REMEDIES, put_row, data);
}

void trace_walk_full(const struct facts *f, const struct walk *w, const struct bind_event *e,
		     const struct trace_owner *o, unsigned width, report_line *put_row, void *data)
{
	put_place(e, width, put_row, data);
	report_walk_rows(f, w, width, put_row, data);
	put_remedies(f, w, e, o, 0, put_row, data);
}
