// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/event_row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/model/rt_names.h"

enum { SECONDS_OF_DAY = 86400, NS = 1000000000, ERRNO = 13, HANGING = 16, TIMES = 7 };

__attribute__((format(printf, 3, 4))) static void append(char *buf, const char *joint, const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list args;
	if (used)
		used += (size_t)snprintf(buf + used, EVENT_ROW_TEXT - used, "%s", joint);
	if (used >= EVENT_ROW_TEXT)
		return;
	va_start(args, fmt);
	vsnprintf(buf + used, EVENT_ROW_TEXT - used, fmt, args);
	va_end(args);
}

// The civil date of a day since 1970, counted in years that begin in March and eras of 400 of them.
static void date_of(int64_t day, int *year, int *month, int *dom)
{
	enum { DAYS_TO_1970 = 719468, ERA = 146097 };
	day += DAYS_TO_1970;
	int64_t era = (day >= 0 ? day : day - ERA + 1) / ERA, doe = day - era * ERA;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	*dom = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400) + (*month <= 2);
}

char *event_row_time(int64_t when, const struct event_look *look, char buf[static EVENT_ROW_TIME])
{
	int64_t ns = when % NS + (when % NS < 0 ? NS : 0), seconds = (when - ns) / NS + look->east;
	int64_t rest = seconds % SECONDS_OF_DAY + (seconds % SECONDS_OF_DAY < 0 ? SECONDS_OF_DAY : 0);
	int year, month, day, s = (int)rest;
	size_t used = 0;
	buf[0] = '\0';
	date_of((seconds - rest) / SECONDS_OF_DAY, &year, &month, &day);
	if (look->date)
		used = (size_t)snprintf(buf, EVENT_ROW_TIME, "%04d-%02d-%02d ", year, month, day);
	snprintf(buf + used, EVENT_ROW_TIME - used, "%02d:%02d:%02d.%06d", s / 3600, s / 60 % 60, s % 60,
		 (int)(ns / 1000));
	return buf;
}

char *event_row_who(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	snprintf(buf, EVENT_ROW_TEXT, e->pid ? "%s[%d]" : "%s[?]", e->program[0] ? e->program : "?", e->pid);
	return buf;
}

char *event_row_bind(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	const struct attempt *a = &e->attempt;
	char text[ATTEMPT_TEXT];
	if (e->addr_known && e->socket_known)
		snprintf(buf, EVENT_ROW_TEXT, "%s", attempt_print(a, text));
	else if (e->socket_known)
		snprintf(buf, EVENT_ROW_TEXT, "%s%c, address not known", kind_info(a->kind)->name,
			 a->family == AF_INET6 ? '6' : '4');
	else if (e->addr_known)
		snprintf(buf, EVENT_ROW_TEXT, "%s, port not known", addr_print(&a->addr, text));
	else
		snprintf(buf, EVENT_ROW_TEXT, "address not known");
	return buf;
}

// An address that plays no part is not shown: that of a socket that is not bound, or not there.
static void name_socket(const struct bind_event *e, char *buf)
{
	if (e->socket_known)
		snprintf(buf, EVENT_ROW_TEXT, "%s%c", kind_info(e->attempt.kind)->name,
			 e->attempt.family == AF_INET6 ? '6' : '4');
	else
		snprintf(buf, EVENT_ROW_TEXT, "%s",
			 e->family == AF_INET6  ? "IPv6"
			 : e->family == AF_INET ? "IPv4"
						: "socket not known");
}

char *event_row_asked(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	const struct attempt *a = &e->attempt;
	char dest[DEST_TEXT];
	if (e->call == CALL_BIND)
		return event_row_bind(e, buf);
	if (e->addr_known)
		event_row_bind(e, buf);
	else
		name_socket(e, buf);
	if (e->call == CALL_CONNECT && a->then.dest.addr.family)
		append(buf, " ", "connect() to %s", dest_print(&a->then, dest));
	else if (e->call == CALL_SETSOCKOPT && a->nsettings)
		append(buf, " ", "setsockopt(%s)", option_info(a->settings[a->nsettings - 1].option)->symbol);
	else
		append(buf, " ", "%s()", call_name(e->call));
	return buf;
}

const char *event_row_sentence(const struct bind_event *e, const struct event_verdict *v)
{
	return v && v->present ? v->sentence : e->reason.code[0] ? e->reason.sentence : v ? v->why_not : "";
}

char *event_row_missing_option(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	char set[48];
	const struct option_refused *m = &e->missing;
	const struct sockopt *o = option_info(m->set.option);
	bool named = o->value != VALUE_BOOL;
	buf[0] = '\0';
	if (m->err)
		snprintf(buf, EVENT_ROW_TEXT,
			 "%s%s%s%s would have let it succeed; setting it was refused before with %s, and the program "
			 "went on.",
			 o->symbol, named ? " (" : "", named ? setting_print(&m->set, set) : "", named ? ")" : "",
			 errno_name(m->err));
	return buf;
}

char *event_row_options(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	char one[48];
	buf[0] = '\0';
	for (unsigned i = 0; e->socket_known && i < e->attempt.nsettings; i++)
		append(buf, " ", "%s", setting_print(&e->attempt.settings[i], one));
	return buf;
}

char *event_row_where(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	buf[0] = '\0';
	if (e->netns_name[0] && !e->netns_ours)
		append(buf, ", ", "netns %s", e->netns_name);
	else if (e->netns && !e->netns_ours)
		append(buf, ", ", "netns %llu", (unsigned long long)e->netns);
	else if (!e->netns)
		append(buf, ", ", "netns not known");
	if (e->container[0])
		append(buf, ", ", "%s", e->container);
	else if (e->unit[0])
		append(buf, ", ", "%s", e->unit);
	else if (e->cgroup_path[0] && strcmp(e->cgroup_path, "/") != 0)
		append(buf, ", ", "cgroup %s", e->cgroup_path);
	return buf;
}

// What a function answered, as far as it is worth a word: joins it to the text.
typedef void say_fn(const struct kernel_call *c, char *buf);

static void say_type(const struct kernel_call *c, char *buf)
{
	const char *symbol = rtn_symbol((unsigned)c->returned), *after = strchr(symbol, '_');
	append(buf, ", ", "type %lld %s", (long long)c->returned, after ? after + 1 : symbol);
}

// All that is known of the type where only the lookup was seen.
static void say_lookup(const struct kernel_call *c, char *buf)
{
	char table[12];
	if (strstr(buf, "type "))
		return;
	if (c->returned == 0 && c->rtn)
		append(buf, ", ", "route of type %u %s", c->rtn, rtn_name(c->rtn));
	else
		append(buf, ", ", "%s in table %s", c->returned ? "no route" : "a route", table_name(c->table, table));
}

static void say_match(const struct kernel_call *c, char *buf)
{
	if (!strstr(buf, "match"))
		append(buf, ", ", "%s in the address list", c->returned ? "match" : "no match");
}

static void say_table(const struct kernel_call *c, char *buf)
{
	char name[12];
	if (c->returned)
		append(buf, ", ", "table %s", table_name((uint32_t)c->returned, name));
}

// Refusals of those that have no answer but an errno; before 6.2 inet_csk_get_port() returns 1 instead.
static void say_refusal(const struct kernel_call *c, char *buf)
{
	if (c->returned)
		append(buf, ", ", "%s() %s", kernel_function_info(c->function)->name,
		       kernel_call_errno(c) ? errno_name(kernel_call_errno(c)) : "1");
}

static void say_absence(const struct kernel_call *c, char *buf)
{
	if (!c->returned)
		append(buf, ", ", "%s() 0", kernel_function_info(c->function)->name);
}

static const struct {
	enum kernel_function function;
	say_fn *say;
} said[] = {
	{KF_security_socket_bind, say_refusal},
	{KF___cgroup_bpf_run_filter_sock_addr, say_refusal},
	{KF_l3mdev_fib_table_by_index, say_table},
	{KF_l3mdev_fib_table_rcu, say_table},
	{KF_inet_addr_type_table, say_type},
	{KF_inet_addr_type, say_type},
	{KF_inet_addr_type_dev_table, say_type},
	{KF_fib_table_lookup, say_lookup},
	{KF_ipv6_chk_addr, say_match},
	{KF_ipv6_chk_addr_and_flags, say_match},
	{KF___ipv6_chk_addr_and_flags, say_match},
	{KF_sctp_v4_available, say_absence},
	{KF_sctp_v6_available, say_absence},
	{KF_ns_capable, say_absence},
	{KF_inet_csk_get_port, say_refusal},
	{KF_udp_v4_get_port, say_refusal},
	{KF_udp_v6_get_port, say_refusal},
	{KF_ping_get_port, say_refusal},
	{KF_sctp_get_port_local, say_refusal},
};

char *event_row_inner(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	buf[0] = '\0';
	for (size_t i = 0; i < sizeof said / sizeof *said && e->inner.present; i++) {
		const struct kernel_call *c = witnessed_call(&e->inner, said[i].function);
		if (c)
			said[i].say(c, buf);
	}
	return buf;
}

static void add_errno(const struct bind_event *e, struct row *out)
{
	row_add(out, e->err ? ROLE_FAIL : ROLE_OK, "%-*s ", ERRNO, errno_name(e->err));
}

static void add_part(enum role role, const char *text, struct row *out)
{
	if (*text)
		row_add(out, role, "  %s", text);
}

static void add_bind(const struct bind_event *e, struct row *out)
{
	char text[EVENT_ROW_TEXT];
	row_add(out, ROLE_ADDR, "%s", event_row_asked(e, text));
	if (e->call != CALL_SETSOCKOPT && *event_row_options(e, text))
		row_add(out, ROLE_VALUE, " %s", text);
	if (e->call == CALL_BIND && !e->err && e->local_known && e->attempt.port == 0)
		row_add(out, ROLE_VALUE, ", got port %u", e->local_port);
	add_part(ROLE_DIM, event_row_where(e, text), out);
}

// What tracepoints never show is said once, before the rows.
static bool is_said_before(const struct bind_event *e)
{
	return e->source == SOURCE_TRACEPOINTS && !(e->addr_known && e->socket_known);
}

static void add_verdict(const struct bind_event *e, const struct event_verdict *v, struct row *out)
{
	if (v && v->present)
		add_part(v->agreement == CHANGED || v->agreement == HOOK ? ROLE_WARN : ROLE_PLAIN, v->sentence, out);
	else if (!is_said_before(e))
		add_part(ROLE_DIM, event_row_sentence(e, v), out);
}

const char *event_row_missing(enum bind_source source)
{
	static const char *const texts[] = {
		[SOURCE_BPF] = "",
		[SOURCE_BPF_TRACEPOINTS] = "Not seen: kernel functions' return values, io_uring binds.",
		[SOURCE_TRACEPOINTS] = "Not seen: ports, socket options, IPv6 addresses.",
		[SOURCE_PTRACE] = "",
	};
	return texts[source];
}

void event_row(const struct bind_event *e, const struct event_verdict *v, const struct event_look *look,
	       struct row *out)
{
	char text[EVENT_ROW_TEXT], time[EVENT_ROW_TIME];
	row_clear(out);
	out->hanging = HANGING;
	row_add(out, ROLE_DIM, "%s ", event_row_time(e->when, look, time));
	add_errno(e, out);
	row_add(out, ROLE_LABEL, "%s ", event_row_who(e, text));
	add_bind(e, out);
	add_part(ROLE_KERNEL, event_row_inner(e, text), out);
	if (!e->inner.present && e->source != SOURCE_BPF_TRACEPOINTS) // of which each would say the same
		add_part(ROLE_DIM, e->inner.why_not, out);
	add_verdict(e, v, out);
}

void event_row_group(const struct event_group *g, struct row *out)
{
	const struct bind_event *e = g->event;
	row_clear(out);
	out->hanging = HANGING;
	row_add(out, ROLE_VALUE, "%*llu ", TIMES, (unsigned long long)g->times);
	add_errno(e, out);
	row_add(out, ROLE_LABEL, "%s ", e->program[0] ? e->program : "?");
	add_bind(e, out);
	add_verdict(e, &g->verdict, out);
}
