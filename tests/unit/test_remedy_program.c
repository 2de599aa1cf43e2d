// SPDX-License-Identifier: GPL-3.0-or-later
// Which program a process runs, and how that one spells a remedy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/model/remedy_program.h"

static void finds_a_program_by_its_executable(void **state)
{
	(void)state;
	assert_int_equal(program_find("nginx", "/usr/sbin/nginx"), PROGRAM_NGINX);
	assert_int_equal(program_find("web", "/usr/bin/python3.11"), PROGRAM_PYTHON);
	assert_int_equal(program_find("nginx", "/usr/bin/python3.11"), PROGRAM_PYTHON);
	assert_int_equal(program_find("MainThread", "/usr/bin/node"), PROGRAM_NODE);
	assert_int_equal(program_find("postgres", "/usr/lib/postgresql/15/bin/postgres"), PROGRAM_POSTGRESQL);
	assert_int_equal(program_find("java", "/usr/lib/jvm/java-17-openjdk-amd64/bin/java"), PROGRAM_JAVA);
	assert_int_equal(program_find("sshd", "/usr/sbin/sshd (deleted)"), PROGRAM_SSHD);
	assert_int_equal(program_find("redis-server", "/usr/bin/redis-check-rdb"), PROGRAM_REDIS);
	assert_int_equal(program_find("", "redis-server"), PROGRAM_REDIS);
	assert_int_equal(program_find(NULL, "/usr/sbin/haproxy"), PROGRAM_HAPROXY);
}

static void finds_it_by_its_name_where_the_executable_tells_nothing(void **state)
{
	(void)state;
	assert_int_equal(program_find("unbound", NULL), PROGRAM_UNBOUND);
	assert_int_equal(program_find("dnsmasq", ""), PROGRAM_DNSMASQ);
	assert_int_equal(program_find("keepalived", "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"),
			 PROGRAM_KEEPALIVED);
	assert_int_equal(program_find("systemd", "/usr/lib/systemd/"), PROGRAM_SYSTEMD);
}

static void another_program_is_none_of_them(void **state)
{
	(void)state;
	static const char *const others[] = {"",
					     "/",
					     "/usr/bin/nginx-thing",
					     "/usr/bin/systemd-socket-activate",
					     "/usr/bin/python-config",
					     "/opt/nginx/server",
					     "/usr/bin/mynginx",
					     "/usr/bin/NGINX",
					     " (deleted)",
					     "/usr/sbin/nginx (deleted) ",
					     "/usr/bin/\x1b[2J",
					     "/usr/bin/ngin"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(program_find("main", others[i]), PROGRAM_COUNT);
	assert_int_equal(program_find(NULL, NULL), PROGRAM_COUNT);
	assert_int_equal(program_find("systemd-socket-", NULL), PROGRAM_COUNT);
}

static void each_program_is_found_by_the_name_it_is_told_by(void **state)
{
	(void)state;
	for (int p = 0; p < PROGRAM_COUNT; p++) {
		const char *name = program_name((enum program)p);
		if (p == PROGRAM_POSTGRESQL || p == PROGRAM_REDIS)
			assert_int_equal(program_find(name, NULL), PROGRAM_COUNT);
		else
			assert_int_equal(program_find(name, NULL), p);
	}
}

static const char *spelled(enum program p, enum spelled what, const char *name, uint16_t port)
{
	static char text[SPELLING_TEXT];
	struct spelling s = {.what = what, .port = port};
	snprintf(s.name, sizeof s.name, "%s", name);
	return program_spelling(p, &s, text);
}

static void spells_what_its_program_would_read(void **state)
{
	(void)state;
	assert_string_equal(spelled(PROGRAM_NGINX, SPELLED_BIND, "0.0.0.0", 80), "listen 0.0.0.0:80");
	assert_string_equal(spelled(PROGRAM_NGINX, SPELLED_BIND, "::", 80), "listen [::]:80");
	assert_string_equal(spelled(PROGRAM_REDIS, SPELLED_BIND, "::", 6379), "bind ::");
	assert_string_equal(spelled(PROGRAM_REDIS, SPELLED_PORT, "::", 1024), "port 1024");
	assert_string_equal(spelled(PROGRAM_PYTHON, SPELLED_PORT, "127.0.0.1", 1024), "sock.bind(('127.0.0.1', 1024))");
	assert_string_equal(spelled(PROGRAM_JAVA, SPELLED_BIND, "::", 65535), "new InetSocketAddress(\"::\", 65535)");
	assert_string_equal(spelled(PROGRAM_SYSTEMD, SPELLED_USER, "%s%p", 0), "User=%s%p");
	assert_string_equal(spelled(PROGRAM_SSHD, SPELLED_SCOPE, "fe80::1%eth0", 22), "ListenAddress fe80::1%eth0");
	assert_string_equal(spelled(PROGRAM_WEBHOOK, SPELLED_SCOPE, "fe80::1%eth0", 22), "-ip [fe80::1%eth0]");
	assert_string_equal(spelled(PROGRAM_PYTHON, SPELLED_SCOPE, "fe80::1%eth0", 80),
			    "sock.bind(('fe80::1', 80, 0, socket.if_nametoindex('eth0')))");
	assert_string_equal(spelled(PROGRAM_PYTHON, SPELLED_SCOPE, "fe80::1", 80),
			    "sock.bind(('fe80::1', 80, 0, socket.if_nametoindex('')))");
	assert_null(spelled(PROGRAM_NGINX, SPELLED_SCOPE, "fe80::1%eth0", 80));
	assert_string_equal(spelled(PROGRAM_UNBOUND, SPELLED_FREEBIND, "", 0), "ip-freebind: yes");
	assert_null(spelled(PROGRAM_NGINX, SPELLED_FREEBIND, "", 0));
	assert_null(spelled(PROGRAM_POSTGRESQL, SPELLED_FREEBIND, "", 0));
	assert_null(spelled(PROGRAM_NODE, SPELLED_FREEBIND, "", 0));
}

static void each_spelling_fits(void **state)
{
	(void)state;
	char listed[SPELLING_TEXT];
	struct spelling s = {.port = UINT16_MAX};
	memset(s.name, ':', 45); // the longest address
	for (int what = 0; what < SPELLED_COUNT; what++)
		for (int p = 0; p < PROGRAM_COUNT; p++) {
			s.what = (enum spelled)what;
			const char *text = spelled((enum program)p, s.what, s.name, s.port);
			assert_true(!text || (*text && strlen(text) + 1 < SPELLING_TEXT));
			if (program_spelling_listed((enum program)p, &s, listed))
				assert_non_null(text);
		}
}

static void a_list_for_everyone_leaves_out_what_is_plain(void **state)
{
	(void)state;
	char text[SPELLING_TEXT];
	struct spelling s = {.what = SPELLED_PORT, .port = 1024};
	for (int p = 0; p < PROGRAM_COUNT; p++)
		assert_null(program_spelling_listed((enum program)p, &s, text));
	s.what = SPELLED_FREEBIND;
	assert_null(program_spelling_listed(PROGRAM_PYTHON, &s, text));
	assert_string_equal(program_spelling_listed(PROGRAM_UNBOUND, &s, text), "ip-freebind: yes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_a_program_by_its_executable),
		cmocka_unit_test(finds_it_by_its_name_where_the_executable_tells_nothing),
		cmocka_unit_test(another_program_is_none_of_them),
		cmocka_unit_test(each_program_is_found_by_the_name_it_is_told_by),
		cmocka_unit_test(spells_what_its_program_would_read),
		cmocka_unit_test(each_spelling_fits),
		cmocka_unit_test(a_list_for_everyone_leaves_out_what_is_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
