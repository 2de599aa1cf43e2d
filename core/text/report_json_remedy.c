// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_json_remedy.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

#include "core/text/json_text.h"

__attribute__((format(printf, 2, 3))) static void append(json_t *array, const char *fmt, ...)
{
	char text[ATTEMPT_TEXT];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	json_array_append_new(array, json_text(text));
}

// What follows `bindwalk explain` to try the changed attempt.
static json_t *arguments_json(const struct facts *f, const struct attempt *a)
{
	char text[ADDR_TEXT], set[48], name[16] = "", dest[DEST_TEXT];
	json_t *out = json_array();
	if (a->scope)
		host_link_name(f->host, a->scope, name);
	append(out, "%s%s%s", addr_print(&a->addr, text), *name ? "%" : "", name);
	append(out, "%u", a->port);
	if (a->kind != KIND_TCP) {
		append(out, "--proto");
		append(out, "%s", kind_info(a->kind)->name);
	}
	for (unsigned i = 0; i < a->nsettings; i++) {
		append(out, "--set");
		append(out, "%s", setting_print(&a->settings[i], set));
	}
	if (a->family != a->addr.family) {
		append(out, "--family");
		append(out, "%s", a->family == AF_INET6 ? "inet6" : "inet");
	}
	if (a->sa_family != SA_FAMILY_AS_ADDRESS) {
		append(out, "--sa-family");
		append(out, "%d", a->sa_family);
	}
	if (a->addrlen != ADDRLEN_WHOLE) {
		append(out, "--addrlen");
		append(out, "%d", a->addrlen);
	}
	if (a->binds > 1)
		append(out, "--again");
	if (a->then.listen)
		append(out, "--listen");
	if (a->then.dest.addr.family) {
		append(out, "--connect");
		append(out, "%s", dest_print(&a->then, dest));
	}
	if (f->caller->unprivileged)
		append(out, "--unprivileged");
	if (f->caller->pid) {
		append(out, f->caller->stand_in == ASKED_AS_OURSELVES ? "--netns" : "--as");
		append(out, "%u", f->caller->pid);
	}
	return out;
}

json_t *report_json_remedy(const struct facts *f, const struct remedy *r)
{
	json_t *commands = json_array(), *spelled = json_object(), *then = json_null();
	char text[SPELLING_TEXT];
	for (unsigned i = 0; i < r->ncommands; i++)
		json_array_append_new(commands, json_text(r->commands[i]));
	for (int p = 0; p < PROGRAM_COUNT; p++)
		if (program_spelling_listed((enum program)p, &r->spelling, text))
			json_object_set_new(spelled, program_name((enum program)p), json_text(text));
	if (r->then.remains)
		then = json_pack("{s:s,s:s,s:o}", "errno", errno_name(r->then.err), "code",
				 code_info(r->then.code)->name, "sentence", json_text(r->then.sentence));
	json_t *out = json_pack("{s:o,s:o,s:s,s:b,s:s,s:s}", "change", json_text(r->change), "keep",
				json_text(r->keep[0] ? r->keep : NULL), "price", r->price, "verified", (int)r->verified,
				"kind", remedy_kind_name(r->kind), "needs", remedy_needs_name(r->needs));
	json_object_set_new(out, "commands", commands);
	json_object_set_new(out, "arguments", arguments_json(f, &r->attempt));
	json_object_set_new(out, "wait_ms", r->wait_ms ? json_integer(r->wait_ms) : json_null());
	json_object_set_new(out, "spelled", spelled);
	json_object_set_new(out, "then", then);
	return out;
}
