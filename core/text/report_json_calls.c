// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_json_calls.h"

#include "core/model/rt_names.h"
#include "core/model/walk_inner.h"
#include "core/text/call_text.h"
#include "core/text/json_text.h"
#include "core/text/report_calls.h"

static void set_endpoint(const struct kernel_call *c, const struct host *h, json_t *out)
{
	char addr[ADDR_TEXT], device[16];
	json_object_set_new(out, "address", json_text(addr_print(&c->addr, addr)));
	json_object_set_new(out, "port", json_integer(c->port));
	if (c->scope)
		json_object_set_new(out, "scope", json_text(host_link_name(h, c->scope, device)));
}

static json_t *arguments_json(const struct kernel_call *c, const struct host *h)
{
	struct call_argument arguments[CALL_ARGUMENTS];
	unsigned n = call_arguments(c, h, arguments);
	json_t *out = json_object();
	for (unsigned i = 0; i < n; i++) {
		const struct call_argument *a = &arguments[i];
		if (a->is_endpoint)
			set_endpoint(c, h, out);
		else
			json_object_set_new(out, a->name, a->is_number ? json_integer(a->number) : json_text(a->text));
	}
	return out;
}

static json_t *call_json(const struct kernel_call *c, const struct host *h)
{
	const struct kernel_function_info *f = kernel_function_info(c->function);
	struct call_value v = call_value(c);
	json_t *out = json_object();
	json_object_set_new(out, "function", json_text(f->name));
	json_object_set_new(out, "arguments", arguments_json(c, h));
	json_object_set_new(out, "returned", json_integer(c->returned));
	json_object_set_new(out, "name", json_text(v.name));
	if (f->takes == TAKES_FLOW4 && c->returned == 0) {
		json_object_set_new(out, "type", json_text(rtn_name(c->rtn)));
		json_object_set_new(out, "prefixlen", json_integer(c->len));
	}
	json_object_set_new(out, "ns", json_integer(c->ns));
	return out;
}

static void set_calls(const struct facts *f, const struct walk *w, unsigned step, json_t *out)
{
	const struct kernel_call *c;
	enum kernel_function none;
	json_t *calls = json_array(), *not_run = json_array();
	for (unsigned n = 0; (c = walk_inner_call(w, step, n)); n++)
		json_array_append_new(calls, call_json(c, f->host));
	if (walk_inner_said(w, step, &none) == INNER_NOT_RUN)
		json_array_append_new(not_run, json_text(kernel_function_info(none)->name));
	json_object_set_new(out, "calls", calls);
	json_object_set_new(out, "did_not_run", not_run);
}

static void set_lookups(const struct facts *f, const struct claim *c, json_t *out)
{
	char device[16];
	json_object_set_new(out, "lookups", json_integer(c->count));
	json_object_set_new(out, "table", c->count ? json_integer(c->table) : json_null());
	json_object_set_new(out, "device", json_text(c->oif ? host_link_name(f->host, c->oif, device) : NULL));
	json_object_set_new(out, "errno", json_text(c->err ? errno_name(c->err) : NULL));
}

json_t *report_json_kernel(const struct facts *f, const struct walk *w, unsigned step)
{
	const struct walk_step *s = &w->steps[step];
	const struct claim *c = &s->claims[EV_KERNEL];
	bool calls =
		w->inner.present && (walk_inner_call(w, step, 0) || walk_inner_said(w, step, NULL) != INNER_SILENT);
	bool lost = w->unwitnessed && s->step == STEP_CLASSIFY && !c->present;
	json_t *out = json_object();
	if (c->present && c->of_lookups)
		set_lookups(f, c, out);
	if (calls)
		set_calls(f, w, step, out);
	if (lost)
		json_object_set_new(out, "missing", json_text(w->unwitnessed));
	if (json_object_size(out))
		return out;
	json_decref(out);
	return NULL;
}

static json_t *unwatched_json(const struct walk *w)
{
	json_t *out = json_array();
	enum inner_unwatched why;
	const char *function;
	for (unsigned step = 0; step < w->nsteps; step++)
		for (unsigned n = 0; (function = walk_inner_unwatched(w, step, n, &why)); n++)
			json_array_append_new(
				out, json_pack("{s:s,s:s}", "function", function, "reason", report_unwatched(why)));
	return out;
}

json_t *report_json_witness(const struct walk *w)
{
	bool points = w->unwitnessed || w->inner.why_not[0];
	for (unsigned i = 0; i < w->nsteps; i++)
		points |= w->steps[i].claims[EV_KERNEL].present;
	if (!points && !w->inner.present)
		return json_null();
	return json_pack("{s:s,s:o,s:o}", "tier", w->inner.present ? "bpf" : "tracepoints", "missing",
			 json_text(w->inner.present || !w->inner.why_not[0] ? NULL : w->inner.why_not), "not_watched",
			 unwatched_json(w));
}

json_t *report_json_hook(const struct facts *f, const struct walk *w)
{
	const struct kernel_call *call;
	const char *who = inner_hook_name(walk_inner_hook(w, &call));
	return who ? json_pack("{s:s,s:o}", "who", who, "call", call ? call_json(call, f->host) : json_null()) : NULL;
}
