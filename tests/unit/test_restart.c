// SPDX-License-Identifier: GPL-3.0-or-later
// The restart check over made-up hosts.
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "core/model/sock_list.h"
#include "core/text/sock_rows.h"
#include "tests/unit/made_host.h"

enum { LISTENS = 10, ESTABLISHED = 1, CLOSED = 7, TIME_WAIT = 6 };

static struct addr addr_of(const char *text)
{
	struct addr a = {0};
	if (*text)
		assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static struct sock sock_at(const char *local, uint16_t port, uint8_t state)
{
	struct addr a = addr_of(local);
	return (struct sock){.family = a.family,
			     .protocol = IPPROTO_TCP,
			     .state = state,
			     .addr = a,
			     .port = port,
			     .v6only = a.family == AF_INET6 ? YES : NO,
			     .inode = 1,
			     .pid = 77,
			     .comm = "server",
			     .owner = OWNER_PROCESS};
}

static struct sock connection(const char *local, uint16_t port, uint8_t state)
{
	struct sock s = sock_at(local, port, state);
	s.peer = addr_of("127.0.0.1");
	s.peer_port = 40000;
	s.inode = state == TIME_WAIT ? 0 : 2;
	return s;
}

static struct sock_list list;

static const struct listed *row_at(const char *local, uint16_t port)
{
	struct addr a = addr_of(local);
	for (size_t i = 0; i < list.n; i++)
		if (addr_equal(&list.rows[i].sock.addr, &a) && list.rows[i].sock.port == port)
			return &list.rows[i];
	fail_msg("%s:%u is not in the list", local, port);
	return NULL;
}

static void fill(const struct host *h, struct sock *socks, size_t n, const struct sock_wish *wish)
{
	sock_list_free(&list);
	assert_int_equal(sock_list_fill(h, socks, n, wish, &list), 0);
}

static const struct sock_wish usual, all = {.all = true};

static void test_verdicts(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0 tentative");
	struct sock socks[] = {
		sock_at("0.0.0.0", 80, LISTENS),          connection("127.0.0.1", 80, ESTABLISHED),
		sock_at("0.0.0.0", 81, LISTENS),          connection("127.0.0.1", 81, ESTABLISHED),
		sock_at("192.0.2.2", 443, LISTENS),       sock_at("192.0.2.9", 443, LISTENS),
		sock_at("2001:db8::2", 443, LISTENS),     sock_at("127.0.0.1", 8081, LISTENS),
		connection("127.0.0.1", 8081, TIME_WAIT), sock_at("127.0.0.1", 8082, LISTENS),
		connection("127.0.0.1", 8082, TIME_WAIT), sock_at("0.0.0.0", 67, LISTENS),
		sock_at("198.51.100.7", 500, LISTENS),    sock_at("198.51.100.8", 500, LISTENS),
	};
	enum { N = sizeof socks / sizeof *socks };
	socks[2].reuseaddr = socks[9].reuseaddr = socks[10].reuseaddr = YES;
	socks[11].device = 99;
	socks[12].nonlocal = YES;
	socks[13].nonlocal = UNKNOWN;
	fill(h, socks, N, &usual);
	static const struct {
		const char *local;
		uint16_t port;
		enum tri binds;
		int err;
		enum code code;
	} rows[] = {
		{"0.0.0.0", 80, UNKNOWN, EADDRINUSE, CODE_PORT_TAKEN}, // its connection may stay in TIME_WAIT
		{"0.0.0.0", 81, YES, 0, CODE_ADDR_ANY},                // unless it has SO_REUSEADDR
		{"192.0.2.2", 443, YES, 0, CODE_ADDR_LOCAL},
		{"192.0.2.9", 443, NO, EADDRNOTAVAIL, CODE_ADDR_NOT_LOCAL},
		{"2001:db8::2", 443, NO, EADDRNOTAVAIL, CODE_ADDR_TENTATIVE},
		{"127.0.0.1", 8081, NO, EADDRINUSE, CODE_PORT_TAKEN}, // connections in TIME_WAIT stay
		{"127.0.0.1", 8082, YES, 0, CODE_ADDR_LOCAL},         // unless both have SO_REUSEADDR
		{"0.0.0.0", 67, UNKNOWN, ENODEV, CODE_DEVICE_UNKNOWN},
		{"198.51.100.7", 500, YES, 0, CODE_NONLOCAL_BY_FREEBIND},
		{"198.51.100.8", 500, UNKNOWN, EADDRNOTAVAIL, CODE_ADDR_NOT_LOCAL},
	};
	enum { ROWS = sizeof rows / sizeof *rows };
	assert_int_equal(list.n, ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		const struct restart *r = &row_at(rows[i].local, rows[i].port)->again;
		if (r->binds != rows[i].binds || r->err != rows[i].err || r->code != rows[i].code)
			fail_msg("%s:%u: %d %s %s", rows[i].local, rows[i].port, r->binds, errno_name(r->err),
				 code_info(r->code)->name);
		assert_true(r->why[0] != '\0');
	}
	assert_int_equal(list.refused, 3);
	assert_int_equal(list.open, 3);
	fill(h, socks, N, &all);
	assert_int_equal(list.n, N);
	assert_int_equal(list.refused, 3); // connections are not counted
	host_free(h);
}

// Another socket of the port is in the way, its own self is not.
static void test_others(void **state)
{
	(void)state;
	struct host *h = made_host("lo");
	struct sock socks[] = {sock_at("0.0.0.0", 53, LISTENS), sock_at("127.0.0.1", 53, LISTENS),
			       sock_at("127.0.0.2", 53, LISTENS)};
	for (int i = 0; i < 3; i++) {
		socks[i].inode = (uint32_t)i + 1;
		socks[i].reuseport = YES;
		socks[i].uid = 5;
	}
	fill(h, socks, 3, &usual);
	assert_int_equal(list.refused, 0);
	socks[2].uid = 6; // at 127.0.0.2: meets 0.0.0.0 only
	fill(h, socks, 3, &usual);
	assert_int_equal(row_at("127.0.0.1", 53)->again.binds, YES);
	// It may be let in by what the port remembers.
	assert_int_not_equal(row_at("127.0.0.2", 53)->again.binds, YES);
	assert_int_not_equal(row_at("0.0.0.0", 53)->again.binds, YES);
	host_free(h);
}

static void test_wishes(void **state)
{
	(void)state;
	struct sock any = sock_at("0.0.0.0", 80, LISTENS), six = sock_at("::", 80, LISTENS),
		    one = sock_at("192.0.2.2", 81, LISTENS);
	struct sock_wish four = {.family = AF_INET}, port = {.port = 80}, at = {.addr = addr_of("192.0.2.2")},
			 udp = {.protocol = IPPROTO_UDP};
	assert_true(sock_wished(&four, &any) && !sock_wished(&four, &six));
	assert_true(sock_wished(&port, &any) && !sock_wished(&port, &one));
	assert_true(sock_wished(&at, &any) && sock_wished(&at, &one) && sock_wished(&at, &six));
	assert_false(sock_wished(&udp, &any));
	struct sock open = connection("127.0.0.1", 80, ESTABLISHED);
	assert_true(sock_wished(&all, &open) && !sock_wished(&usual, &open));
}

// Each value is in its row, whatever the width; no line is too long where there is a blank to break at.
static void test_rows(void **state)
{
	(void)state;
	struct host *h = made_host("lo");
	struct sock s = sock_at("192.0.2.9", 443, LISTENS);
	fill(h, &s, 1, &usual);
	strcpy(list.rows[0].unit, "a-long-name.service");
	for (unsigned width = 60; width <= 200; width += 20) {
		char text[2048] = "";
		struct row row;
		unsigned local = sock_rows_local(h, &list, width);
		for (unsigned n = 0; sock_rows_line(h, &list.rows[0], local, width, n, &row); n++) {
			assert_true(n < 12);
			strcat(strcat(text, row.text), "\n");
		}
		static const char *const parts[] = {
			"tcp4",     "192.0.2.9:443",       "LISTEN",        "77",
			"(server)", "a-long-name.service", "EADDRNOTAVAIL", "ADDR_NOT_LOCAL"};
		for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
			if (!strstr(text, parts[i]))
				fail_msg("no %s at %u columns in\n%s", parts[i], width, text);
	}
	json_t *one = listed_json(h, &list.rows[0]);
	assert_string_equal(json_string_value(json_object_get(json_object_get(one, "again"), "code")),
			    "ADDR_NOT_LOCAL");
	assert_true(json_is_false(json_object_get(json_object_get(one, "again"), "binds")));
	json_decref(one);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_wishes),
		cmocka_unit_test(test_rows),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	sock_list_free(&list);
	return failed;
}
