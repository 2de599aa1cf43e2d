// SPDX-License-Identifier: GPL-3.0-or-later
// IPv6 binds: scopes, devices, the address list, and the device that a bind leaves on the socket.
#include "core/model/walk_text.h"
#include "tests/unit/made_walk.h"

#define NET "lo; link v0; link v1; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v1;"
#define VRF "lo; vrf red 10; link d0 master red; addr 2001:db8::1/64 dev d0; addr fe80::5/64 dev d0;"

static void test_inet6(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{"lo", "tcp6 :: 0", 0, LIST_ANY, CODE_ADDR_ANY},
		{"lo", "udp6 ::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{"lo", "tcp6 2001:db8::9 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
		{"lo", "tcp6 2001:db8::9 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "tcp6 2001:db8::9 0 freebind6", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "udp6 2001:db8::9 0 transparent", 0, NONLOCAL_TRANSPARENT, CODE_NONLOCAL_BY_TRANSPARENT},
		{"lo", "udp6 2001:db8::9 0 transparent6", 0, NONLOCAL_TRANSPARENT, CODE_NONLOCAL_BY_TRANSPARENT},
		{"lo; sysctl net.ipv6.ip_nonlocal_bind=1", "tcp6 2001:db8::9 0", 0, NONLOCAL_SYSCTL,
		 CODE_NONLOCAL_BY_SYSCTL},
		{"lo; sysctl net.ipv4.ip_nonlocal_bind=1", "tcp6 2001:db8::9 0", EADDRNOTAVAIL, LIST_NONE,
		 CODE_ADDR_NOT_LOCAL},
		{"lo; sysctl net.ipv4.ip_nonlocal_bind=1", "raw6 2001:db8::9 0", EADDRNOTAVAIL, LIST_NONE,
		 CODE_ADDR_NOT_LOCAL},
		// no table, no lookup: IPv6 does not care
		{"", "tcp6 2001:db8::9 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
		{"", "tcp6 :: 0", 0, LIST_ANY, CODE_ADDR_ANY},
		// length and family
		{"lo", "tcp6 ::1 0 len=23", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{"lo", "tcp6 ::1 0 len=24", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{"lo", "udp6 ::1 0 len=128", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{"lo", "tcp6 ::1 0 family=2", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{"lo", "tcp6 :: 0 family=0", EAFNOSUPPORT, FAMILY_WRONG,
		 CODE_ARGUMENT_FAMILY}, // AF_UNSPEC is never taken
		// a second bind
		{"lo", "tcp6 ::1 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "udp6 ::1 0 noport twice", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		// the device
		{"lo", "tcp6 ::1 0 ifindex=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{"lo", "tcp6 :: 0 ifindex=999", 0, LIST_ANY, CODE_ADDR_ANY}, // no device test at all
		{"lo", "tcp6 2001:db8::9 0 ifindex=999 freebind", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
	};
	CHECK_ALL(cases);
}

static void test_order_inet6(void **state)
{
	(void)state;
#define TAKEN NET "sock tcp6 :: 80 listen"
	static const struct wanted cases[] = {
		{TAKEN, "tcp6 ff02::1 80 uid=1000 len=8 family=77", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{TAKEN, "tcp6 ff02::1 80 uid=1000 family=77", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{TAKEN, "tcp6 ff02::1 80 uid=1000", EINVAL, MULTICAST_REFUSED, CODE_MULTICAST_STREAM},
		{TAKEN, "udp6 ff02::1 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{TAKEN, "tcp6 fe80::1 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{TAKEN, "tcp6 2001:db8::9 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{TAKEN, "tcp6 fe80::1 80", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{TAKEN, "tcp6 fe80::1 80 scope=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{TAKEN, "tcp6 fe80::1 80 scope=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{TAKEN, "tcp6 fe80::1 80 scope=v1", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
		{TAKEN, "tcp6 fe80::1 81 scope=v1 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
	};
	CHECK_ALL(cases);
}

static void test_order_of_steps(void **state)
{
	(void)state;
	static const enum step_id plain[] = {STEP_SOCKET,       STEP_HOOKS,     STEP_FAMILY,   STEP_TYPE,
					     STEP_MULTICAST,    STEP_PRIVILEGE, STEP_STATE,    STEP_MAPPED,
					     STEP_SCOPE,        STEP_DEVICE,    STEP_CLASSIFY, STEP_NONLOCAL,
					     STEP_ADDRESS_LIST, STEP_PORT,      STEP_RESULT};
	static const enum step_id raw[] = {STEP_SOCKET,   STEP_HOOKS,    STEP_FAMILY,       STEP_TYPE,
					   STEP_MAPPED,   STEP_STATE,    STEP_SCOPE,        STEP_DEVICE,
					   STEP_CLASSIFY, STEP_NONLOCAL, STEP_ADDRESS_LIST, STEP_RESULT};
	static const enum step_id ping[] = {STEP_SOCKET,       STEP_HOOKS,  STEP_FAMILY,   STEP_TYPE,
					    STEP_SCOPE,        STEP_DEVICE, STEP_CLASSIFY, STEP_NONLOCAL,
					    STEP_ADDRESS_LIST, STEP_STATE,  STEP_PORT,     STEP_RESULT};
	static const struct {
		const char *bind;
		const enum step_id *steps;
		unsigned n;
	} rows[] = {
		{"tcp6 ::1 0", plain, sizeof plain / sizeof *plain},
		{"udp6 ::1 0", plain, sizeof plain / sizeof *plain},
		{"mptcp6 ::1 0", plain, sizeof plain / sizeof *plain},
		{"raw6 ::1 0", raw, sizeof raw / sizeof *raw},
		{"ping6 ::1 0", ping, sizeof ping / sizeof *ping},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct host *h;
		struct walk w;
		made_decide("lo", rows[i].bind, &h, &w);
		assert_int_equal(w.nsteps, rows[i].n);
		for (unsigned n = 0; n < w.nsteps; n++)
			assert_int_equal(w.steps[n].step, rows[i].steps[n]);
		assert_int_equal(walk_find(&w, STEP_CLASSIFY)->finding, CLASSIFY_NEVER_ASKED);
		assert_false(walk_find(&w, STEP_CLASSIFY)->reached);
		host_free(h);
	}
}

static void test_types(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{NET, "udp6 ff02::1 0 scope=v0", 0, LIST_MULTICAST, CODE_ADDR_MULTICAST},
		{NET, "udp6 ff02::1 0 dev=v0", 0, LIST_MULTICAST, CODE_ADDR_MULTICAST},
		{NET, "udp6 ff02::1 0", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{NET, "udp6 ff02::1 0 freebind", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{NET, "udp6 ff01::1 0", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{NET, "udp6 ff01::1 0 scope=lo", 0, LIST_MULTICAST, CODE_ADDR_MULTICAST},
		{NET, "udp6 ff02::1 0 scope=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{NET, "udp6 ff05::1 0", 0, LIST_MULTICAST, CODE_ADDR_MULTICAST},
		{NET, "udp6 ff05::1 0 scope=v0", 0, LIST_MULTICAST, CODE_ADDR_MULTICAST},
		{NET, "udp6 ff0e::1 0 scope=999", 0, LIST_MULTICAST, CODE_ADDR_MULTICAST},
		{NET, "raw6 ff02::1 0 scope=v0", 0, LIST_MULTICAST, CODE_ADDR_MULTICAST},
		{NET, "tcp6 ff0e::1 0", EINVAL, MULTICAST_REFUSED, CODE_MULTICAST_STREAM},
		{NET, "tcp6 ff02::1 0 scope=v0 freebind", EINVAL, MULTICAST_REFUSED, CODE_MULTICAST_STREAM},
		{NET, "mptcp6 ff05::1 0", EINVAL, MULTICAST_REFUSED, CODE_MULTICAST_STREAM},
		{NET, "tcp6 ::192.0.2.1 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL}, // ordinary unicast
		{NET, "tcp6 fec0::1 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},     // needs no scope
		{NET, "tcp6 fd00::1 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
	};
	CHECK_ALL(cases);
}

static void test_address_list(void **state)
{
	(void)state;
#define WITH(flags) "lo; link v0; link v1; addr 2001:db8::1/64 dev v0 " flags
	static const struct wanted cases[] = {
		{WITH("tentative"), "tcp6 2001:db8::1 0", EADDRNOTAVAIL, LIST_TENTATIVE, CODE_ADDR_TENTATIVE},
		{WITH("tentative"), "raw6 2001:db8::1 0", EADDRNOTAVAIL, LIST_TENTATIVE, CODE_ADDR_TENTATIVE},
		{WITH("tentative"), "tcp6 2001:db8::1 0 freebind6", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{WITH("tentative optimistic"), "tcp6 2001:db8::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{WITH("tentative optimistic"), "raw6 2001:db8::1 0 dev=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{WITH("tentative dadfailed"), "tcp6 2001:db8::1 0", EADDRNOTAVAIL, LIST_DADFAILED, CODE_ADDR_DADFAILED},
		{WITH("tentative dadfailed"), "tcp6 2001:db8::1 0 freebind", 0, NONLOCAL_FREEBIND,
		 CODE_NONLOCAL_BY_FREEBIND},
		{WITH("dadfailed"), "tcp6 2001:db8::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED}, // TENTATIVE alone bans
		{WITH("deprecated"), "tcp6 2001:db8::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "tcp6 fe80::1 0", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{NET, "tcp6 fe80::1 0 freebind", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{NET "sysctl net.ipv6.ip_nonlocal_bind=1", "raw6 fe80::1 0", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{NET, "tcp6 fe80::1 0 scope=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "tcp6 fe80::1 0 scope=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{NET, "tcp6 fe80::1 0 scope=v0 freebind6", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{NET, "tcp6 fe80::1 0 scope=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{NET, "tcp6 fe80::1 0 scope=999 freebind6", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{NET, "tcp6 fe80::1 0 dev=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "tcp6 fe80::1 0 dev=v0 scope=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED}, // the scope overrides
		{NET, "tcp6 fe80::1 0 dev=v1 scope=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{NET, "tcp6 fe80::1 0 scope=v1 len=24", EINVAL, SCOPE_NONE,
		 CODE_SCOPE_MISSING}, // too short for a scope
		{NET, "tcp6 fe80::1 0 dev=v1 len=24", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "tcp6 2001:db8::1 0 scope=999", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "tcp6 2001:db8::1 0 dev=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED}, // any device of the domain
		{NET, "raw6 2001:db8::1 0 dev=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "tcp6 ::1 0 dev=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE}, // host scope
		{NET, "tcp6 ::1 0 scope=v0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{"lo; route local 2001:db8:2::/64 dev lo", "tcp6 2001:db8:2::1 0", EADDRNOTAVAIL, LIST_ROUTED,
		 CODE_ADDR_ROUTED_ONLY},
		{"lo; route local 2001:db8:2::/64 dev lo", "tcp6 2001:db8:2::1 0 freebind", 0, NONLOCAL_FREEBIND,
		 CODE_NONLOCAL_BY_FREEBIND},
		{"lo; route unicast 2001:db8:2::/64 dev lo table local", "tcp6 2001:db8:2::1 0", EADDRNOTAVAIL,
		 LIST_NONE, CODE_ADDR_NOT_LOCAL},
		{NET "route blackhole 2001:db8::1 table local", "tcp6 2001:db8::1 0", 0, LIST_MATCH,
		 CODE_ADDR_CONFIGURED},
		{NET "route anycast 2001:db8:: table local", "udp6 2001:db8:: 0", EADDRNOTAVAIL, LIST_ANYCAST,
		 CODE_ADDR_ANYCAST},
		{NET "route anycast 2001:db8:: table local", "raw6 2001:db8:: 0", EADDRNOTAVAIL, LIST_ANYCAST,
		 CODE_ADDR_ANYCAST},
		{"link v0 down; addr 2001:db8:5::9/64 dev v0", "tcp6 2001:db8:5::9 0", 0, LIST_MATCH,
		 CODE_ADDR_CONFIGURED},
		{"link v0 down; addr 2001:db8:5::9/64 dev v0 tentative", "tcp6 2001:db8:5::9 0", EADDRNOTAVAIL,
		 LIST_STUCK, CODE_LINK_DOWN},
		// it left with the link, or before
		{"lo; link v0 down; left 2001:db8:5::9 dev v0", "tcp6 2001:db8:5::9 0", EADDRNOTAVAIL, LIST_LINK_DOWN,
		 CODE_LINK_DOWN},
		{"lo; link v0; left 2001:db8:5::9 dev v0", "tcp6 2001:db8:5::9 0", EADDRNOTAVAIL, LIST_REMOVED,
		 CODE_ADDR_REMOVED},
		// any one good entry is enough
		{"lo; link v0; link v1; addr fe80::1/64 dev v0 tentative; addr fe80::1/64 dev v1",
		 "tcp6 fe80::1 0 scope=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{"lo; link v0; link v1; addr fe80::1/64 dev v0 tentative; addr fe80::1/64 dev v1",
		 "tcp6 fe80::1 0 scope=v0", EADDRNOTAVAIL, LIST_TENTATIVE, CODE_ADDR_TENTATIVE},
		{"lo; link v0; link v1; addr 2001:db8::7/64 dev v0 tentative; addr 2001:db8::7/64 dev v1",
		 "tcp6 2001:db8::7 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
	};
	CHECK_ALL(cases);
}

// The IPv6 half.
static void test_vrf(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{VRF, "tcp6 2001:db8::1 0", EADDRNOTAVAIL, LIST_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "raw6 2001:db8::1 0", EADDRNOTAVAIL, LIST_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "ping6 2001:db8::1 0", EADDRNOTAVAIL, LIST_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "tcp6 2001:db8::1 0 dev=red", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{VRF, "tcp6 2001:db8::1 0 dev=d0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{VRF, "raw6 2001:db8::1 0 dev=red", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{VRF, "ping6 2001:db8::1 0 dev=d0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{VRF, "tcp6 2001:db8::1 0 dev=lo", EADDRNOTAVAIL, LIST_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "tcp6 ::1 0 dev=red", EADDRNOTAVAIL, LIST_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF "addr ::1/128 dev red", "tcp6 ::1 0 dev=red", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{VRF, "tcp6 fe80::5 0 scope=d0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{VRF, "tcp6 fe80::5 0 scope=red", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{VRF, "tcp6 fe80::5 0 dev=red", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{VRF, "tcp6 fe80::5 0 dev=red scope=d0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{VRF, "tcp6 fe80::5 0", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{VRF, "tcp6 fe80::5 0 scope=lo", EADDRNOTAVAIL, LIST_OTHER_VRF, CODE_ADDR_OTHER_VRF},
	};
	CHECK_ALL(cases);
}

static void test_raw_and_ping(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{NET, "raw6 ::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "raw6 :: 0", 0, LIST_ANY, CODE_ADDR_ANY},
		{NET, "raw6 ::1 0 len=23", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{NET, "raw6 ::1 0 family=2", EINVAL, FAMILY_WRONG_RAW6, CODE_ARGUMENT_FAMILY}, // not EAFNOSUPPORT
		{NET, "raw6 ::ffff:127.0.0.1 0", EADDRNOTAVAIL, MAPPED_RAW, CODE_MAPPED_REFUSED},
		{NET, "raw6 ::ffff:127.0.0.1 0 freebind6", EADDRNOTAVAIL, MAPPED_RAW, CODE_MAPPED_REFUSED},
		{NET "sysctl net.ipv6.ip_nonlocal_bind=1", "raw6 ::ffff:127.0.0.1 0", EADDRNOTAVAIL, MAPPED_RAW,
		 CODE_MAPPED_REFUSED},
		{NET, "raw6 2001:db8::9 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
		{NET, "raw6 2001:db8::9 0 freebind6", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{NET, "raw6 ::1 0 twice", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "raw6 fe80::1 0 scope=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{NET, "raw6 fe80::1 0 scope=v1 len=24", EINVAL, SCOPE_NONE, CODE_SCOPE_MISSING},
		{NET, "raw6 ::1 0 freebind", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},

		// ipv6.disable=1: before the kind of socket, the right to it, and v4-mapped or not
		{"lo; inet6 off", "raw6 ::1 0 uid=1000", EAFNOSUPPORT, SOCKET_NO_INET6, CODE_SOCKET_REFUSED},
		{"lo; inet6 off; without mptcp", "mptcp6 ::1 0", EAFNOSUPPORT, SOCKET_NO_INET6, CODE_SOCKET_REFUSED},
		{"lo; inet6 off", "tcp6 ::ffff:127.0.0.1 0", EAFNOSUPPORT, SOCKET_NO_INET6, CODE_SOCKET_REFUSED},
		{"lo; inet6 off", "tcp4 127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{NET, "ping6 ::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "ping6 :: 0", 0, LIST_ANY, CODE_ADDR_ANY},
		{NET, "ping6 ::1 0 len=27", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH}, // all 28 are wanted here
		{NET, "ping6 ::1 0 family=2", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{NET, "ping6 :: 0 family=0", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{NET, "ping6 ff02::1 0 scope=v0", EINVAL, TYPE_NOT_UNICAST, CODE_ADDR_TYPE},
		{NET, "ping6 ff0e::1 0 freebind", EINVAL, TYPE_NOT_UNICAST, CODE_ADDR_TYPE},
		{NET, "ping6 ::ffff:127.0.0.1 0", EINVAL, TYPE_NOT_UNICAST, CODE_ADDR_TYPE},
		{NET, "ping6 fe80::1 0", EINVAL, SCOPE_NONE_PING, CODE_SCOPE_MISSING},
		{NET, "ping6 fe80::1 0 dev=v1", EINVAL, SCOPE_NONE_PING,
		 CODE_SCOPE_MISSING}, // a bound device does not help
		{NET, "ping6 fe80::1 0 scope=v1", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{NET, "ping6 fe80::1 0 scope=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{NET, "ping6 fe80::1 0 scope=v0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{NET, "ping6 2001:db8::1 0 scope=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN}, // for any address
		{NET, "ping6 :: 0 scope=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{NET, "ping6 :: 0 ifindex=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{NET "kernel 5.17.0", "ping6 :: 0 ifindex=999", 0, LIST_ANY, CODE_ADDR_ANY},
		{NET, "ping6 ::1 0 scope=v0", EADDRNOTAVAIL, LIST_OTHER_DEVICE, CODE_ADDR_OTHER_DEVICE},
		{NET, "ping6 2001:db8::9 0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
		{NET, "ping6 2001:db8::9 0 transparent6", 0, NONLOCAL_TRANSPARENT, CODE_NONLOCAL_BY_TRANSPARENT},
		{NET "sysctl net.ipv6.ip_nonlocal_bind=1", "ping6 2001:db8::9 0", 0, NONLOCAL_SYSCTL,
		 CODE_NONLOCAL_BY_SYSCTL},
		{NET, "ping6 ::1 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{VRF "kernel 5.14.0", "ping6 2001:db8::1 0 dev=red", EADDRNOTAVAIL, LIST_OTHER_VRF,
		 CODE_ADDR_OTHER_VRF},
	};
	CHECK_ALL(cases);
}

// sk_bound_dev_if as it is after the call: a scope overwrites it, also when bind then fails.
static void test_device_after(void **state)
{
	(void)state;
	static const struct {
		const char *bind;
		int err;
		const char *device; // NULL: none
	} cases[] = {
		{"tcp6 ::1 0", 0, NULL},
		{"tcp6 fe80::1 0 scope=v1", 0, "v1"},
		{"tcp6 fe80::1 0 scope=v0", EADDRNOTAVAIL, "v0"},
		{"tcp6 fe80::1 0 scope=999", ENODEV, "999"},
		{"tcp6 fe80::1 0 scope=999 freebind6", ENODEV, "999"},
		{"tcp6 fe80::1 80 scope=v1", EADDRINUSE, "v1"},
		{"tcp6 fe80::1 0 dev=v0 scope=v1", 0, "v1"},
		{"tcp6 fe80::1 0 dev=v0 scope=v1 uid=1000", 0, "v1"}, // without any capability
		{"tcp6 2001:db8::1 0 scope=v1", 0, NULL},             // not read, so not bound
		{"udp6 ff02::1 0 scope=v0", 0, "v0"},
		{"raw6 fe80::1 0 scope=v0", EADDRNOTAVAIL, "v0"},
		{"tcp6 fe80::1 0 scope=v1 len=24", EINVAL, NULL},
		{"tcp6 fe80::1 80 uid=1000 scope=v1", EACCES, NULL}, // refused before the scope was read
		{"ping6 fe80::1 0 scope=v1", 0, "v1"},
		{"ping6 fe80::1 0 dev=v0 scope=v1", 0, "v1"},
		{"ping6 fe80::1 0 scope=v0", EADDRNOTAVAIL, NULL}, // a ping socket is bound last
		{"ping6 2001:db8::1 0 scope=v1", 0, NULL},
		{"tcp4 127.0.0.1 0 dev=v0", 0, "v0"},
		{"mptcp6 fe80::1 0 scope=v1", 0, NULL}, // its subflow is bound, not itself
		{"mptcp6 fe80::1 0 dev=v1", 0, "v1"},
		{"tcp6 fe80::1 0 scope=v1 noport twice", 0, "v1"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide(NET "sock tcp6 :: 80 listen", cases[i].bind, &h, &w);
		if (w.predicted.err != cases[i].err || w.device_after != made_index(h, cases[i].device))
			fail_msg("%s: %s, device %u", cases[i].bind, errno_name(w.predicted.err), w.device_after);
		host_free(h);
	}
}

// The words around a refusal: what to use instead, and whether waiting helps.
static void test_hints(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind, *says;
	} cases[] = {
		{NET, "tcp6 fe80::1 0", "as in fe80::1%v1."},
		{NET, "tcp6 fe80::77 0", "fe80::77 is link-local: it needs an interface."},
		{NET, "udp6 ff02::4:c0 0",
		 "ff02::4:c0 is multicast of link-local scope: it needs an interface, as in ff02::4:c0%v0."},
		{"lo", "udp6 ff11::1 0",
		 "ff11::1 is multicast of interface-local scope: it needs an interface, as in ff11::1%lo."},
		{"lo; link v0; addr 2001:db8::1/64 dev v0", "tcp6 2001:db8::9 0", " 2001:db8::1/64 on v0."},
		{"lo; link v0; addr 2001:db8::1/64 dev v0", "tcp6 2002:db8::9 0", "2002:db8::9 is not "},
		{"lo; link v0; addr 192.0.2.7/24 dev v0", "tcp4 192.0.2.8 0", " 192.0.2.7/24 on v0."},
		{"lo; link v0; addr 2001:db8::1/64 dev v0 tentative", "tcp6 2001:db8::1 0", "can be bound once"},
		{"lo; link v0 down; addr 2001:db8::1/64 dev v0 tentative", "tcp6 2001:db8::1 0",
		 "2001:db8::1 cannot be bound while v0 is down. Duplicate"},
		{"lo; link v0 nocarrier; addr 2001:db8::1/64 dev v0 tentative", "tcp6 2001:db8::1 0",
		 "2001:db8::1 cannot be bound while v0 has no carrier. Duplicate"},
		{"lo; link v0 dormant; addr 2001:db8::1/64 dev v0 tentative", "tcp6 2001:db8::1 0",
		 "2001:db8::1 cannot be bound while v0 is dormant. Duplicate"},
		{"lo; addr 2001:db8::1/64 dev 77 tentative", "tcp6 2001:db8::1 0", "It can be bound once it has."},
		{"lo; link v0 noipv6; link v1", "tcp6 2001:db8::9 0", "nonlocal bind. IPv6 is off on v0."},
		{"lo; link v0.5 noipv6", "tcp6 2001:db8::9 0",
		 "IPv6 is off on v0.5, so it cannot have 2001:db8::9: net.ipv6.conf.v0/5.disable_ipv6 is 1."},
		{"lo; link v0 noipv6; sysctl net.ipv6.conf.all.disable_ipv6=1", "tcp6 fe80::9 0 scope=v0",
		 "net.ipv6.conf.v0.disable_ipv6 is 1. net.ipv6.conf.all.disable_ipv6 is 1 too."},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		char text[512];
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		if (!strstr(walk_sentence(made_facts(h), &w, text, sizeof text), cases[i].says))
			fail_msg("%s: %s", cases[i].bind, text);
		host_free(h);
	}
}

// An interface that is up also needs a carrier for duplicate detection to end.
static void test_carrier(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; addr 2001:db8::1/64 dev v0 tentative");
	struct attempt a = made_attempt(h, "tcp6 2001:db8::1 0");
	struct walk w;
	char text[512];
	h->links[1].flags = IFF_UP;
	decide(made_facts(h), &a, &w);
	assert_non_null(strstr(walk_sentence(made_facts(h), &w, text, sizeof text), "no carrier"));
	host_free(h);
}

// What keeps an IPv6 address away that somebody may expect.
static void test_absent(void **state)
{
	(void)state;
#define NOT_THERE EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL
#define IS_OFF    EADDRNOTAVAIL, LIST_IPV6_OFF, CODE_IPV6_DISABLED
	static const struct wanted cases[] = {
		{"lo down", "tcp6 ::1 0", EADDRNOTAVAIL, LIST_LO_DOWN, CODE_LO_DOWN},
		{"lo down", "raw6 ::1 0", EADDRNOTAVAIL, LIST_LO_DOWN, CODE_LO_DOWN},
		{"lo down; link v0", "tcp6 ::1 0 dev=v0", NOT_THERE},
		{"lo down noipv6", "tcp6 ::1 0", IS_OFF}, // up, it would have none either
		{"lo noipv6", "tcp6 ::1 0", IS_OFF},
		{"lo noipv6", "udp6 ::1 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo noipv6; link v0", "tcp6 ::1 0 dev=v0", NOT_THERE},
		{"lo noipv6; link v0", "tcp6 2001:db8::1 0", NOT_THERE},
		{"lo; link v0 noipv6", "tcp6 2001:db8::1 0", IS_OFF},
		{"lo; link v0 noipv6; link v1", "tcp6 2001:db8::1 0", NOT_THERE},
		{"lo; link v0 noipv6; link v1", "tcp6 2001:db8::1 0 dev=v0", IS_OFF},
		{"lo; link v0 noipv6; link v1", "tcp6 2001:db8::1 0 dev=v1", NOT_THERE},
		{"lo; link v0 noipv6; link v1", "tcp6 fe80::1 0 scope=v0", IS_OFF},
		{"lo; link v0 noipv6; route local 2001:db8::/64 dev lo", "tcp6 2001:db8::1 0", EADDRNOTAVAIL,
		 LIST_ROUTED, CODE_ADDR_ROUTED_ONLY},
		{"lo; link v0 down", "tcp6 fe80::1 0 scope=v0", EADDRNOTAVAIL, LIST_LINK_DOWN, CODE_LINK_DOWN},
		{"lo; link v0 down", "tcp6 2001:db8::1 0 dev=v0", NOT_THERE},
		{"lo; link v0 nocarrier; addr 2001:db8::1/64 dev v0 tentative", "tcp6 2001:db8::1 0", EADDRNOTAVAIL,
		 LIST_STUCK, CODE_LINK_DOWN},
		{"lo; link v0 dormant; addr fe80::1/64 dev v0 tentative", "tcp6 fe80::1 0 scope=v0", EADDRNOTAVAIL,
		 LIST_STUCK, CODE_LINK_DOWN},
		{"lo; link v0 nocarrier; addr 2001:db8::1/64 dev v0 tentative dadfailed", "tcp6 2001:db8::1 0",
		 EADDRNOTAVAIL, LIST_DADFAILED, CODE_ADDR_DADFAILED},
		{"lo; link v0 nocarrier; addr 2001:db8::1/64 dev v0", "tcp6 2001:db8::1 0", 0, LIST_MATCH,
		 CODE_ADDR_CONFIGURED},
	};
	CHECK_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inet6),          cmocka_unit_test(test_order_inet6),
		cmocka_unit_test(test_order_of_steps), cmocka_unit_test(test_types),
		cmocka_unit_test(test_address_list),   cmocka_unit_test(test_vrf),
		cmocka_unit_test(test_raw_and_ping),   cmocka_unit_test(test_device_after),
		cmocka_unit_test(test_hints),          cmocka_unit_test(test_absent),
		cmocka_unit_test(test_carrier),
	};
	return cmocka_run_group_tests_name("decide6", tests, NULL, NULL);
}
