// SPDX-License-Identifier: GPL-3.0-or-later
// The option and sysctl tables against the kernel's numbers.
#include "core/model/option.h"
#include "tests/unit/made_host.h"

// Level, number and acceptance as the kernel has them; the numbers are written out, so that a wrong header shows.
static void test_options(void **state)
{
	(void)state;
	static const struct {
		enum option_id id;
		const char *name, *symbol;
		int level, number;
		enum option_value value;
		enum option_cap cap;
		bool inet, inet6;
	} rows[] = {
		{OPT_FREEBIND, "freebind", "IP_FREEBIND", 0, 15, VALUE_BOOL, CAP_NONE, true, true},
		{OPT_FREEBIND6, "freebind6", "IPV6_FREEBIND", 41, 78, VALUE_BOOL, CAP_NONE, false, true},
		{OPT_TRANSPARENT, "transparent", "IP_TRANSPARENT", 0, 19, VALUE_BOOL, CAP_RAW_OR_ADMIN, true, true},
		{OPT_TRANSPARENT6, "transparent6", "IPV6_TRANSPARENT", 41, 75, VALUE_BOOL, CAP_RAW_OR_ADMIN, false,
		 true},
		{OPT_V6ONLY, "v6only", "IPV6_V6ONLY", 41, 26, VALUE_BOOL, CAP_NONE, false, true},
		{OPT_REUSEADDR, "reuseaddr", "SO_REUSEADDR", 1, 2, VALUE_BOOL, CAP_NONE, true, true},
		{OPT_REUSEPORT, "reuseport", "SO_REUSEPORT", 1, 15, VALUE_BOOL, CAP_NONE, true, true},
		{OPT_DEVICE, "device", "SO_BINDTODEVICE", 1, 25, VALUE_DEVICE, CAP_RAW_TO_REBIND, true, true},
		{OPT_IFINDEX, "ifindex", "SO_BINDTOIFINDEX", 1, 62, VALUE_NUMBER, CAP_RAW_TO_REBIND, true, true},
		{OPT_NOPORT, "noport", "IP_BIND_ADDRESS_NO_PORT", 0, 24, VALUE_BOOL, CAP_NONE, true, true},
		{OPT_PORTRANGE, "portrange", "IP_LOCAL_PORT_RANGE", 0, 51, VALUE_RANGE, CAP_NONE, true, true},
		{OPT_MARK, "mark", "SO_MARK", 1, 36, VALUE_NUMBER, CAP_RAW_OR_ADMIN, true, true},
	};
	assert_int_equal(sizeof rows / sizeof *rows, OPT_COUNT);
	for (size_t i = 0; i < OPT_COUNT; i++) {
		const struct sockopt *o = option_info(rows[i].id);
		assert_string_equal(o->name, rows[i].name);
		assert_string_equal(o->symbol, rows[i].symbol);
		assert_int_equal(o->level, rows[i].level);
		assert_int_equal(o->number, rows[i].number);
		assert_int_equal(o->value, rows[i].value);
		assert_int_equal(o->cap, rows[i].cap);
		assert_int_equal(o->inet, rows[i].inet);
		assert_int_equal(o->inet6, rows[i].inet6);
		assert_int_equal(option_find(o->name), rows[i].id);
		assert_true(!o->toggle || o->value == VALUE_BOOL); // a check box has two states
	}
	assert_int_equal(option_find(""), -1);
	assert_int_equal(option_find("FREEBIND"), -1);
	assert_int_equal(option_find("freebin"), -1);
	assert_int_equal(option_find("freebind "), -1);
}

static void test_sysctls(void **state)
{
	(void)state;
	static const struct {
		enum sysctl_id id;
		const char *name;
		unsigned field;
		int64_t initial;
	} rows[] = {
		{SYSCTL_V4_NONLOCAL, "net.ipv4.ip_nonlocal_bind", 0, 0},
		{SYSCTL_V6_NONLOCAL, "net.ipv6.ip_nonlocal_bind", 0, 0},
		{SYSCTL_UNPRIV_PORT, "net.ipv4.ip_unprivileged_port_start", 0, 1024},
		{SYSCTL_PORT_LOW, "net.ipv4.ip_local_port_range", 0, 32768},
		{SYSCTL_PORT_HIGH, "net.ipv4.ip_local_port_range", 1, 60999},
		{SYSCTL_AUTOBIND_REUSE, "net.ipv4.ip_autobind_reuse", 0, 0},
		{SYSCTL_TCP_L3MDEV, "net.ipv4.tcp_l3mdev_accept", 0, 0},
		{SYSCTL_UDP_L3MDEV, "net.ipv4.udp_l3mdev_accept", 0, 0},
		{SYSCTL_RAW_L3MDEV, "net.ipv4.raw_l3mdev_accept", 0, 1},
		{SYSCTL_BINDV6ONLY, "net.ipv6.bindv6only", 0, 0},
		{SYSCTL_PING_GID_LOW, "net.ipv4.ping_group_range", 0, 1},
		{SYSCTL_PING_GID_HIGH, "net.ipv4.ping_group_range", 1, 0},
		{SYSCTL_MPTCP, "net.mptcp.enabled", 0, 1},
		{SYSCTL_ALL_DISABLE6, "net.ipv6.conf.all.disable_ipv6", 0, 0},
		{SYSCTL_ALL_PROMOTE, "net.ipv4.conf.all.promote_secondaries", 0, 0},
	};
	assert_int_equal(sizeof rows / sizeof *rows, SYSCTL_COUNT);
	for (size_t i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *s = sysctl_info(rows[i].id);
		assert_string_equal(s->name, rows[i].name);
		assert_int_equal(s->field, rows[i].field);
		assert_int_equal(s->initial, rows[i].initial);
		if (s->field == 0) // a name alone means its first number
			assert_int_equal(sysctl_find(s->name), rows[i].id);
	}
	assert_int_equal(sysctl_find("net.ipv4.ip_forward"), -1);
	assert_int_equal(sysctl_find(""), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_sysctls),
	};
	return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
