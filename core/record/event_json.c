// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/event_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/record/bind_json.h"
#include "core/record/field.h"
#include "core/record/witnessed_json.h"
#include "core/text/event_row.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/visible.h"

enum { NS = 1000000000, MOST_ERRNO = 4095 };

static const char *source_word(unsigned n)
{
	static const char *const words[] = {[SOURCE_BPF] = "bpf",
					    [SOURCE_BPF_TRACEPOINTS] = "bpf-tracepoints",
					    [SOURCE_TRACEPOINTS] = "tracepoints",
					    [SOURCE_PTRACE] = "ptrace"};
	return words[n];
}

static const char *call_word(unsigned n)
{
	return call_name((enum call)n);
}

static const char *kind_word(unsigned n)
{
	return kind_info((enum kind)n)->name;
}

static const char *code_word(unsigned n)
{
	return code_info((enum code)n)->name;
}

static json_t *text_or_null(const char *text)
{
	return *text ? json_bytes(text) : json_null();
}

static json_t *number_or_null(bool known, uint64_t n)
{
	return known ? json_integer((json_int_t)n) : json_null();
}

// "2026-11-29T18:03:12.123456789Z"
static json_t *time_json(int64_t when)
{
	static const struct event_look utc = {.date = true};
	char text[EVENT_ROW_TIME], out[EVENT_ROW_TIME + 8];
	int rest = (int)((when % 1000 + 1000) % 1000);
	event_row_time(when, &utc, text);
	snprintf(out, sizeof out, "%s%03dZ", text, rest);
	*strchr(out, ' ') = 'T';
	return json_text(out);
}

// Members that any event has, in the order in which they are read best.

static void put_program(const struct bind_event *e, json_t *out)
{
	json_object_set_new(out, "program", text_or_null(e->program));
	json_object_set_new(out, "uid", number_or_null(e->uid_known, e->uid));
	json_object_set_new(out, "unit", text_or_null(e->unit));
	json_object_set_new(out, "container", text_or_null(e->container));
	json_object_set_new(out, "cgroup", number_or_null(e->cgroup, e->cgroup));
	json_object_set_new(out, "cgroup_path", text_or_null(e->cgroup_path));
	json_object_set_new(out, "netns", number_or_null(e->netns, e->netns));
	json_object_set_new(out, "netns_name", text_or_null(e->netns_name));
	json_object_set_new(out, "netns_ours", e->netns ? json_boolean(e->netns_ours) : json_null());
}

static json_t *options_json(const struct attempt *a)
{
	json_t *out = json_object();
	for (unsigned i = 0; i < a->nsettings; i++) {
		char text[48], *equals = strchr(setting_print(&a->settings[i], text), '=');
		json_object_set_new(out, option_info(a->settings[i].option)->name,
				    json_text(equals ? equals + 1 : "1"));
	}
	return out;
}

// A word of --family, or a number.
static json_t *family_json(bool known, int family)
{
	return !known               ? json_null()
	       : family == AF_INET  ? json_text("inet")
	       : family == AF_INET6 ? json_text("inet6")
				    : json_integer(family);
}

// The address as the kernel copied it, and the socket that it was for.
static void put_attempt(const struct bind_event *e, json_t *out)
{
	const struct attempt *a = &e->attempt;
	char addr[ADDR_TEXT];
	bool both = e->addr_known && e->socket_known, odd = both && a->sa_family != SA_FAMILY_AS_ADDRESS;
	json_object_set_new(out, "family", family_json(e->family, e->family));
	json_object_set_new(out, "protocol", e->socket_known ? json_text(kind_word(a->kind)) : json_null());
	json_object_set_new(out, "raw_protocol",
			    number_or_null(e->socket_known && a->kind == KIND_RAW, a->raw_protocol));
	json_object_set_new(out, "address", e->addr_known ? json_text(addr_print(&a->addr, addr)) : json_null());
	json_object_set_new(out, "port", number_or_null(both, a->port));
	json_object_set_new(out, "scope", number_or_null(both && a->scope, a->scope));
	json_object_set_new(out, "sa_family", family_json(odd, a->sa_family));
	json_object_set_new(out, "addrlen", json_integer(e->addrlen));
	json_object_set_new(out, "options", e->socket_known ? options_json(a) : json_null());
}

static json_t *dest_json(const struct next_ask *then)
{
	char addr[ADDR_TEXT];
	json_t *out = json_object();
	json_object_set_new(out, "address", json_text(addr_print(&then->dest.addr, addr)));
	json_object_set_new(out, "port", json_integer(then->dest.port));
	json_object_set_new(out, "scope", number_or_null(then->dest_scope, then->dest_scope));
	return out;
}

static json_t *missing_json(const struct option_refused *m)
{
	char text[48], *equals = strchr(setting_print(&m->set, text), '=');
	json_t *out = json_object();
	json_object_set_new(out, "option", json_text(option_info(m->set.option)->name));
	json_object_set_new(out, "value", json_text(equals ? equals + 1 : "1"));
	json_object_set_new(out, "errno", json_text(errno_name(m->err)));
	json_object_set_new(out, "error", json_integer(m->err));
	return out;
}

static json_t *reason_json(const struct call_reason *r)
{
	json_t *out = json_object();
	const char *class = code_class_name(r->class);
	json_object_set_new(out, "code", json_text(r->code));
	json_object_set_new(out, "class", class ? json_text(class) : json_null());
	json_object_set_new(out, "sentence", json_bytes(r->sentence));
	return out;
}

static json_t *option_json(const struct bind_event *e)
{
	const struct attempt *a = &e->attempt;
	bool known = e->call == CALL_SETSOCKOPT && a->nsettings;
	return known ? json_text(option_info(a->settings[a->nsettings - 1].option)->name) : json_null();
}

// What only a tracer sees.
static void put_traced(const struct bind_event *e, json_t *out)
{
	const struct next_ask *then = &e->attempt.then;
	if (e->source != SOURCE_PTRACE)
		return;
	json_object_set_new(out, "inode", number_or_null(e->inode, e->inode));
	json_object_set_new(out, "asked", e->socket_known ? json_boolean(!e->from_calls) : json_null());
	json_object_set_new(out, "bound_before",
			    e->socket_known ? json_boolean(e->attempt.binds == BINDS_OTHER) : json_null());
	json_object_set_new(out, "option", option_json(e));
	json_object_set_new(out, "destination", then->dest.addr.family ? dest_json(then) : json_null());
	json_object_set_new(out, "missing_option", e->missing.err ? missing_json(&e->missing) : json_null());
	json_object_set_new(out, "reason", e->reason.code[0] ? reason_json(&e->reason) : json_null());
}

// What the socket is bound to after success; the address that was asked for stays as it was.
static json_t *local_json(const struct bind_event *e)
{
	char addr[ADDR_TEXT];
	json_t *out = json_object();
	json_object_set_new(out, "address", json_text(addr_print(&e->local, addr)));
	json_object_set_new(out, "port", json_integer(e->local_port));
	json_object_set_new(out, "scope", number_or_null(e->local_scope, e->local_scope));
	return out;
}

static void put_errno(const struct bind_event *e, json_t *out)
{
	json_object_set_new(out, "errno", e->err ? json_text(errno_name(e->err)) : json_null());
	json_object_set_new(out, "error", json_integer(e->err));
}

// What is made visible may be longer, and must fit where it is read again.
static json_t *shown_json(const char *text, size_t size)
{
	char shown[VERDICT_TEXT];
	return json_text(visible_copy(text, shown, size < sizeof shown ? size : sizeof shown));
}

static json_t *verdict_json(const struct event_verdict *v)
{
	json_t *out = json_object();
	if (!v->present) {
		json_object_set_new(out, "missing", shown_json(v->why_not, sizeof v->why_not));
		return out;
	}
	json_object_set_new(out, "class", json_text(code_class_name(v->class)));
	json_object_set_new(out, "code", json_text(code_word(v->code)));
	json_object_set_new(out, "agreement", json_text(agreement_word(v->agreement)));
	json_object_set_new(out, "sentence", shown_json(v->sentence, sizeof v->sentence));
	return out;
}

static void put_verdict(const struct event_verdict *v, json_t *out)
{
	bool said = v && (v->present || v->why_not[0]);
	json_object_set_new(out, "verdict", said ? verdict_json(v) : json_null());
}

json_t *event_json(const struct bind_event *e, const struct event_verdict *v)
{
	json_t *out = json_object();
	json_object_set_new(out, "time", time_json(e->when));
	json_object_set_new(out, "nanoseconds", json_integer((json_int_t)e->ns));
	json_object_set_new(out, "source", json_text(source_word(e->source)));
	json_object_set_new(out, "call", json_text(call_name(e->call)));
	json_object_set_new(out, "pid", number_or_null(e->pid, (uint64_t)e->pid));
	json_object_set_new(out, "thread", number_or_null(e->thread, (uint64_t)e->thread));
	put_program(e, out);
	json_object_set_new(out, "fd", number_or_null(e->fd >= 0, (uint64_t)e->fd));
	put_attempt(e, out);
	put_traced(e, out);
	json_object_set_new(out, "local", e->local_known ? local_json(e) : json_null());
	put_errno(e, out);
	if (e->source == SOURCE_PTRACE)
		json_object_set_new(out, "lowered", json_boolean(e->lowered));
	bool watched = e->inner.present || e->inner.why_not[0];
	json_object_set_new(out, "inner", watched ? witnessed_json(&e->inner) : json_null());
	put_verdict(v, out);
	return out;
}

json_t *event_group_json(const struct event_group *g)
{
	json_t *out = json_object();
	json_object_set_new(out, "times", json_integer((json_int_t)g->times));
	json_object_set_new(out, "first", time_json(g->first));
	json_object_set_new(out, "last", time_json(g->last));
	put_program(g->event, out);
	json_object_set_new(out, "call", json_text(call_name(g->event->call)));
	put_attempt(g->event, out);
	put_errno(g->event, out);
	put_verdict(&g->verdict, out);
	return out;
}

char *event_json_line(json_t *object)
{
	char *line = json_text_print(object, JSON_COMPACT);
	json_decref(object);
	if (json_memory_lost()) {
		free(line);
		line = NULL;
	}
	return line;
}

// Reading. A member that is null is not known, as one that is not there.

static const json_t *member(const json_t *from, const char *name)
{
	const json_t *v = json_object_get(from, name);
	return json_is_null(v) ? NULL : v;
}

// Days since 1970 of a date of the years 1970 to 2200; -1 for none.
static int64_t days_of(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 ||
	    day > days[month - 1] + (month == 2 && leap))
		return -1;
	int64_t out = day - 1;
	for (int y = 1970; y < year; y++)
		out += (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 366 : 365;
	for (int m = 1; m < month; m++)
		out += days[m - 1] + (m == 2 && leap);
	return out;
}

// Exactly the digits that its form has.
static bool is_time(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00.000000000Z";
	for (size_t i = 0; i < sizeof form; i++)
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return true;
}

static bool take_time(const json_t *from, struct json_place *p, int64_t *when)
{
	int year, month, day, hour, minute, second, ns;
	const char *text = json_text_of(member(from, "time"));
	if (!text || !is_time(text) ||
	    sscanf(text, "%d-%d-%dT%d:%d:%d.%dZ", &year, &month, &day, &hour, &minute, &second, &ns) != 7)
		return json_wrong(p, "time: expected a time such as 2026-11-29T18:03:12.123456789Z");
	int64_t days = days_of(year, month, day);
	if (days < 0 || hour > 23 || minute > 59 || second > 60)
		return json_wrong(p, "time: there is no such time");
	*when = ((days * 24 + hour) * 60 + minute) * 60 + second;
	*when = *when * NS + ns;
	return true;
}

// The members of an event that are not null, as a table takes them.
static const struct field event_fields[] = {
	FIELD_OF_WORDS("source", struct bind_event, source, SOURCE_COUNT, source_word),
	FIELD_OF_WORDS("call", struct bind_event, call, CALL_COUNT, call_word),
	FIELD_U64("nanoseconds", struct bind_event, ns),
	FIELD_BYTES("program", struct bind_event, program),
	FIELD_U32("uid", struct bind_event, uid),
	FIELD_BYTES("unit", struct bind_event, unit),
	FIELD_BYTES("container", struct bind_event, container),
	FIELD_U64("cgroup", struct bind_event, cgroup),
	FIELD_BYTES("cgroup_path", struct bind_event, cgroup_path),
	FIELD_U64("netns", struct bind_event, netns),
	FIELD_BYTES("netns_name", struct bind_event, netns_name),
	FIELD_FLAG("netns_ours", struct bind_event, netns_ours),
	FIELD_INT("addrlen", struct bind_event, addrlen),
	FIELD_FLAG("lowered", struct bind_event, lowered),
	FIELD_U64("inode", struct bind_event, inode),
	{0},
};

// A number from 0 on, or `otherwise` where it is not known.
static int take_int(const json_t *from, struct json_place *p, const char *name, int most, int otherwise)
{
	const json_t *v = member(from, name);
	json_int_t n = json_integer_value(v);
	if (v && (!json_is_integer(v) || n < 0 || n > most)) {
		json_wrong(p, "%s: expected a number from 0 to %d, or null", name, most);
		return otherwise;
	}
	return v ? (int)n : otherwise;
}

static int take_family(const json_t *from, struct json_place *p, const char *name, int otherwise)
{
	const char *text = json_text_of(member(from, name));
	int family = text ? sa_family_parse(text) : take_int(from, p, name, UINT16_MAX, otherwise);
	if (text && family < 0)
		json_wrong(p, "%s: expected inet, inet6, a number or null", name);
	return family;
}

static bool take_option(const char *name, const json_t *value, struct json_place *p, struct attempt *a)
{
	char text[64], err[160];
	struct setting s;
	if (option_find(name) < 0)
		return true; // a later version's
	const char *said = json_text_of(value);
	if (!said)
		return json_wrong(p, "options.%s: expected a string", name);
	snprintf(text, sizeof text, "%s=%.40s", name, said);
	if (setting_parse(text, &s, err, sizeof err) < 0)
		return json_wrong(p, "options: %s", err);
	return attempt_set(a, &s) == 0 || json_wrong(p, "options: expected at most %d", ATTEMPT_SETTINGS);
}

static bool take_socket(const json_t *from, struct json_place *p, struct bind_event *e)
{
	static const struct field protocol[] = {
		FIELD_OF_WORDS("protocol", struct attempt, kind, KIND_COUNT, kind_word),
		{0},
	};
	const json_t *options = member(from, "options"), *value;
	const char *name;
	struct addr any = {.family = (uint8_t)e->family};
	if (e->family != AF_INET && e->family != AF_INET6)
		return json_wrong(p, "family: expected inet or inet6 beside a protocol");
	e->attempt = attempt_new(&any);
	e->socket_known = fields_take(protocol, p, from, &e->attempt);
	e->attempt.raw_protocol = (uint8_t)take_int(from, p, "raw_protocol", UINT8_MAX, 0);
	if (options && !json_is_object(options))
		return json_wrong(p, "options: expected an object");
	json_object_foreach((json_t *)options, name, value) if (!take_option(name, value, p, &e->attempt)) return false;
	return !p->failed;
}

static bool take_address(const json_t *from, struct json_place *p, struct bind_event *e)
{
	struct attempt *a = &e->attempt;
	const char *text = json_text_of(member(from, "address"));
	struct addr addr;
	if (!text || addr_parse(text, &addr) < 0)
		return json_wrong(p, "address: expected an IP address or null");
	if (!e->socket_known)
		*a = attempt_new(&addr);
	else if (addr.family != e->family)
		return json_wrong(p, "address: expected one of the socket's family");
	a->addr = addr;
	e->addr_known = true;
	if (!e->socket_known)
		return true;
	a->port = (uint16_t)take_int(from, p, "port", UINT16_MAX, 0);
	a->scope = (uint32_t)take_int(from, p, "scope", INT32_MAX, 0);
	a->sa_family = take_family(from, p, "sa_family", SA_FAMILY_AS_ADDRESS);
	size_t whole = e->family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	a->addrlen = e->addrlen == (int)whole ? ADDRLEN_WHOLE : e->addrlen;
	return !p->failed;
}

static bool take_missing(const json_t *from, struct json_place *p, char *why, size_t size)
{
	const struct field missing[] = {{"missing", FIELD_NAME, 0, size, 0, NULL}, {0}};
	return fields_take(missing, p, from, why);
}

static bool take_verdict(const json_t *from, struct json_place *p, struct event_verdict *v)
{
	static const struct field fields[] = {
		FIELD_OF_WORDS("code", struct event_verdict, code, CODE_COUNT, code_word),
		FIELD_OF_WORDS("agreement", struct event_verdict, agreement, AGREEMENTS, agreement_word),
		FIELD_BYTES("sentence", struct event_verdict, sentence),
		{0},
	};
	if (member(from, "missing"))
		return take_missing(from, p, v->why_not, sizeof v->why_not);
	v->present = fields_take(fields, p, from, v);
	v->class = code_info(v->code)->class;
	return v->present;
}

// One of the objects in an event.
static bool take_inside(const json_t *from, struct json_place *p, const char *name,
			bool (*take)(const json_t *from, struct json_place *p, void *to), void *to)
{
	const json_t *v = member(from, name);
	if (!v)
		return true;
	size_t was = json_enter(p, name, 0);
	bool ok = json_is_object(v) ? take(v, p, to) : json_wrong(p, "expected an object or null");
	json_leave(p, was);
	return ok;
}

static bool inner(const json_t *from, struct json_place *p, void *to)
{
	return witnessed_json_read(from, p, to);
}

static bool verdict(const json_t *from, struct json_place *p, void *to)
{
	return take_verdict(from, p, to);
}

static bool take_dest(const json_t *from, struct json_place *p, void *to)
{
	static const struct field fields[] = {
		FIELD_AT("address", struct next_ask, dest.addr),
		FIELD_U16("port", struct next_ask, dest.port),
		{0},
	};
	struct next_ask *then = to;
	then->dest_scope = (uint32_t)take_int(from, p, "scope", INT32_MAX, 0);
	then->dest.has_port = true;
	return fields_take(fields, p, from, then) && !p->failed;
}

static bool take_missing_option(const json_t *from, struct json_place *p, void *to)
{
	struct option_refused *m = to;
	struct attempt one = {0};
	const char *name = json_text_of(member(from, "option"));
	m->err = take_int(from, p, "error", MOST_ERRNO, 0);
	if (p->failed || !name || !take_option(name, member(from, "value"), p, &one))
		return !p->failed && json_wrong(p, "option: expected a name");
	if (!one.nsettings)
		m->err = 0; // a later version's
	m->set = one.settings[0];
	return true;
}

static bool take_reason(const json_t *from, struct json_place *p, void *to)
{
	static const struct field fields[] = {
		FIELD_BYTES("code", struct call_reason, code),
		FIELD_BYTES("sentence", struct call_reason, sentence),
		{0},
	};
	struct call_reason *r = to;
	const char *class = json_text_of(member(from, "class"));
	for (int i = CLASS_NONE + 1; class && i <= CLASS_ARGUMENT; i++)
		if (strcmp(class, code_class_name((enum code_class)i)) == 0)
			r->class = (enum code_class)i;
	return fields_take(fields, p, from, to); // passes it over
}

static bool is_false(const json_t *from, const char *name)
{
	return json_is_false(member(from, name));
}

static bool take_traced(const json_t *from, struct json_place *p, struct bind_event *e)
{
	e->from_calls = is_false(from, "asked");
	if (e->socket_known && json_is_true(member(from, "bound_before")))
		e->attempt.binds = BINDS_OTHER;
	return take_inside(from, p, "destination", take_dest, &e->attempt.then) &&
	       take_inside(from, p, "missing_option", take_missing_option, &e->missing) &&
	       take_inside(from, p, "reason", take_reason, &e->reason);
}

static bool take_local(const json_t *from, struct json_place *p, void *to)
{
	static const struct field fields[] = {
		FIELD_AT("address", struct bind_event, local),
		FIELD_U16("port", struct bind_event, local_port),
		FIELD_U32("scope", struct bind_event, local_scope),
		{0},
	};
	struct bind_event *e = to;
	json_t *known = json_object();
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)from, name, value) if (!json_is_null(value)) json_object_set(known, name, value);
	bool ok = fields_take(fields, p, known, e);
	json_decref(known);
	e->local_known = ok && e->local.family;
	return ok && (e->local_known || json_wrong(p, "address: expected an IP address"));
}

// Without it nothing is known of a bind.
static bool take_error(const json_t *from, struct json_place *p, int *err)
{
	const json_t *v = member(from, "error");
	json_int_t n = json_integer_value(v);
	*err = (int)n;
	return (json_is_integer(v) && n >= 0 && n <= MOST_ERRNO) ||
	       json_wrong(p, "error: expected a number from 0 to %d", MOST_ERRNO);
}

static bool take_event(const json_t *from, struct json_place *p, struct bind_event *e, struct event_verdict *v)
{
	json_t *known = json_object();
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)from, name, value) if (!json_is_null(value)) json_object_set(known, name, value);
	bool ok = take_time(known, p, &e->when) && fields_take(event_fields, p, known, e);
	e->uid_known = member(known, "uid") != NULL;
	e->family = (uint16_t)take_family(known, p, "family", 0);
	e->pid = take_int(known, p, "pid", INT32_MAX, 0);
	e->thread = take_int(known, p, "thread", INT32_MAX, 0);
	e->fd = take_int(known, p, "fd", INT32_MAX, -1);
	ok = ok && !p->failed && take_error(known, p, &e->err);
	ok = ok && !p->failed && (!member(known, "protocol") || take_socket(known, p, e)) &&
	     (!member(known, "address") || take_address(known, p, e)) && take_traced(known, p, e) &&
	     take_inside(known, p, "local", take_local, e) && take_inside(known, p, "inner", inner, &e->inner) &&
	     take_inside(known, p, "verdict", verdict, v);
	json_decref(known);
	return ok && !p->failed;
}

// How deep it is, before any memory is spent.
static bool is_shallow(const char *text, size_t len)
{
	enum { DEEPEST = 8 };
	bool inside = false;
	for (size_t i = 0, depth = 0; i < len; i++) {
		char c = text[i];
		if (inside && c == '\\')
			i++;
		else if (c == '"')
			inside = !inside;
		else if (!inside && (c == '{' || c == '['))
			depth++;
		else if (!inside && (c == '}' || c == ']'))
			depth -= depth > 0;
		if (depth > DEEPEST)
			return false;
	}
	return true;
}

int event_json_read(const char *line, size_t len, struct bind_event *e, struct event_verdict *v, char *err,
		    size_t errlen)
{
	struct json_place p = {.err = err, .errlen = errlen};
	json_error_t wrong;
	json_t *root = NULL;
	*e = (struct bind_event){0};
	*v = (struct event_verdict){0};
	json_memory_lost();
	if (len > EVENT_LINE)
		json_wrong(&p, "expected at most %d bytes", EVENT_LINE);
	else if (!is_shallow(line, len))
		json_wrong(&p, "arrays and objects are nested too deeply");
	else if (!(root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &wrong)))
		json_wrong(&p, "byte %d: %.120s", wrong.position, wrong.text);
	else if (!json_is_object(root))
		json_wrong(&p, "expected an object");
	else
		take_event(root, &p, e, v);
	json_decref(root);
	if (json_memory_lost()) {
		snprintf(err, errlen, "out of memory");
		return -ENOMEM;
	}
	return p.failed ? -EINVAL : 0;
}
