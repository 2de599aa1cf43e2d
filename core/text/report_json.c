// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_json.h"

#include <errno.h>
#include <jansson.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/remedy.h"
#include "core/model/rt_names.h"
#include "core/model/unknown.h"
#include "core/model/walk_text.h"
#include "core/text/holder_json.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/report.h"
#include "core/text/report_caller.h"
#include "core/text/report_json_calls.h"
#include "core/text/report_json_remedy.h"
#include "core/text/report_next.h"
#include "core/text/stream_end.h"

static json_t *text_or_null(const char *text)
{
	return json_text(text && *text ? text : NULL);
}

static json_t *errno_json(int err)
{
	return json_text(err ? errno_name(err) : NULL);
}

static json_t *options_json(const struct attempt *a)
{
	json_t *out = json_object();
	for (unsigned i = 0; i < a->nsettings; i++) {
		const struct setting *s = &a->settings[i];
		const struct sockopt *o = option_info(s->option);
		char text[48];
		const char *equals = strchr(setting_print(s, text), '=');
		bool words = o->value == VALUE_DEVICE || o->value == VALUE_RANGE;
		json_object_set_new(out, o->name, words && equals ? json_text(equals + 1) : json_integer(s->value));
	}
	return out;
}

// A word of --sa-family, or a number.
static json_t *sa_family_json(int family)
{
	return family == AF_INET     ? json_text("inet")
	       : family == AF_INET6  ? json_text("inet6")
	       : family == AF_UNSPEC ? json_text("unspec")
				     : json_integer(family);
}

static json_t *attempt_json(const struct facts *f, const struct attempt *a, bool unaimed)
{
	char addr[ADDR_TEXT], scope[16];
	const struct setting *device = attempt_setting(a, OPT_DEVICE);
	json_t *out = json_object();
	json_object_set_new(out, "family", json_text(a->family == AF_INET ? "inet" : "inet6"));
	json_object_set_new(out, "type", json_text(kind_info(a->kind)->type));
	json_object_set_new(out, "protocol", json_text(kind_info(a->kind)->name));
	json_object_set_new(out, "address", unaimed ? json_null() : json_text(addr_print(&a->addr, addr)));
	json_object_set_new(out, "port", unaimed ? json_null() : json_integer(a->port));
	json_object_set_new(out, "scope",
			    a->scope_name[0] ? json_text(a->scope_name)
			    : a->scope       ? json_text(host_link_name(f->host, a->scope, scope))
					     : json_null());
	json_object_set_new(out, "device", device ? text_or_null(device->device) : json_null());
	json_object_set_new(out, "options", options_json(a));
	struct attempt read = attempt_as_read(a);
	json_object_set_new(out, "sa_family", sa_family_json(read.sa_family));
	json_object_set_new(out, "addrlen", json_integer(read.addrlen));
	json_object_set_new(out, "binds", json_integer(a->binds > 1 ? 2 : 1));
	if (f->caller->unprivileged)
		json_object_set_new(out, "unprivileged", json_true());
	return out;
}

static json_t *input_json(const struct facts *f, const struct walk *w, const struct input *in)
{
	char text[256];
	switch (in->type) {
	case V_NUMBER:
	case V_BOOL:
	case V_PORT:
	case V_TABLE:
		return json_integer(in->number);
	case V_ROUTE4: {
		struct prefix p = host_prefix4(f->host, (size_t)in->number);
		return json_text(prefix_print(&p, text));
	}
	case V_ROUTE6: {
		struct prefix p = host_prefix6(f->host, (size_t)in->number);
		return json_text(prefix_print(&p, text));
	}
	case V_UNKNOWN:
		return json_null();
	case V_RTN:
		return json_text(rtn_name((unsigned)in->number));
	default:
		return json_text(walk_value(f, w, in, text, sizeof text));
	}
}

static json_t *claims_json(const struct facts *f, const struct walk *w, const struct walk_step *s)
{
	json_t *out = json_object();
	const struct claim *c = &s->claims[EV_SYSCALL];
	if (c->present)
		json_object_set_new(out, "syscall",
				    json_pack("{s:i,s:o}", "returned", c->value, "errno", errno_json(c->err)));
	c = &s->claims[EV_ASKED];
	if (c->present)
		json_object_set_new(out, "asked",
				    json_pack("{s:I,s:o,s:o,s:o}", "table", (json_int_t)c->table, "errno",
					      errno_json(c->err), "type",
					      c->err ? json_null() : json_text(rtn_name((unsigned)c->value)),
					      "prefixlen", c->err ? json_null() : json_integer(c->len)));
	json_t *kernel = report_json_kernel(f, w, (unsigned)(s - w->steps));
	if (kernel)
		json_object_set_new(out, "kernel", kernel);
	return out;
}

static const char *evidence_of(const struct walk_step *s)
{
	if (s->claims[EV_SYSCALL].present)
		return "syscall";
	return s->rests_on == EV_ASKED ? "asked" : "model";
}

// The names of the inputs that could not be read.
static json_t *unknown_json(uint32_t ids)
{
	json_t *out = json_array();
	for (unsigned id = 0; id < UNKNOWN_COUNT; id++)
		if (ids >> id & 1)
			json_array_append_new(out, json_text(unknown_name(id)));
	return out;
}

static json_t *step_json(const struct facts *f, const struct walk *w, const struct walk_step *s)
{
	char text[512];
	json_t *out = json_object(), *inputs = json_object();
	const struct input *type = step_input(s, IN_TYPE);
	for (unsigned i = 0; i < s->ninputs; i++)
		json_object_set_new(inputs, input_name(s->inputs[i].id), input_json(f, w, &s->inputs[i]));
	walk_answer(f, w, s, text, sizeof text);
	json_object_set_new(out, "step", json_text(step_info(s->step)->name));
	json_object_set_new(out, "function", s->where ? json_text(s->where->function) : json_null());
	json_object_set_new(out, "file", s->where ? json_text(s->where->file) : json_null());
	json_object_set_new(out, "question", json_text(step_info(s->step)->question));
	json_object_set_new(out, "inputs", inputs);
	bool typed = s->step == STEP_CLASSIFY && s->reached && type;
	json_object_set_new(out, "answer", json_text(typed ? rtn_symbol((unsigned)type->number) : text));
	json_object_set_new(out, "value", typed ? json_integer(type->number) : json_null());
	json_object_set_new(out, "text", json_text(text));
	json_object_set_new(out, "finding", json_text(finding_info(s->finding)->name));
	json_object_set_new(out, "evidence", json_text(evidence_of(s)));
	json_object_set_new(out, "claims", claims_json(f, w, s));
	json_object_set_new(out, "reached", json_boolean(s->reached));
	json_object_set_new(out, "decisive", json_boolean(s->decisive));
	if (s->unknown)
		json_object_set_new(out, "unknown", unknown_json(s->unknown));
	return out;
}

static json_t *observed_json(const struct walk *w)
{
	char addr[ADDR_TEXT], local[ADDR_TEXT + 10];
	if (!w->observed.present)
		return json_null();
	bool bound = !w->observed.err && w->observed.local.family;
	snprintf(local, sizeof local, w->observed.local.family == AF_INET6 ? "[%s]:%u" : "%s:%u",
		 addr_print(&w->observed.local, addr), w->observed.port);
	return json_pack("{s:s,s:o,s:o}", "call", call_name(w->observed.call), "errno", errno_json(w->observed.err),
			 "local", bound ? json_text(local) : json_null());
}

// null where there is nothing to compare: not tried, not certain, or a hook had the last word, of which the model has
// none.
static json_t *agree_json(enum agreement agreement)
{
	return agreement == AGREES ? json_true() : agreement == DISAGREES ? json_false() : json_null();
}

json_t *report_json_walk(const struct facts *f, const struct walk *w)
{
	char text[512];
	struct remedy fix[REMEDIES];
	json_t *root = json_object(), *steps = json_array(), *changes = json_array();
	for (unsigned i = 0; i < w->nsteps; i++)
		json_array_append_new(steps, step_json(f, w, &w->steps[i]));
	unsigned n = remedies(f, w, fix);
	for (unsigned i = 0; i < n; i++)
		json_array_append_new(changes, report_json_remedy(f, &fix[i]));
	if (f->host->recorded)
		json_object_set_new(root, "replay", json_true());
	json_object_set_new(root, "attempt", attempt_json(f, &w->attempt, w->unaimed));
	json_object_set_new(root, "kernel", json_text(f->host->kernel.release));
	json_object_set_new(root, "note", json_text(report_note(&f->host->kernel, text, sizeof text)));
	if (f->caller->owner[0])
		json_object_set_new(root, "owner", json_text(f->caller->owner));
	json_object_set_new(root, "caller", report_caller_json(f->caller));
	json_object_set_new(root, "steps", steps);
	json_t *verdict =
		json_pack("{s:o,s:s,s:o}", "class", text_or_null(code_class_name(walk_class(w))), "code",
			  code_info(w->code)->name, "sentence", json_text(walk_sentence(f, w, text, sizeof text)));
	json_object_set_new(verdict, "object", json_text(walk_object(f, w, text, sizeof text)));
	json_object_set_new(verdict, "holds_for",
			    w->holds_for.addr.family ? json_text(prefix_print(&w->holds_for, text)) : json_null());
	json_object_set_new(root, "verdict", verdict);
	json_object_set_new(root, "holder", holder_json(f, w));
	json_object_set_new(root, "condition", condition_json(w));
	json_object_set_new(root, "unknown", unknown_json(walk_unknown(w)));
	json_object_set_new(root, "predicted",
			    json_pack("{s:s,s:o,s:b}", "call", call_name(w->predicted.call), "errno",
				      errno_json(w->predicted.err), "certain", (int)w->predicted.certain));
	json_object_set_new(root, "observed", observed_json(w));
	json_object_set_new(root, "witness", report_json_witness(w));
	json_object_set_new(root, "agree", agree_json(w->agreement));
	json_t *hook = w->agreement == HOOK ? report_json_hook(f, w) : NULL;
	if (hook)
		json_object_set_new(root, "hook", hook);
	else if (w->agreement == HOOK)
		json_object_set_new(root, "candidates", json_text(walk_candidates(f->caller, text, sizeof text)));
	json_object_set_new(root, "next", next_json(f, w));
	json_object_set_new(root, "remedies", changes);
	return root;
}

int report_json(const struct facts *f, const struct walk *w, FILE *out)
{
	json_memory_watch();
	json_t *root = report_json_walk(f, w);
	char *printed = json_text_print(root, JSON_INDENT(2));
	int err = json_memory_lost() || !printed ? -ENOMEM : 0;
	json_decref(root);
	if (!err)
		fprintf(out, "%s\n", printed);
	free(printed);
	return err ? err : stream_end(out);
}
