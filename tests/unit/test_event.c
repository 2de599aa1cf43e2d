// SPDX-License-Identifier: GPL-3.0-or-later
// Binds that were seen: from the kernel's record to an event, which of them are shown, their rows, how they are
// counted, and JSON both ways, from a stranger as well.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/evidence/bind_record.h"
#include "core/evidence/record_take.h"
#include "core/model/event_filter.h"
#include "core/model/event_unknown.h"
#include "core/observe/cgroup_path.h"
#include "core/record/event_json.h"
#include "core/text/event_row.h"
#include "core/text/json_text.h"

static const int64_t WHEN = 1796061792123456789; // 2026-11-30T18:03:12
static const struct function_sets ALL = {.watched = (1ull << KERNEL_FUNCTIONS) - 1};

static void put_sockaddr(struct bind_record *r, const char *text, uint16_t port, uint32_t scope)
{
	struct addr a;
	assert_int_equal(addr_parse(text, &a), 0);
	if (a.family == AF_INET) {
		struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(port)};
		memcpy(&sin.sin_addr, a.bytes, 4);
		memcpy(r->sockaddr, &sin, r->got = sizeof sin);
	} else {
		struct sockaddr_in6 sin6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_scope_id = scope};
		memcpy(&sin6.sin6_addr, a.bytes, 16);
		memcpy(r->sockaddr, &sin6, r->got = sizeof sin6);
	}
	r->addrlen = r->got;
}

static void add_call(struct bind_record *r, enum kernel_function f, int64_t returned)
{
	struct call_record *c = &r->calls[r->ncalls++];
	*c = (struct call_record){.function = (uint8_t)f, .returned = returned, .ns = r->ncalls * 100, .number = -1};
	r->counts[f]++;
}

// A bind to 192.0.2.7:80 that was refused.
static struct bind_record record(void)
{
	struct bind_record r = {
		.began = 1000,
		.cgroup = 77,
		.ns = 5000,
		.returned = -EADDRNOTAVAIL,
		.pid = 1234,
		.thread = 1235,
		.uid = 0,
		.netns = 4026532000,
		.fd = 3,
		.got_socket = 1,
		.family = AF_INET,
		.type = SOCK_STREAM,
		.protocol = IPPROTO_TCP,
		.options = SOCKET_FREEBIND | SOCKET_REUSEADDR | SOCKET_V6ONLY,
		.device = 4,
		.port_range = 5010u << 16 | 5000,
		.program = "python3",
	};
	put_sockaddr(&r, "192.0.2.7", 80, 0);
	add_call(&r, KF_security_socket_bind, 0);
	add_call(&r, KF_inet_addr_type_table, 1);
	r.calls[1].table = 255;
	r.calls[1].address = 4;
	memcpy(r.calls[1].addr, (uint8_t[]){192, 0, 2, 7}, 4);
	add_call(&r, KF___sys_bind, -EADDRNOTAVAIL);
	r.calls[2].number = 3;
	return r;
}

static size_t length(const struct bind_record *r)
{
	return offsetof(struct bind_record, calls) + r->ncalls * sizeof r->calls[0];
}

static struct bind_event event_of(const struct bind_record *r)
{
	struct bind_event e;
	record_event(r, length(r), &ALL, WHEN - 1000, &e);
	return e;
}

static struct bind_event event(void)
{
	struct bind_record r = record();
	return event_of(&r);
}

static void test_record(void **state)
{
	(void)state;
	struct bind_event e = event();
	assert_int_equal(e.source, SOURCE_BPF);
	assert_int_equal(e.when, WHEN);
	assert_int_equal(e.err, EADDRNOTAVAIL);
	assert_int_equal(e.family, AF_INET);
	assert_true(e.addr_known && e.socket_known && e.uid_known);
	assert_int_equal(e.attempt.kind, KIND_TCP);
	assert_int_equal(e.attempt.port, 80);
	assert_int_equal(addr_v4(&e.attempt.addr), 0xc0000207);
	assert_int_equal(e.attempt.addrlen, ADDRLEN_WHOLE);
	assert_int_equal(e.attempt.sa_family, SA_FAMILY_AS_ADDRESS);
	assert_true(attempt_on(&e.attempt, OPT_FREEBIND) && attempt_on(&e.attempt, OPT_REUSEADDR));
	assert_null(attempt_setting(&e.attempt, OPT_V6ONLY)); // an IPv4 socket has none
	assert_int_equal(attempt_setting(&e.attempt, OPT_IFINDEX)->value, 4);
	assert_int_equal(attempt_setting(&e.attempt, OPT_PORTRANGE)->value, 5010u << 16 | 5000);
	assert_int_equal(e.inner.ncalls, 3);
	assert_int_equal(witnessed_call(&e.inner, KF_inet_addr_type_table)->returned, 1);
	assert_int_equal(witnessed_call(&e.inner, KF_inet_addr_type_table)->table, 255);
	assert_int_equal(witnessed_call(&e.inner, KF___sys_bind)->fd, 3);
	assert_int_equal(e.inner.counts[KF_inet_addr_type_table], 1);
}

static void test_record_odd(void **state)
{
	(void)state;
	struct bind_record r = record();
	struct bind_event e;
	// Cut off: no more calls than there are bytes for, whatever it says.
	r.ncalls = 60000;
	record_event(&r, offsetof(struct bind_record, calls) + sizeof r.calls[0] + 1, &ALL, 0, &e);
	assert_int_equal(e.inner.ncalls, 1);
	record_event(&r, offsetof(struct bind_record, calls), &ALL, 0, &e);
	assert_int_equal(e.inner.ncalls, 0);
	// A function that there is not.
	r = record();
	r.calls[0].function = 255;
	e = event_of(&r);
	assert_int_equal(e.inner.ncalls, 2);
	// A name without an end.
	memset(r.program, 'x', sizeof r.program);
	e = event_of(&r);
	assert_int_equal(strlen(e.program), PROGRAM_TEXT - 1);
	// Families and kinds that are none of ours.
	r = record();
	r.family = AF_UNIX;
	e = event_of(&r);
	assert_true(!e.addr_known && !e.socket_known && e.family == AF_UNIX);
	r = record();
	r.type = 99;
	e = event_of(&r);
	assert_true(!e.addr_known && !e.socket_known && e.family == AF_INET);
	// The kernel never came to the socket: EBADF.
	r = record();
	r.got_socket = 0;
	e = event_of(&r);
	assert_true(!e.addr_known && !e.socket_known && !e.family);
	// Of a short sockaddr the address is not known, the socket is.
	r = record();
	r.addrlen = r.got = 7;
	e = event_of(&r);
	assert_true(!e.addr_known && e.socket_known);
	// An IPv6 sockaddr on an IPv4 socket.
	r = record();
	put_sockaddr(&r, "2001:db8::1", 80, 0);
	e = event_of(&r);
	assert_int_equal(e.attempt.sa_family, AF_INET6);
	assert_int_equal(e.attempt.addrlen, 28);
	r = record();
	r.family = AF_INET6;
	r.type = SOCK_RAW;
	r.protocol = 89;
	put_sockaddr(&r, "fe80::1", 0, 7);
	e = event_of(&r);
	assert_int_equal(e.attempt.kind, KIND_RAW);
	assert_int_equal(e.attempt.raw_protocol, 89);
	assert_int_equal(e.attempt.scope, 7);
	assert_false(attempt_on(&e.attempt, OPT_V6ONLY)); // a raw socket cannot be told to have it
}

static void passes(const struct event_filter *f, const struct bind_event *e, enum tri wanted)
{
	assert_int_equal(event_filter_passes(f, e), wanted);
}

static void test_filter(void **state)
{
	(void)state;
	struct bind_event e = event(), none = {.err = EBADF, .fd = 9};
	const struct event_filter refused = {0}, all = {.all = true}, pid = {.pid = 1234}, no_pid = {.pid = 1235},
				  port = {.by_port = true, .port = 80}, no_port = {.by_port = true, .port = 0},
				  four = {.family = AF_INET}, six = {.family = AF_INET6}, net = {.netns = 4026532000},
				  no_net = {.netns = 5}, name = {.netns_name = "blue"}, unit = {.unit = "web"},
				  both = {.netns = 5, .netns_name = "blue"};
	passes(&refused, &e, YES);
	passes(&pid, &e, YES);
	passes(&no_pid, &e, NO);
	passes(&port, &e, YES);
	passes(&no_port, &e, NO);
	passes(&four, &e, YES);
	passes(&six, &e, NO);
	passes(&net, &e, YES);
	passes(&no_net, &e, NO);
	passes(&name, &e, NO);
	strcpy(e.netns_name, "blue");
	passes(&name, &e, YES);
	passes(&both, &e, YES);
	// What is not known neither is it nor is it not.
	passes(&pid, &none, UNKNOWN);
	passes(&port, &none, UNKNOWN);
	passes(&four, &none, UNKNOWN);
	passes(&net, &none, UNKNOWN);
	passes(&unit, &none, UNKNOWN);
	passes(&refused, &none, YES);
	const struct event_filter two = {.pid = 1, .by_port = true};
	none.pid = 2;
	passes(&two, &none, NO);
	e.err = 0;
	passes(&refused, &e, NO);
	passes(&port, &e, NO);
	passes(&all, &e, YES);
	e.family = AF_NETLINK;
	passes(&all, &e, NO);
}

static void test_filter_unit(void **state)
{
	(void)state;
	struct bind_event e = event();
	const struct event_filter web = {.unit = "web"}, full = {.unit = "web.service"}, we = {.unit = "we"},
				  id = {.unit = "1a2b3c4d5e6f"};
	passes(&web, &e, UNKNOWN);
	strcpy(e.cgroup_path, "/");
	passes(&web, &e, NO);
	strcpy(e.unit, "web.service");
	passes(&web, &e, YES);
	passes(&full, &e, YES);
	passes(&we, &e, NO);
	strcpy(e.container, "docker 1a2b3c4d5e6f");
	passes(&id, &e, YES);
}

static const struct event_look utc = {0};

static void test_row(void **state)
{
	(void)state;
	struct bind_event e = event();
	struct event_verdict v = {.present = true, .code = CODE_ADDR_NOT_LOCAL, .sentence = "It is not here."};
	struct row r;
	event_row(&e, &v, &utc, &r);
	assert_string_equal(r.text, "18:03:12.123456 EADDRNOTAVAIL python3[1234] tcp4 192.0.2.7:80 freebind reuseaddr "
				    "ifindex=4 portrange=5000-5010  netns 4026532000  type 1 UNICAST  It is not here.");
	assert_false(r.truncated);
	e.netns_ours = true;
	strcpy(e.cgroup_path, "/a/b");
	char text[EVENT_ROW_TEXT];
	assert_string_equal(event_row_where(&e, text), "cgroup /a/b");
	strcpy(e.unit, "web.service");
	strcpy(e.netns_name, "blue");
	assert_string_equal(event_row_where(&e, text), "web.service");
	e.netns_ours = false;
	assert_string_equal(event_row_where(&e, text), "netns blue, web.service");
	strcpy(e.container, "docker 1");
	assert_string_equal(event_row_where(&e, text), "netns blue, docker 1");
	// The longest of all still has its end, and bytes from outside can be seen.
	memset(e.unit, '\x9b', sizeof e.unit - 1);
	memset(e.container, 0, sizeof e.container);
	memset(v.sentence, '\x1b', sizeof v.sentence - 1);
	event_row(&e, &v, &utc, &r);
	assert_true(r.truncated);
	assert_null(strpbrk(r.text, "\x1b\x9b"));
	assert_true(strlen(r.text) < ROW_TEXT);
}

// What no bind shows is no news of one of them.
static void test_row_of_tracepoints(void **state)
{
	(void)state;
	const struct event_verdict v = {.why_not = "what is it?"};
	struct bind_event e = event();
	struct row r;
	e.socket_known = false;
	event_row(&e, &v, &utc, &r);
	assert_non_null(strstr(r.text, v.why_not));
	e.source = SOURCE_TRACEPOINTS;
	event_row(&e, &v, &utc, &r);
	assert_null(strstr(r.text, v.why_not));
	e.socket_known = true;
	event_row(&e, &v, &utc, &r);
	assert_non_null(strstr(r.text, v.why_not));
}

static void test_row_unknown(void **state)
{
	(void)state;
	struct bind_event e = {.err = EBADF, .fd = 9, .when = -1};
	struct row r;
	event_row(&e, NULL, &(struct event_look){.date = true}, &r);
	assert_string_equal(r.text, "1969-12-31 23:59:59.999999 EBADF         ?[?] address not known  netns not known");
	e = event();
	e.addr_known = false;
	char text[EVENT_ROW_TEXT];
	assert_string_equal(event_row_bind(&e, text), "tcp4, address not known");
	e = event();
	e.socket_known = false;
	assert_string_equal(event_row_bind(&e, text), "192.0.2.7, port not known");
	assert_string_equal(event_row_options(&e, text), "");
}

static void time_is(int64_t seconds, int32_t east, const char *wanted)
{
	char text[EVENT_ROW_TIME];
	const struct event_look look = {.east = east, .date = true};
	assert_string_equal(event_row_time(seconds * 1000000000, &look, text), wanted);
}

static void test_time(void **state)
{
	(void)state;
	time_is(0, 0, "1970-01-01 00:00:00.000000");
	time_is(951782400, 0, "2000-02-29 00:00:00.000000");
	time_is(951782399, 0, "2000-02-28 23:59:59.000000");
	time_is(951782399, 3600, "2000-02-29 00:59:59.000000");
	time_is(4107542400, -1, "2100-02-28 23:59:59.000000");
	time_is(1704067199, 0, "2023-12-31 23:59:59.000000");
}

static void inner_is(enum kernel_function f, int64_t returned, unsigned rtn, const char *wanted)
{
	struct bind_event e = {.inner = {.present = true, .ncalls = 1}};
	char text[EVENT_ROW_TEXT];
	e.inner.calls[0] = (struct kernel_call){.function = f, .returned = returned, .rtn = rtn, .table = 255};
	assert_string_equal(event_row_inner(&e, text), wanted);
}

static void test_inner(void **state)
{
	(void)state;
	inner_is(KF_inet_addr_type_dev_table, 2, 0, "type 2 LOCAL");
	inner_is(KF_fib_table_lookup, 0, 2, "route of type 2 local");
	inner_is(KF_fib_table_lookup, 0, 0, "a route in table local");
	inner_is(KF_fib_table_lookup, -EAGAIN, 0, "no route in table local");
	inner_is(KF___ipv6_chk_addr_and_flags, 0, 0, "no match in the address list");
	inner_is(KF_ipv6_chk_addr, 1, 0, "match in the address list");
	inner_is(KF_l3mdev_fib_table_by_index, 10, 0, "table 10");
	inner_is(KF_l3mdev_fib_table_by_index, 0, 0, "");
	inner_is(KF_security_socket_bind, -EACCES, 0, "security_socket_bind() EACCES");
	inner_is(KF_inet_csk_get_port, 1, 0, "inet_csk_get_port() 1");
	inner_is(KF_udp_v4_get_port, -EADDRINUSE, 0, "udp_v4_get_port() EADDRINUSE");
	inner_is(KF___sys_bind, -EADDRINUSE, 0, "");
}

static void test_count(void **state)
{
	(void)state;
	struct event_counts c = {0};
	struct bind_event e = event(), ok = e;
	struct event_verdict v = {.present = true, .sentence = "said"};
	ok.err = 0;
	for (int i = 0; i < 9; i++)
		event_count(&c, &ok, NULL);
	event_count(&c, &e, &v);
	e.when += 5;
	e.pid = 99;
	event_count(&c, &e, NULL);
	strcpy(e.program, "other");
	for (int i = 0; i < 3; i++)
		event_count(&c, &e, NULL);
	event_count_sort(&c);
	assert_int_equal(c.n, 3);
	assert_int_equal(c.total, 14);
	assert_int_equal(c.others, 0);
	assert_string_equal(c.groups[0].event->program, "other");
	assert_int_equal(c.groups[0].times, 3);
	assert_int_equal(c.groups[1].times, 2);
	assert_int_equal(c.groups[1].event->pid, 99);
	assert_int_equal(c.groups[1].last - c.groups[1].first, 5);
	assert_string_equal(c.groups[1].verdict.sentence, "said");
	assert_int_equal(c.groups[2].times, 9);
	struct row r;
	event_row_group(&c.groups[1], &r);
	assert_int_equal(strncmp(r.text, "      2 EADDRNOTAVAIL python3 tcp4 192.0.2.7:80", 45), 0);
	event_count_free(&c);
	event_count_free(&c);
}

static void test_count_many(void **state)
{
	(void)state;
	struct event_counts c = {0};
	struct bind_event e = event();
	for (unsigned i = 0; i < EVENT_GROUPS + 100; i++) {
		e.attempt.port = (uint16_t)i;
		event_count(&c, &e, NULL);
	}
	assert_int_equal(c.n, EVENT_GROUPS);
	assert_int_equal(c.others, 100);
	e.attempt.port = 7;
	event_count(&c, &e, NULL);
	assert_int_equal(c.others, 100);
	event_count_sort(&c);
	assert_int_equal(c.groups[0].times, 2);
	assert_int_equal(c.groups[0].event->attempt.port, 7);
	event_count_free(&c);
}

static void calls_equal(const struct witnessed *a, const struct witnessed *b)
{
	assert_int_equal(a->present, b->present);
	assert_memory_equal(&a->sets, &b->sets, sizeof a->sets);
	assert_memory_equal(a->counts, b->counts, sizeof a->counts);
	assert_string_equal(a->why_not, b->why_not);
	assert_int_equal(a->ncalls, b->ncalls);
	for (unsigned i = 0; i < a->ncalls; i++) {
		const struct kernel_call *x = &a->calls[i], *y = &b->calls[i];
		assert_true(x->function == y->function && x->returned == y->returned && x->ns == y->ns &&
			    addr_equal(&x->addr, &y->addr) && x->port == y->port && x->scope == y->scope &&
			    x->table == y->table && x->device == y->device && x->capability == y->capability &&
			    x->fd == y->fd && x->addrlen == y->addrlen && x->rtn == y->rtn && x->len == y->len);
	}
}

static void events_equal(const struct bind_event *a, const struct bind_event *b)
{
	assert_true(a->source == b->source && a->when == b->when && a->ns == b->ns && a->pid == b->pid &&
		    a->thread == b->thread && a->uid_known == b->uid_known && a->uid == b->uid &&
		    a->netns == b->netns && a->cgroup == b->cgroup && a->netns_ours == b->netns_ours &&
		    a->family == b->family && a->fd == b->fd && a->addrlen == b->addrlen &&
		    a->addr_known == b->addr_known && a->socket_known == b->socket_known && a->err == b->err);
	assert_string_equal(a->program, b->program);
	assert_string_equal(a->unit, b->unit);
	assert_string_equal(a->container, b->container);
	assert_string_equal(a->cgroup_path, b->cgroup_path);
	assert_string_equal(a->netns_name, b->netns_name);
	if (a->addr_known || a->socket_known)
		assert_true(attempt_equal(&a->attempt, &b->attempt));
	calls_equal(&a->inner, &b->inner);
}

static void comes_back(const struct bind_event *e, const struct event_verdict *v)
{
	char err[EVENT_ERROR] = "";
	struct bind_event again;
	struct event_verdict said;
	char *line = event_json_line(event_json(e, v));
	assert_non_null(line);
	assert_null(strchr(line, '\n'));
	if (event_json_read(line, strlen(line), &again, &said, err, sizeof err) < 0)
		fail_msg("%s: %s", err, line);
	events_equal(e, &again);
	assert_int_equal(said.present, v && v->present);
	if (v && v->present) {
		assert_int_equal(said.code, v->code);
		assert_int_equal(said.agreement, v->agreement);
		assert_string_equal(said.sentence, v->sentence);
	} else if (v) {
		assert_string_equal(said.why_not, v->why_not);
	}
	free(line);
}

static void test_json(void **state)
{
	(void)state;
	struct bind_event e = event();
	struct event_verdict v = {
		.present = true, .code = CODE_HOST_CHANGED, .agreement = CHANGED, .sentence = "It \"says\" so."};
	comes_back(&e, NULL);
	comes_back(&e, &v);
	comes_back(&e, &(struct event_verdict){.why_not = "its namespace is gone"});
	strcpy(e.unit, "web\x9b.service");
	strcpy(e.program, "\xff\xfe");
	strcpy(e.container, "docker 1");
	strcpy(e.cgroup_path, "/x");
	strcpy(e.netns_name, "blue");
	e.netns_ours = true;
	comes_back(&e, &v);
	e.source = SOURCE_BPF_TRACEPOINTS;
	e.inner = (struct witnessed){.why_not = "BPF is not there"};
	comes_back(&e, NULL);
	e.source = SOURCE_TRACEPOINTS;
	e.uid_known = false;
	e.uid = 0;
	e.pid = e.thread = 0;
	e.fd = -1;
	e.addr_known = false;
	e.attempt.addr = (struct addr){.family = AF_INET};
	e.attempt.port = 0;
	comes_back(&e, NULL);
	e = (struct bind_event){.err = EFAULT, .fd = 4, .addrlen = -5};
	comes_back(&e, NULL);
	struct bind_record r = record();
	put_sockaddr(&r, "2001:db8::1", 80, 0);
	e = event_of(&r);
	comes_back(&e, NULL);
	r.family = AF_INET6;
	put_sockaddr(&r, "fe80::1", 65535, 4);
	add_call(&r, KF___ipv6_chk_addr_and_flags, 0);
	add_call(&r, KF_ns_capable, 1);
	r.calls[r.ncalls - 1].number = 10;
	e = event_of(&r);
	comes_back(&e, NULL);
}

static void test_json_keys(void **state)
{
	(void)state;
	struct bind_event e = event();
	json_t *o = event_json(&e, NULL);
	assert_string_equal(json_text_of(json_object_get(o, "time")), "2026-11-30T18:03:12.123456789Z");
	assert_string_equal(json_text_of(json_object_get(o, "errno")), "EADDRNOTAVAIL");
	assert_string_equal(json_text_of(json_object_get(o, "address")), "192.0.2.7");
	assert_true(json_is_null(json_object_get(o, "unit")));
	assert_true(json_is_null(json_object_get(o, "verdict")));
	assert_int_equal(json_array_size(json_object_get(json_object_get(o, "inner"), "watched")), KERNEL_FUNCTIONS);
	json_decref(o);
}

static void refused(const char *line, const char *says)
{
	char err[EVENT_ERROR] = "";
	struct bind_event e;
	struct event_verdict v;
	assert_int_equal(event_json_read(line, strlen(line), &e, &v, err, sizeof err), -EINVAL);
	if (!strstr(err, says))
		fail_msg("%s: %s", line, err);
}

#define AT "\"time\":\"2026-11-30T18:03:12.123456789Z\",\"error\":99"

static void test_json_refuses(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"", ""},
		{"[]", "object"},
		{"{\"time\":", "byte"},
		{"{}", "time"},
		{"{\"time\":\"2026-11-30\",\"error\":1}", "time"},
		{"{\"time\":\"2026-02-29T18:03:12.123456789Z\",\"error\":1}", "time"},
		{"{\"time\":\"2026-11-30T24:03:12.123456789Z\",\"error\":1}", "time"},
		{"{\"time\":\"2026-11-30T18:03:12.123456789Z\"}", "error"},
		{"{\"time\":\"2026-11-30T18:03:12.123456789Z\",\"error\":4096}", "error"},
		{"{" AT ",\"error\":1}", "duplicate"},
		{"{" AT ",\"pid\":-1}", "pid"},
		{"{" AT ",\"pid\":4294967296}", "pid"},
		{"{" AT ",\"pid\":1.5}", "pid"},
		{"{" AT ",\"program\":\"0123456789abcdef\"}", "program"},
		{"{" AT ",\"source\":\"else\"}", "source"},
		{"{" AT ",\"protocol\":\"tcp\"}", "family"},
		{"{" AT ",\"family\":\"ipx\"}", "family"},
		{"{" AT ",\"family\":65536}", "family"},
		{"{" AT ",\"family\":1,\"protocol\":\"tcp\"}", "family"},
		{"{" AT ",\"family\":\"inet\",\"protocol\":\"dccp\"}", "protocol"},
		{"{" AT ",\"family\":\"inet\",\"protocol\":\"tcp\",\"address\":\"::1\"}", "address"},
		{"{" AT ",\"address\":\"x\"}", "address"},
		{"{" AT ",\"family\":\"inet\",\"protocol\":\"tcp\",\"options\":{\"freebind\":1}}", "freebind"},
		{"{" AT ",\"family\":\"inet\",\"protocol\":\"tcp\",\"options\":{\"mark\":\"x\"}}", "mark"},
		{"{" AT ",\"family\":\"inet\",\"protocol\":\"tcp\",\"options\":[]}", "options"},
		{"{" AT ",\"inner\":{\"present\":true}}", "inner.watched"},
		{"{" AT ",\"inner\":[]}", "inner"},
		{"{" AT ",\"verdict\":{\"code\":\"NO_SUCH\"}}", "verdict.code"},
		{"{" AT ",\"x\":[[[[[[[[[[]]]]]]]]]]}", "deep"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		refused(cases[i][0], cases[i][1]);
}

static void test_json_passes_over(void **state)
{
	(void)state;
	static const char line[] =
		"{" AT ",\"later\":{\"a\":1},\"pid\":null,\"family\":\"inet\",\"protocol\":\"tcp\",\"options\":"
		"{\"later\":[]},\"inner\":{\"ran\":{\"later\":1},\"calls\":[{\"function\":\"later\"}]}}";
	char err[EVENT_ERROR] = "";
	struct bind_event e;
	struct event_verdict v;
	assert_int_equal(event_json_read(line, strlen(line), &e, &v, err, sizeof err), 0);
	assert_int_equal(e.err, 99);
	assert_true(!e.inner.present && e.socket_known && !e.addr_known);
}

static void test_json_too_much(void **state)
{
	(void)state;
	char err[EVENT_ERROR] = "";
	struct bind_event e;
	struct event_verdict v;
	char *line = calloc(1, EVENT_LINE + 2);
	assert_non_null(line);
	memset(line, ' ', EVENT_LINE + 1);
	assert_int_equal(event_json_read(line, EVENT_LINE + 1, &e, &v, err, sizeof err), -EINVAL);
	free(line);
}

static void cgroup_is(const char *path, const char *unit, const char *container)
{
	char text[UNIT_TEXT];
	assert_int_equal(cgroup_path_unit(path, text), *unit != '\0');
	assert_string_equal(text, unit);
	text[0] = '\0';
	assert_int_equal(cgroup_path_container(path, text), *container != '\0');
	assert_string_equal(text, container);
}

#define ID "1a2b3c4d5e6f00112233445566778899aabbccddeeff00112233445566778899"

static void test_cgroup(void **state)
{
	(void)state;
	cgroup_is("/", "", "");
	cgroup_is("", "", "");
	cgroup_is("/mine/below", "", "");
	cgroup_is("/system.slice/ssh.service", "ssh.service", "");
	cgroup_is("/system.slice/a.slice/_b.service/deeper/c.service", "b.service", "");
	cgroup_is("/init.scope", "init.scope", "");
	cgroup_is("/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "");
	cgroup_is("/user.slice/user-1000.slice/user@1000.service/app.slice/web.service", "web.service", "");
	cgroup_is("/user.slice/user-1000.slice/user@1000.service", "user@1000.service", "");
	cgroup_is("/mine/ssh.service", "", "");
	cgroup_is("/system.slice/docker-" ID ".scope", "docker-" ID ".scope", "docker 1a2b3c4d5e6f");
	cgroup_is("/machine.slice/libpod-" ID ".scope/container", "libpod-" ID ".scope", "podman 1a2b3c4d5e6f");
	cgroup_is("/docker/" ID, "", "docker 1a2b3c4d5e6f");
	cgroup_is("/kubepods/burstable/pod12/" ID "/x", "", "container 1a2b3c4d5e6f");
	cgroup_is("/lxc.payload.web/system.slice/a.service", "", "lxc web");
	cgroup_is("/docker-123.scope", "docker-123.scope", "");
	// Longer than there is room for.
	char path[2 * UNIT_TEXT + 16], text[UNIT_TEXT];
	memset(path, 'x', sizeof path);
	strcpy(path + sizeof path - 9, ".service");
	path[0] = '/';
	assert_true(cgroup_path_unit(path, text));
	assert_int_equal(strlen(text), UNIT_TEXT - 1);
}

static void unknown_is(const struct bind_event *e, const char *part)
{
	char text[VERDICT_WHY];
	event_unknown_say(e, text, sizeof text);
	if (!strstr(text, part))
		fail_msg("'%s' is not in: %s", part, text);
}

// What the kernel refused before it looked at an address says why by itself; what was not seen says nothing.
static void test_unknown(void **state)
{
	(void)state;
	struct bind_event e = {.fd = 7, .addrlen = 16, .family = AF_INET6, .socket_known = true, .err = EINVAL};
	unknown_is(&e, "16 bytes, too few for an address of IPv6 (24)");
	e.addrlen = -1;
	unknown_is(&e, "-1");
	e.addrlen = 129;
	unknown_is(&e, "129");
	e.addrlen = 24;
	unknown_is(&e, "not known");
	e.family = AF_INET;
	e.addrlen = 1;
	unknown_is(&e, "1 byte, too few for an address of IPv4 (16)");
	e.err = EPERM;
	unknown_is(&e, "not known");
	e.err = EFAULT;
	unknown_is(&e, "memory");
	e.err = EBADF; // a program of someone else's answered that
	unknown_is(&e, "not known");
	e.socket_known = false;
	e.family = 0;
	unknown_is(&e, "descriptor 7 is not open");
	e.err = ENOTSOCK;
	unknown_is(&e, "descriptor 7 is not a socket");
	e.source = SOURCE_TRACEPOINTS;
	unknown_is(&e, "not known");
	e = (struct bind_event){.source = SOURCE_BPF_TRACEPOINTS, .fd = -1, .addrlen = -1, .err = EBADF};
	unknown_is(&e, "not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_record_odd),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_filter_unit),
		cmocka_unit_test(test_row),
		cmocka_unit_test(test_row_unknown),
		cmocka_unit_test(test_row_of_tracepoints),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_inner),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_count_many),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_keys),
		cmocka_unit_test(test_json_refuses),
		cmocka_unit_test(test_json_passes_over),
		cmocka_unit_test(test_json_too_much),
		cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
