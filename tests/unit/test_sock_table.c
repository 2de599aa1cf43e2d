// SPDX-License-Identifier: GPL-3.0-or-later
// The table of sockets: what can be searched of each, and what came and went since the one before.
#include "core/model/sock_table.h"

#include <netinet/in.h>

#include "tests/unit/made_host.h"

static void add(struct question *q, const char *addr, uint16_t port, uint8_t state, uint32_t device)
{
	struct sock s = {.protocol = IPPROTO_TCP, .state = state, .port = port, .device = device, .inode = port};
	assert_int_equal(addr_parse(addr, &s.addr), 0);
	s.family = s.addr.family;
	if (state == 1) {
		addr_parse("198.51.100.9", &s.peer);
		s.peer_port = 443;
	}
	if (port == 80) {
		s.pid = 77;
		snprintf(s.comm, sizeof s.comm, "nginx");
	}
	assert_int_equal(question_add_sock(q, &s), 0);
}

static void test_table(void **state)
{
	(void)state;
	enum { ESTABLISHED = 1, LISTEN = 10 };
	struct host *h = made_host("lo; link v0");
	struct sock_table first = {0}, second = {0};
	struct question q = {0};
	add(&q, "192.0.2.7", 8080, LISTEN, 2);
	add(&q, "0.0.0.0", 80, LISTEN, 0);
	add(&q, "::1", 90, LISTEN, 9);
	add(&q, "192.0.2.1", 4000, ESTABLISHED, 0);
	assert_int_equal(sock_table_fill(&first, &q, h, &second), 0);
	assert_int_equal(first.n, 4);
	assert_int_equal(first.added + first.removed, 0); // there was none before
	assert_string_equal(sock_row_text(&first, 0), "tcp4 0.0.0.0:80 LISTEN   uid 0 pid 77 (nginx)");
	assert_string_equal(sock_row_text(&first, 1), "tcp6 [::1]:90 LISTEN  interface 9, which is gone uid 0 ");
	assert_string_equal(sock_row_text(&first, 2), "tcp4 192.0.2.1:4000 ESTABLISHED 198.51.100.9:443  uid 0 ");
	assert_string_equal(sock_row_text(&first, 3), "tcp4 192.0.2.7:8080 LISTEN  v0 uid 0 ");
	assert_int_equal(first.widest.local, strlen("192.0.2.1:4000"));
	snprintf(first.when, sizeof first.when, "18:03:12");
	add(&q, "0.0.0.0", 80, LISTEN, 0);
	add(&q, "0.0.0.0", 81, LISTEN, 0);
	assert_int_equal(sock_table_fill(&second, &q, h, &first), 0);
	assert_int_equal(second.added, 1);
	assert_int_equal(second.removed, 3);
	assert_false(second.rows[0].fresh);
	assert_true(second.rows[1].fresh);
	sock_table_free(&first);
	sock_table_free(&second);
	host_free(h);
}

// None at all; and very many.
static void test_sizes(void **state)
{
	(void)state;
	struct host *h = made_host("lo");
	struct sock_table none = {0}, many = {0};
	struct question q = {0};
	assert_int_equal(sock_table_fill(&none, &q, h, &many), 0);
	assert_int_equal(none.n, 0);
	for (unsigned i = 1; i <= 10000; i++)
		add(&q, "2001:db8:1111:2222:3333:4444:5555:6666", (uint16_t)i, 10, 0);
	assert_int_equal(sock_table_fill(&many, &q, h, &none), 0);
	assert_int_equal(many.n, 10000);
	assert_non_null(strstr(sock_row_text(&many, 9999), ":10000 "));
	sock_table_free(&none);
	sock_table_free(&many);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
