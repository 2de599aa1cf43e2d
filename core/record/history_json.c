// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/history_json.h"

#include "core/model/step.h"
#include "core/text/history_row.h"
#include "core/text/json_text.h"

static json_t *socket_json(const struct socket_history *s)
{
	json_t *out = json_object();
	json_object_set_new(out, "call", json_text("socket"));
	json_object_set_new(out, "seen", json_boolean(s->made));
	json_object_set_new(out, "family", s->made ? json_integer(s->family) : json_null());
	json_object_set_new(out, "type", s->made ? json_integer(s->type) : json_null());
	json_object_set_new(out, "protocol", s->made ? json_integer(s->protocol) : json_null());
	json_object_set_new(out, "left_out", json_integer((json_int_t)s->left_out));
	return out;
}

static json_t *option_json(const struct option_call *c)
{
	char name[OPTION_TEXT], value[OPTION_TEXT];
	json_t *out = json_object();
	json_object_set_new(out, "call", json_text("setsockopt"));
	json_object_set_new(out, "level", json_integer(c->level));
	json_object_set_new(out, "number", json_integer(c->number));
	json_object_set_new(out, "option", json_text(option_call_name(c, name)));
	json_object_set_new(out, "value", *option_call_value(c, value) ? json_bytes(value) : json_null());
	json_object_set_new(out, "errno", c->err ? json_text(errno_name(c->err)) : json_null());
	json_object_set_new(out, "error", json_integer(c->err));
	return out;
}

json_t *history_json(const struct socket_history *s)
{
	if (!s)
		return json_null();
	json_t *out = json_array();
	json_array_append_new(out, socket_json(s));
	for (unsigned i = 0; i < s->ncalls; i++)
		json_array_append_new(out, option_json(&s->calls[i]));
	return out;
}
