// SPDX-License-Identifier: GPL-3.0-or-later
// What was done to sockets before their binds: kept, bounded, and read as an attempt; and the reasons of calls that
// have no walk.
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/call_reason.h"
#include "core/model/decide.h"
#include "core/model/port_pool.h"
#include "core/model/socket_history.h"
#include "core/record/history_json.h"
#include "core/text/history_row.h"
#include "tests/unit/made_host.h"

static struct option_call made_call(int level, int number, int value, int err)
{
	struct option_call c = {.level = level, .number = number, .len = sizeof value, .got = sizeof value, .err = err};
	memcpy(c.value, &value, sizeof value);
	return c;
}

static void add(struct socket_history *s, enum option_id id, int value, int err)
{
	struct option_call c = made_call(option_info(id)->level, option_info(id)->number, value, err);
	history_add(s, &c);
}

static struct socket_history made_socket(int family, int type, int protocol)
{
	return (struct socket_history){.made = true, .family = family, .type = type, .protocol = protocol};
}

static void test_kept(void **state)
{
	struct histories *h = histories_new();
	(void)state;
	assert_null(history_find(h, 7, 1, 3));
	struct socket_history *a = history_begin(h, 7, 1, 3), *b = history_begin(h, 0, 1, 3);
	assert_ptr_equal(history_find(h, 7, 99, 99), a); // whoever has it
	assert_ptr_equal(history_find(h, 0, 1, 3), b);   // by process and descriptor
	assert_null(history_find(h, 0, 2, 3));
	a->made = true;
	assert_ptr_equal(history_begin(h, 7, 1, 3), a); // anew
	assert_false(a->made);
	histories_free(h);
	assert_null(history_find(NULL, 7, 1, 3));
	assert_null(history_begin(NULL, 7, 1, 3));
	histories_free(NULL);
}

static void test_bounded(void **state)
{
	struct histories *h = histories_new();
	(void)state;
	for (uint64_t i = 1; i <= HISTORY_SOCKETS + 10; i++)
		assert_non_null(history_begin(h, i, 1, 3));
	assert_null(history_find(h, 10, 1, 3));
	assert_non_null(history_find(h, 11, 1, 3));
	assert_int_equal(history_at(h, 0)->inode, 11);
	assert_int_equal(history_at(h, HISTORY_SOCKETS - 1)->inode, HISTORY_SOCKETS + 10);
	assert_null(history_at(h, HISTORY_SOCKETS));
	struct socket_history *s = history_at(h, 0);
	for (int i = 0; i < HISTORY_CALLS + 5; i++)
		add(s, OPT_MARK, i, 0);
	assert_int_equal(s->ncalls, HISTORY_CALLS);
	assert_int_equal(s->left_out, 5);
	assert_int_equal(s->calls[0].value[0], 5);
	histories_free(h);
}

static void test_attempt(void **state)
{
	struct socket_history s = made_socket(AF_INET6, SOCK_DGRAM, 0);
	struct option_call device = {
		.level = SOL_SOCKET, .number = SO_BINDTODEVICE, .len = 5, .got = 5, .value = "eth0"};
	struct attempt a;
	(void)state;
	add(&s, OPT_FREEBIND, 1, 0);
	add(&s, OPT_FREEBIND6, 0, 0); // the same bit
	add(&s, OPT_TRANSPARENT, 1, EPERM);
	add(&s, OPT_V6ONLY, 0, 0);
	add(&s, OPT_MARK, 5, 0);
	history_add(&s, &device);
	assert_true(history_attempt(&s, &a));
	assert_int_equal(a.kind, KIND_UDP);
	assert_false(attempt_on(&a, OPT_FREEBIND) || attempt_on(&a, OPT_TRANSPARENT));
	assert_non_null(attempt_setting(&a, OPT_V6ONLY)); // off, where the sysctl may say otherwise
	assert_string_equal(attempt_setting(&a, OPT_DEVICE)->device, "eth0");
	assert_true(attempt_on(&a, OPT_MARK));
	device.value[0] = '\0'; // unbinds it
	history_add(&s, &device);
	assert_true(history_attempt(&s, &a));
	assert_int_equal(attempt_setting(&a, OPT_DEVICE) ? attempt_setting(&a, OPT_DEVICE)->value : 0, 0);
	s.calls[0].got = 0; // a value that could not be read
	assert_false(history_attempt(&s, &a));
	s = made_socket(AF_INET, SOCK_RAW, 0);
	assert_false(history_attempt(&s, &a));
	s = made_socket(AF_INET, SOCK_STREAM, 0);
	s.made = false;
	assert_false(history_attempt(&s, &a));
}

static void test_refused(void **state)
{
	struct socket_history s = made_socket(AF_INET, SOCK_STREAM, 0);
	struct setting set;
	int err;
	(void)state;
	assert_false(history_failed(&s));
	assert_false(history_refused(NULL, 0, &set, &err));
	add(&s, OPT_TRANSPARENT, 1, EPERM);
	add(&s, OPT_FREEBIND, 1, EPERM);
	add(&s, OPT_FREEBIND, 1, 0); // later it was set
	add(&s, OPT_MARK, 9, EPERM);
	assert_true(history_failed(&s));
	assert_true(history_refused(&s, 0, &set, &err) && set.option == OPT_TRANSPARENT && err == EPERM);
	assert_true(history_refused(&s, 1, &set, &err) && set.option == OPT_MARK && set.value == 9);
	assert_false(history_refused(&s, 2, &set, &err));
}

static void test_port(void **state)
{
	struct socket_history s = made_socket(AF_INET, SOCK_STREAM, 0);
	(void)state;
	assert_true(history_has_port(NULL)); // nothing was seen that speaks against it
	assert_false(history_has_port(&s));  // it was never bound: that port is an old one
	s.bound = true;
	assert_true(history_has_port(&s));
	s.chosen = s.let_go = true;
	assert_false(history_has_port(&s));
	s.chosen = false; // it was asked for, and stays
	assert_true(history_has_port(&s));
}

static void expect_row(const struct socket_history *s, unsigned n, const char *text)
{
	struct row r;
	assert_true(history_row(s, true, n, &r));
	assert_string_equal(r.text, text);
}

static void test_rows(void **state)
{
	struct socket_history s = made_socket(AF_INET6, SOCK_STREAM, 6);
	struct row r;
	(void)state;
	add(&s, OPT_TRANSPARENT, 1, EPERM);
	history_add(&s,
		    &(struct option_call){
			    .level = SOL_SOCKET, .number = SO_BINDTODEVICE, .len = 3, .got = 3, .value = "a\x1b\xff"});
	history_add(&s, &(struct option_call){.level = 77, .number = 99, .len = 40, .got = 2, .value = {1, 0xab}});
	history_add(&s, &(struct option_call){.level = IPPROTO_TCP, .number = TCP_NODELAY, .len = 4});
	struct option_call nodelay = made_call(IPPROTO_TCP, TCP_NODELAY, -1, 0);
	history_add(&s, &nodelay);
	expect_row(&s, 0, "socket(AF_INET6, SOCK_STREAM, 6)");
	expect_row(&s, 1, "setsockopt(IP_TRANSPARENT, 1) EPERM, and the program went on");
	expect_row(&s, 2, "setsockopt(SO_BINDTODEVICE, \"a\\x1b\\xff\")");
	expect_row(&s, 3, "setsockopt(level 77, option 99, 0x01ab…)");
	expect_row(&s, 4, "setsockopt(TCP_NODELAY)");
	expect_row(&s, 5, "setsockopt(TCP_NODELAY, -1)");
	assert_false(history_row(&s, true, 6, &r));
	json_t *json = history_json(&s);
	assert_int_equal(json_array_size(json), 6);
	json_decref(json);
	s.made = false;
	s.left_out = 3;
	assert_true(history_row(&s, true, 1, &r));
	assert_non_null(strchr(r.text, '3'));
	assert_true(history_row(&s, true, 6, &r));
	assert_false(history_row(&s, true, 7, &r));
}

static void test_reasons(void **state)
{
	struct call_reason r = {0};
	char n[REASON_NUMBER], longest[2 * REASON_TEXT];
	(void)state;
	reason_say(&r, REASON_DESCRIPTORS, reason_number(20, n), "18446744073709551615");
	assert_string_equal(r.code, reason_name(REASON_DESCRIPTORS));
	assert_non_null(strstr(r.sentence, "20 descriptors"));
	assert_null(strchr(r.sentence, '{'));
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	reason_say(&r, REASON_DESCRIPTORS, longest, "1");
	assert_int_equal(strlen(r.sentence), REASON_TEXT - 1);
	for (int i = 0; i < REASON_COUNT; i++)
		assert_true(strlen(reason_name((enum reason_id)i)) < REASON_CODE);
}

// Ports 50000 to 50005: reserved, bound, listened on, connected there, connected elsewhere, free.
static void test_pool(void **state)
{
	static struct host h;
	static struct question q;
	struct endpoint to = {.port = 80};
	struct addr from, other;
	(void)state;
	addr_parse("10.0.0.1", &from);
	addr_parse("10.0.0.2", &to.addr);
	addr_parse("10.0.0.3", &other);
	h.sysctl[SYSCTL_PORT_LOW] = 50000;
	h.sysctl[SYSCTL_PORT_HIGH] = 50005;
	h.reserved_ports[50000 / 8] |= 1 << 50000 % 8;
	const struct sock socks[] = {
		{.port = 50000, .state = 7, .addr = from},
		{.port = 50001, .state = 7, .addr = from},
		{.port = 50002, .state = 10, .addr = other},
		{.port = 50003, .state = 1, .addr = from, .peer = to.addr, .peer_port = 80},
		{.port = 50004, .state = 1, .addr = from, .peer = to.addr, .peer_port = 81},
		{.port = 50004, .state = 1, .addr = other, .peer = to.addr, .peer_port = 80},
		{.port = 60000, .state = 7, .addr = from},
	};
	for (size_t i = 0; i < sizeof socks / sizeof *socks; i++)
		question_add_sock(&q, &socks[i]);
	const struct pool p = pool_of(&h, 0, 0);
	struct connect_pool c = pool_connect(&p, &h, &q, &from, &to);
	assert_int_equal(p.reserved, 1);
	assert_int_equal(c.bound, 2);
	assert_int_equal(c.connected, 1);
	question_free(&q);
}

static void test_kinds(void **state)
{
	static const struct {
		uint8_t family;
		int type, protocol, kind; // -1: none that is known
	} all[] = {
		{AF_INET, SOCK_STREAM, 0, KIND_TCP},
		{AF_INET6, SOCK_DGRAM, 0, KIND_UDP},
		{AF_INET, SOCK_DGRAM, IPPROTO_ICMP, KIND_PING},
		{AF_INET6, SOCK_DGRAM, IPPROTO_ICMP, -1},
		{AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, KIND_PING},
		{AF_INET, SOCK_STREAM, 262, KIND_MPTCP},
		{AF_INET, SOCK_RAW, 255, KIND_RAW},
		{AF_INET, SOCK_RAW, 0, -1},
		{AF_INET, SOCK_RAW, 256, -1},
		{AF_INET, SOCK_STREAM, IPPROTO_UDP, -1},
		{AF_INET, SOCK_SEQPACKET, 0, -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct addr any = {.family = all[i].family};
		struct attempt a = attempt_new(&any);
		bool known = kind_made(&a, all[i].type, all[i].protocol);
		assert_int_equal(known ? (int)a.kind : -1, all[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),    cmocka_unit_test(test_bounded), cmocka_unit_test(test_attempt),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_port),    cmocka_unit_test(test_rows),
		cmocka_unit_test(test_reasons), cmocka_unit_test(test_pool),    cmocka_unit_test(test_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
