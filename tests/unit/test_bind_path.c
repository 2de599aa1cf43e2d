// SPDX-License-Identifier: GPL-3.0-or-later
// Which way a socket takes through the kernel, and in which functions.
#include "core/model/bind_path.h"
#include "tests/unit/made_host.h"

struct route {
	const char *bind, *function;
	enum family_rule rule;
	unsigned addrlen_min;
	const char *get_port; // NULL: no port is taken
	bool privilege;
};

static const struct path_step *step_of(const struct bind_path *p, enum step_id id)
{
	for (const struct path_step *s = p->steps; s->step != STEP_RESULT; s++)
		if (s->step == id)
			return s;
	return NULL;
}

static void test_paths(void **state)
{
	(void)state;
	static const struct route rows[] = {
		{"tcp4 127.0.0.1 0", "inet_bind", FAMILY_UNSPEC_ANY, 16, "inet_csk_get_port", true},
		{"mptcp4 127.0.0.1 0", "inet_bind", FAMILY_UNSPEC_ANY, 16, "inet_csk_get_port", true},
		{"udp4 127.0.0.1 0", "inet_bind", FAMILY_UNSPEC_ANY, 16, "udp_v4_get_port", true},
		{"udplite4 127.0.0.1 0", "inet_bind", FAMILY_UNSPEC_ANY, 16, "udp_v4_get_port", true},
		{"raw4 127.0.0.1 0", "raw_bind", FAMILY_IGNORED, 16, NULL, false},
		{"ping4 127.0.0.1 0", "ping_bind", FAMILY_UNSPEC_ANY, 16, "ping_get_port", false},
		{"tcp6 ::1 0", "inet6_bind", FAMILY_STRICT, 24, "inet_csk_get_port", true},
		{"mptcp6 ::1 0", "inet6_bind", FAMILY_STRICT, 24, "inet_csk_get_port", true},
		{"udp6 ::1 0", "inet6_bind", FAMILY_STRICT, 24, "udp_v6_get_port", true},
		{"udplite6 ::1 0", "inet6_bind", FAMILY_STRICT, 24, "udp_v6_get_port", true},
		{"tcp6 ::ffff:127.0.0.1 0", "inet6_bind", FAMILY_STRICT, 24, "inet_csk_get_port", true},
		{"udp6 ::ffff:127.0.0.1 0", "inet6_bind", FAMILY_STRICT, 24, "udp_v6_get_port", true},
		{"raw6 ::1 0", "rawv6_bind", FAMILY_EINVAL, 24, NULL, false},
		{"raw6 ::ffff:127.0.0.1 0", "rawv6_bind", FAMILY_EINVAL, 24, NULL, false},
		{"ping6 ::1 0", "ping_bind", FAMILY_STRICT, 28, "ping_get_port", false},
		{"ping6 ::ffff:127.0.0.1 0", "ping_bind", FAMILY_STRICT, 28, "ping_get_port", false},
	};
	struct host *h = made_host("lo");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct attempt a = made_attempt(h, rows[i].bind);
		const struct bind_path *p = bind_path_of(&a);
		const struct path_step *port = step_of(p, STEP_PORT);
		assert_string_equal(p->function, rows[i].function);
		assert_int_equal(p->family_rule, rows[i].rule);
		assert_int_equal(p->addrlen_min, rows[i].addrlen_min);
		assert_int_equal(port != NULL, rows[i].get_port != NULL);
		if (port)
			assert_string_equal(port->function, rows[i].get_port);
		assert_int_equal(step_of(p, STEP_PRIVILEGE) != NULL, rows[i].privilege);
		// The table is asked for where the IPv4 rules decide, the address list where IPv6's do.
		bool v4 = a.family == AF_INET || (addr_is_mapped(&a.addr) && a.kind != KIND_RAW && a.kind != KIND_PING);
		assert_int_equal(step_of(p, STEP_TABLE) != NULL, v4);
		assert_int_equal(step_of(p, STEP_ADDRESS_LIST) != NULL, !v4);
		assert_string_equal(step_of(p, STEP_HOOKS)->function, "security_socket_bind");
	}
	host_free(h);
}

// IPv4 judges the address before the port's privilege, IPv6 after it.
static void test_privilege_order(void **state)
{
	(void)state;
	struct host *h = made_host("lo");
	struct attempt v4 = made_attempt(h, "tcp4 127.0.0.1 0"), v6 = made_attempt(h, "tcp6 ::1 0");
	struct attempt mapped = made_attempt(h, "tcp6 ::ffff:127.0.0.1 0");
	const struct bind_path *p = bind_path_of(&v4), *q = bind_path_of(&v6), *m = bind_path_of(&mapped);
	assert_true(step_of(p, STEP_ACCEPTABLE) < step_of(p, STEP_PRIVILEGE));
	assert_true(step_of(p, STEP_PRIVILEGE) < step_of(p, STEP_STATE));
	assert_true(step_of(q, STEP_MULTICAST) < step_of(q, STEP_PRIVILEGE));
	assert_true(step_of(q, STEP_PRIVILEGE) < step_of(q, STEP_STATE));
	assert_true(step_of(q, STEP_STATE) < step_of(q, STEP_SCOPE));
	assert_true(step_of(q, STEP_SCOPE) < step_of(q, STEP_DEVICE));
	assert_true(step_of(q, STEP_DEVICE) < step_of(q, STEP_ADDRESS_LIST));
	assert_true(step_of(m, STEP_PRIVILEGE) < step_of(m, STEP_MAPPED));
	assert_true(step_of(m, STEP_MAPPED) < step_of(m, STEP_DEVICE));
	assert_true(step_of(m, STEP_DEVICE) < step_of(m, STEP_ACCEPTABLE));
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_privilege_order),
	};
	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
