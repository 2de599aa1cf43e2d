// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/trace_json.h"

#include "core/model/remedy_order.h"
#include "core/record/event_json.h"
#include "core/text/json_text.h"
#include "core/text/trace_row.h"

static const char *const ways[] = {
	[WAY_SPELLED] = "program", [WAY_UNIT] = "unit", [WAY_HOST] = "host", [WAY_CODE] = "code"};

static json_t *remedy_json(const struct remedy_choice *c)
{
	const struct remedy *r = c->remedy;
	json_t *commands = json_array();
	for (unsigned i = 0; i < r->ncommands; i++)
		json_array_append_new(commands, json_text(r->commands[i]));
	return json_pack("{s:s,s:o,s:o,s:o,s:s,s:b,s:o,s:o}", "where", ways[c->way], "spelled",
			 json_text(c->spelled[0] ? c->spelled : NULL), "change", json_text(r->change), "keep",
			 json_text(r->keep[0] ? r->keep : NULL), "needs", remedy_needs_name(r->needs), "verified",
			 (int)r->verified, "commands", commands, "then",
			 json_text(r->then.remains ? r->then.sentence : NULL));
}

static json_t *remedies_json(const struct trace_first *first)
{
	struct remedy_choice choices[REMEDIES];
	json_t *out = json_array();
	if (trace_row_is_lowered(&first->event)) // by the trace itself
		return out;
	unsigned n = remedy_order(first->remedies, first->n, first->program.known, first->event.unit, choices);
	for (unsigned i = 0; i < n; i++)
		json_array_append_new(out, remedy_json(&choices[i]));
	return out;
}

static json_t *first_json(const struct trace_first *first)
{
	if (!first->present)
		return json_null();
	json_t *out = json_object();
	json_object_set_new(out, "event", event_json(&first->event, &first->verdict));
	json_object_set_new(out, "bound_later", json_boolean(first->bound_later));
	enum program known = first->program.known;
	json_object_set_new(out, "configured_as", json_text(known < PROGRAM_COUNT ? program_name(known) : NULL));
	json_object_set_new(out, "remedies", remedies_json(first));
	return out;
}

static json_t *groups_json(const struct event_counts *c)
{
	json_t *out = json_array();
	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(out, event_group_json(&c->groups[i]));
	return out;
}

static json_t *notes_json(const struct trace_summary *s)
{
	json_t *out = json_array();
	for (uint64_t i = 0; i < s->nnotes && i < TRACE_NOTES_KEPT; i++)
		json_array_append_new(out, json_text(s->notes[i]));
	return out;
}

json_t *trace_summary_json(const struct trace_summary *s)
{
	json_t *out = json_object();
	json_object_set_new(out, "binds", json_integer((json_int_t)s->binds));
	json_object_set_new(out, "refused", json_integer((json_int_t)s->refused));
	json_object_set_new(out, "first", first_json(&s->first));
	json_object_set_new(out, "refusals", groups_json(&s->refusals));
	json_object_set_new(out, "options", groups_json(&s->options));
	json_object_set_new(out, "others", groups_json(&s->others));
	json_object_set_new(out, "notes", notes_json(s));
	json_object_set_new(out, "status", s->end == TRACE_END_STATUS ? json_integer(s->status) : json_null());
	json_object_set_new(out, "signal", s->end == TRACE_END_SIGNAL ? json_integer(s->status) : json_null());
	return out;
}
