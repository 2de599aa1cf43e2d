// SPDX-License-Identifier: GPL-3.0-or-later
// SCTP, which has rules and errnos of its own: local addresses only, and EADDRNOTAVAIL for nearly everything.
#include "core/model/port_conflict.h"
#include "tests/unit/made_walk.h"

#define NET "lo; link v0; link v1; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v1;"
#define VRF "lo; vrf red 10; link d0 master red; addr 10.0.0.1/24 dev d0; addr 2001:db8::1/64 dev d0;"

static void test_sctp4(void **state)
{
	(void)state;
#define ROUTE(type) "tables; split; route " type " 10.0.2.1 table local"
	static const struct wanted cases[] = {
		{"lo", "sctp4 127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "sctp4 0.0.0.0 0", 0, CLASSIFY_ANY, CODE_ADDR_ANY},
		{"lo", "sctp4 9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "sctp4 9.9.9.9 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "sctp4 9.9.9.9 0 transparent", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL}, // it does not count
		{"lo; sysctl net.ipv4.ip_nonlocal_bind=1", "sctp4 9.9.9.9 0", 0, NONLOCAL_SYSCTL,
		 CODE_NONLOCAL_BY_SYSCTL},
		{ROUTE("broadcast"), "sctp4 10.0.2.1 0", EADDRNOTAVAIL, ACCEPTABLE_SCTP, CODE_ADDR_TYPE},
		{ROUTE("broadcast"), "sctp4 10.0.2.1 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{ROUTE("multicast"), "sctp4 10.0.2.1 0", EADDRNOTAVAIL, ACCEPTABLE_SCTP, CODE_ADDR_TYPE},
		{ROUTE("anycast"), "sctp4 10.0.2.1 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{ROUTE("blackhole"), "sctp4 10.0.2.1 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "sctp4 224.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_SCTP, CODE_ADDR_TYPE},
		{"lo", "sctp4 224.0.0.1 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "sctp4 127.0.0.1 0 len=15", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{"lo", "sctp4 127.0.0.1 0 family=77", EINVAL, FAMILY_WRONG_RAW6, CODE_ARGUMENT_FAMILY},
		{"lo", "sctp4 127.0.0.1 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "sctp4 127.0.0.1 0 noport twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "sctp4 9.9.9.9 80 uid=1000", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "sctp4 127.0.0.1 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{"lo; sock sctp4 0.0.0.0 80 listen", "sctp4 127.0.0.1 80", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
		{VRF, "sctp4 10.0.0.1 0 dev=red", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF "kernel 6.1.192", "sctp4 10.0.0.1 0 dev=red", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF,
		 CODE_ADDR_OTHER_VRF},
		{"lo; without sctp", "sctp4 127.0.0.1 0", EPROTONOSUPPORT, SOCKET_NO_PROTOCOL, CODE_SOCKET_REFUSED},
	};
	CHECK_ALL(cases);
}

// Sockets on different devices: compared since 6.2 only.
static void test_devices(void **state)
{
	(void)state;
#define SOCK "lo; link v0; link v1; sock sctp4 0.0.0.0 80 listen dev=v0;"
	static const struct wanted cases[] = {
		{SOCK, "sctp4 127.0.0.1 80 dev=v1", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{SOCK, "sctp4 127.0.0.1 80 dev=v0", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
		{SOCK, "sctp4 127.0.0.1 80", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
		{SOCK "kernel 6.1.192", "sctp4 127.0.0.1 80 dev=v1", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
		{SOCK "kernel 6.1.192", "sctp4 127.0.0.1 80 dev=v0", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
	};
	CHECK_ALL(cases);
}

static void test_sctp6(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{NET, "sctp6 ::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "sctp6 :: 0", 0, LIST_ANY, CODE_ADDR_ANY},
		{NET, "sctp6 2001:db8::9 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
		{NET, "sctp6 2001:db8::9 0 transparent", 0, NONLOCAL_TRANSPARENT,
		 CODE_NONLOCAL_BY_TRANSPARENT}, // here it does
		{NET, "sctp6 2001:db8::9 0 freebind6", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{NET, "sctp6 ff0e::1 0", EADDRNOTAVAIL, TYPE_NOT_UNICAST_SCTP, CODE_ADDR_TYPE},
		{NET, "sctp6 ff02::1 0 scope=v0", EADDRNOTAVAIL, TYPE_NOT_UNICAST_SCTP, CODE_ADDR_TYPE},
		{NET, "sctp6 fe80::1 0", EADDRNOTAVAIL, SCOPE_NONE_SCTP, CODE_SCOPE_MISSING},
		{NET, "sctp6 fe80::1 0 dev=v1", EADDRNOTAVAIL, SCOPE_NONE_SCTP, CODE_SCOPE_MISSING},
		{NET, "sctp6 fe80::1 0 scope=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "sctp6 fe80::1 0 scope=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{NET, "sctp6 fe80::1 0 scope=999", EADDRNOTAVAIL, DEVICE_GONE_SCTP, CODE_DEVICE_UNKNOWN}, // no ENODEV
		{NET, "sctp6 fe80::1 0 scope=999 dev=v1", EADDRNOTAVAIL, DEVICE_GONE_SCTP, CODE_DEVICE_UNKNOWN},
		{NET, "sctp6 fe80::1 0 scope=v1 dev=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{NET, "sctp6 fe80::1 0 scope=v0 dev=v1", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{NET, "sctp6 fe80::1 0 scope=v1 dev=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "sctp6 ::1 0 len=27", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{NET, "sctp6 ::1 0 family=77", EINVAL, FAMILY_WRONG_RAW6, CODE_ARGUMENT_FAMILY},
		{NET, "sctp6 ::ffff:127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{NET, "sctp6 ::ffff:127.0.0.1 0 v6only", EINVAL, MAPPED_V6ONLY, CODE_V6ONLY_MAPPED},
		{NET, "sctp6 ::ffff:9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{NET, "sctp6 2001:db8::9 80 uid=1000", EADDRNOTAVAIL, LIST_NONE,
		 CODE_ADDR_NOT_LOCAL}, // the address first
		{NET, "sctp6 ::1 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{NET, "sctp6 ::1 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{VRF, "sctp6 2001:db8::1 0", EADDRNOTAVAIL, LIST_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "sctp6 2001:db8::1 0 dev=red", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
	};
	CHECK_ALL(cases);
}

static void test_conflicts(void **state)
{
	(void)state;
	static const struct {
		const char *sock, *bind;
		enum tri conflicts;
	} cases[] = {
		{"sctp4 0.0.0.0 80", "sctp4 127.0.0.1 80", YES},
		{"sctp4 127.0.0.1 80", "sctp4 0.0.0.0 80", YES},
		{"sctp4 127.0.0.1 80", "sctp4 127.0.0.1 80", YES},
		{"sctp4 127.0.0.1 80", "sctp4 127.0.0.2 80", NO},
		{"sctp4 127.0.0.1 80", "sctp6 ::ffff:127.0.0.1 80", YES},
		{"sctp4 127.0.0.1 80", "sctp6 :: 80", YES},
		{"sctp4 127.0.0.1 80", "sctp6 :: 80 v6only", NO},
		{"sctp4 127.0.0.1 80", "sctp6 ::1 80", NO},
		{"sctp6 :: 80", "sctp4 127.0.0.1 80", YES},
		{"sctp6 :: 80 v6only", "sctp4 127.0.0.1 80", NO},
		{"sctp6 :: 80 v6only=?", "sctp4 127.0.0.1 80", UNKNOWN},
		{"sctp6 ::1 80", "sctp4 0.0.0.0 80", YES}, // a plain IPv6 bind does not make an SCTP socket IPv6 only
		{"sctp6 ::1 80", "sctp6 ::1 80", YES},
		{"sctp6 ::1 80", "sctp6 2001:db8::1 80", NO},
		{"sctp6 ::1 80", "sctp6 :: 80", YES},
		{"sctp6 fe80::1 80", "sctp6 fe80::1 80", UNKNOWN}, // on which link can't be seen
		{"sctp4 127.0.0.1 80 reuse", "sctp4 127.0.0.1 80 reuseaddr", NO},
		{"sctp4 127.0.0.1 80 reuse listen", "sctp4 127.0.0.1 80 reuseaddr", YES},
		{"tcp4 127.0.0.1 80", "sctp4 127.0.0.1 80", NO},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char script[128];
		snprintf(script, sizeof script, "lo; link v0; link v1; %s; sock %s", i % 2 ? "kernel 6.1.192" : "",
			 cases[i].sock);
		struct host *h = made_host(script);
		struct attempt a = made_attempt(h, cases[i].bind);
		struct claimant me = {.addr = a.addr,
				      .protocol = IPPROTO_SCTP,
				      .v6only = attempt_on(&a, OPT_V6ONLY),
				      .reuseaddr = attempt_on(&a, OPT_REUSEADDR)};
		enum tri got = port_conflict(h, &me, &made_question.socks[0], false);
		if (got != cases[i].conflicts)
			fail_msg("%s against %s: %d", cases[i].bind, cases[i].sock, got);
		// A port that the kernel chooses is one that nobody has.
		bool sctp = made_question.socks[0].protocol == IPPROTO_SCTP;
		assert_int_equal(port_conflict(h, &me, &made_question.socks[0], true), sctp ? YES : NO);
		host_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sctp4),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_sctp6),
		cmocka_unit_test(test_conflicts),
	};
	return cmocka_run_group_tests_name("decide_sctp", tests, NULL, NULL);
}
