// SPDX-License-Identifier: GPL-3.0-or-later
// The calls before bind, the right to a port and its holders, the kernel's own answer instead of routes, and odd
// arguments.
#include "core/model/decide_port.h"
#include "core/model/holder.h"
#include "core/model/walk_text.h"
#include "tests/unit/made_walk.h"

static void test_options(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		// AF_INET knows no SOL_IPV6, a raw IPv6 socket no SOL_IP
		{"lo", "tcp4 127.0.0.1 0 freebind6", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},
		{"lo", "udp4 127.0.0.1 0 transparent6", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},
		{"lo", "tcp4 127.0.0.1 0 v6only=0", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},
		{"lo", "raw6 ::1 0 transparent", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},
		{"lo", "raw6 ::1 0 noport", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},
		{"lo", "raw6 ::1 0 portrange=1-2", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},
		{"lo", "raw6 ::1 0 transparent6 reuseaddr reuseport mark=1", 0, NONLOCAL_TRANSPARENT,
		 CODE_NONLOCAL_BY_TRANSPARENT},
		{"lo", "raw6 ::1 0 freebind6 reuseport mark=1", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "raw6 ::1 0 v6only", EINVAL, OPTION_BAD_VALUE,
		 CODE_OPTION_REFUSED}, // its protocol counts as a port
		{"lo", "ping6 ::1 0 v6only=0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{"lo", "raw4 127.0.0.1 0 noport freebind portrange=1-2", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo",
		 "mptcp6 ::1 0 v6only freebind freebind6 transparent transparent6 noport portrange=50000-50001 reuseaddr",
		 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		// both levels are one bit
		{"lo", "tcp6 2001:db8::9 0 freebind freebind6=0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
		{"lo", "tcp6 2001:db8::9 0 transparent6 transparent=0", EADDRNOTAVAIL, LIST_NONE, CODE_ADDR_NOT_LOCAL},
		// IP_TRANSPARENT: one of two capabilities, to switch it on
		{"lo", "tcp4 9.9.9.9 0 transparent uid=1000", EPERM, OPTION_NO_RIGHT, CODE_OPTION_REFUSED},
		{"lo; nocaps", "tcp6 ::1 0 transparent6", EPERM, OPTION_NO_RIGHT, CODE_OPTION_REFUSED},
		{"lo", "tcp4 127.0.0.1 0 transparent=0 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 9.9.9.9 0 freebind uid=1000", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		// SO_MARK: always a right, whatever the value; no effect on the lookup
		{"lo", "tcp4 127.0.0.1 0 mark=0 uid=1000", EPERM, OPTION_NO_RIGHT, CODE_OPTION_REFUSED},
		{"lo", "tcp4 127.0.0.1 0 mark=7", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		// devices
		{"lo", "tcp4 127.0.0.1 0 dev=nosuch", ENODEV, OPTION_NO_DEVICE, CODE_DEVICE_UNKNOWN},
		{"lo", "tcp4 127.0.0.1 0 dev=nosuch uid=1000", ENODEV, OPTION_NO_DEVICE, CODE_DEVICE_UNKNOWN},
		{"lo; link v0; altname v0 enp0s31f6", "tcp4 127.0.0.1 0 dev=enp0s31f6", 0, CLASSIFY_LOCAL,
		 CODE_ADDR_LOCAL},
		{"lo; link v0; altname v0 enp0s31f6", "tcp6 ::1 0 dev=enp0s31f6", EADDRNOTAVAIL, LIST_OTHER_DEVICE,
		 CODE_ADDR_OTHER_DEVICE},
		{"lo; link v0", "tcp4 127.0.0.1 0 dev=v0 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; link v0", "tcp4 127.0.0.1 0 dev=v0 dev=lo uid=1000", EPERM, OPTION_NO_RIGHT, CODE_OPTION_REFUSED},
		{"lo; link v0", "tcp4 127.0.0.1 0 dev=v0 ifindex=0 uid=1000", EPERM, OPTION_NO_RIGHT,
		 CODE_OPTION_REFUSED},
		{"lo; link v0", "tcp4 127.0.0.1 0 ifindex=0 dev=v0 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; link v0", "tcp4 127.0.0.1 0 dev=v0 dev=lo", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; link v0", "tcp6 ::1 0 dev=v0 ifindex=0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED}, // unbound again
		{"lo", "tcp4 127.0.0.1 0 ifindex=4294967295", EINVAL, OPTION_BAD_VALUE, CODE_OPTION_REFUSED},
		{"lo; link v0", "tcp4 127.0.0.1 0 dev=v0 ifindex=4294967295 uid=1000", EPERM, OPTION_NO_RIGHT,
		 CODE_OPTION_REFUSED},
		{"lo", "tcp4 127.0.0.1 0 ifindex=2147483647", 0, CLASSIFY_LOCAL,
		 CODE_ADDR_LOCAL}, // an index need not exist
		// IP_LOCAL_PORT_RANGE
		{"lo", "tcp4 127.0.0.1 0 portrange=9-8", EINVAL, OPTION_BAD_VALUE, CODE_OPTION_REFUSED},
		{"lo", "tcp4 127.0.0.1 0 portrange=9-0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 127.0.0.1 0 portrange=0-9", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; kernel 6.2.0", "tcp4 127.0.0.1 0 portrange=1-2", ENOPROTOOPT, OPTION_NOT_HERE,
		 CODE_OPTION_REFUSED},
		{"lo; kernel 6.1.192", "tcp4 127.0.0.1 0 portrange=1-2", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		// MPTCP takes some options later than TCP
		{"lo; kernel 6.7.3", "mptcp4 127.0.0.1 0 noport", EOPNOTSUPP, OPTION_NOT_BY_MPTCP, CODE_OPTION_REFUSED},
		{"lo; kernel 5.15.55", "mptcp6 ::1 0 transparent6", EOPNOTSUPP, OPTION_NOT_BY_MPTCP,
		 CODE_OPTION_REFUSED},
		{"lo; kernel 5.15.55", "mptcp4 127.0.0.1 0 reuseaddr reuseport dev=lo", 0, CLASSIFY_LOCAL,
		 CODE_ADDR_LOCAL},
		// the first refusal ends it
		{"lo", "tcp4 127.0.0.1 0 freebind6 dev=nosuch", ENOPROTOOPT, OPTION_NOT_HERE, CODE_OPTION_REFUSED},
		{"lo", "raw4 127.0.0.1 0 dev=nosuch uid=1000", EPERM, SOCKET_UNPRIVILEGED, CODE_SOCKET_REFUSED},
	};
	CHECK_ALL(cases);
}

// Which of the two capabilities is enough for what.
static void test_capabilities(void **state)
{
	(void)state;
	static const struct {
		const char *kernel, *option;
		bool raw, admin;
		int err;
	} cases[] = {
		{"6.18.44", "transparent", true, false, 0},      {"6.18.44", "transparent", false, true, 0},
		{"6.18.44", "mark=1", true, false, 0},           {"6.18.44", "mark=1", false, true, 0},
		{"5.15.55", "mark=1", true, false, EPERM},       {"5.15.55", "mark=1", false, true, 0},
		{"6.18.44", "transparent", false, false, EPERM},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char script[64], bind[64];
		struct walk w;
		snprintf(script, sizeof script, "lo; nocaps; kernel %s", cases[i].kernel);
		snprintf(bind, sizeof bind, "tcp4 127.0.0.1 0 %s", cases[i].option);
		struct host *h = made_host(script);
		made_caller.net_raw = cases[i].raw;
		made_caller.net_admin = cases[i].admin;
		struct attempt a = made_attempt(h, bind);
		decide(made_facts(h), &a, &w);
		assert_int_equal(w.predicted.err, cases[i].err);
		made_check_shape(h, &w, bind);
		host_free(h);
	}
	// Rebinding the device needs only CAP_NET_RAW.
	for (int raw = 0; raw < 2; raw++) {
		struct host *h = made_host("lo; link v0; nocaps");
		struct walk w;
		made_caller.net_raw = raw ? YES : NO;
		made_caller.net_admin = true;
		struct attempt a = made_attempt(h, "tcp4 127.0.0.1 0 dev=v0 dev=lo");
		decide(made_facts(h), &a, &w);
		assert_int_equal(w.predicted.err, raw ? 0 : EPERM);
		host_free(h);
	}
}

static void test_privilege(void **state)
{
	(void)state;
#define START(n) "lo; sysctl net.ipv4.ip_unprivileged_port_start=" #n
	static const struct wanted cases[] = {
		{"lo", "tcp4 127.0.0.1 1023 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{"lo", "udp4 127.0.0.1 1 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{"lo; nocaps", "tcp6 :: 80", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{"lo; owner", "tcp4 127.0.0.1 80 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; owner", "tcp4 9.9.9.9 80 uid=1000 transparent", 0, NONLOCAL_TRANSPARENT,
		 CODE_NONLOCAL_BY_TRANSPARENT},
		{"lo; owner", "raw4 127.0.0.1 0 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 127.0.0.1 1024 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 127.0.0.1 0 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 127.0.0.1 1", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{START(0), "tcp4 127.0.0.1 1 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{START(80), "tcp4 127.0.0.1 80 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{START(81), "tcp6 ::1 80 uid=1000", EACCES, PRIVILEGE_MISSING,
		 CODE_PORT_PRIVILEGED}, // IPv6 reads the same one
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp4 127.0.0.1 80 uid=1000", EACCES, PRIVILEGE_MISSING,
		 CODE_PORT_PRIVILEGED},
	};
	CHECK_ALL(cases);
	static const struct {
		const char *bind;
		enum finding_id finding;
	} shown[] = {
		{"tcp4 127.0.0.1 0", PRIVILEGE_PORT_0},
		{"tcp4 127.0.0.1 1024", PRIVILEGE_HIGH_PORT},
		{"tcp4 127.0.0.1 1023", PRIVILEGE_HELD},
	};
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		struct host *h;
		struct walk w;
		made_decide("lo", shown[i].bind, &h, &w);
		assert_int_equal(walk_find(&w, STEP_PRIVILEGE)->finding, shown[i].finding);
		host_free(h);
	}
}

struct port_case {
	const char *host, *bind;
	enum finding_id port; // what the port step finds
	bool certain;
};

static void check_ports(const struct port_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct host *h;
		struct walk w;
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		const struct walk_step *s = walk_find(&w, STEP_PORT);
		if (s->finding != cases[i].port || w.predicted.certain != cases[i].certain)
			fail_msg("%s on [%s]: %s, %scertain", cases[i].bind, cases[i].host,
				 finding_info(s->finding)->name, w.predicted.certain ? "" : "un");
		assert_int_equal(w.predicted.err, finding_info(s->finding)->err);
		made_check_shape(h, &w, cases[i].bind);
		host_free(h);
	}
}

#define CHECK_PORTS(cases) check_ports(cases, sizeof(cases) / sizeof *(cases))

static void test_given_port(void **state)
{
	(void)state;
	static const struct port_case cases[] = {
		{"lo", "tcp4 127.0.0.1 80", PORT_UNASKED, false},
		{"lo; ports udp", "tcp4 127.0.0.1 80", PORT_UNASKED, false}, // asked for another protocol
		{"lo; ports tcp", "tcp4 127.0.0.1 80", PORT_FREE, true},
		{"lo; ports tcp; hidden", "tcp4 127.0.0.1 80", PORT_UNSEEN, false},
		{"lo; ports udp; hidden", "udp4 127.0.0.1 80", PORT_FREE, true}, // UDP hides nothing
		{"lo; ports tcp; hidden", "mptcp4 127.0.0.1 80", PORT_UNSEEN, false},
		{"lo; ports tcp", "tcp4 127.0.0.1 80 noport", PORT_FREE, true}, // a given port is taken all the same
		{"lo; sock tcp4 0.0.0.0 81 listen", "tcp4 127.0.0.1 80", PORT_FREE, true},
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp4 127.0.0.1 80", PORT_TAKEN, true},
		{"lo; sock tcp4 127.0.0.2 80 listen", "tcp4 127.0.0.1 80", PORT_FREE, true},
		{"lo; sock tcp4 127.0.0.1 80 reuse", "tcp4 127.0.0.1 80 reuseaddr", PORT_SHARED, true},
		{"lo; sock tcp4 127.0.0.1 80 reuse; hidden", "tcp4 127.0.0.1 80 reuseaddr", PORT_SHARED, false},
		{"lo; sock udp4 127.0.0.1 80 reuse; hidden", "udp4 127.0.0.1 80 reuseaddr", PORT_SHARED, true},
		{"lo; sock tcp4 127.0.0.1 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr", PORT_PERHAPS, false},
		{"lo; sock tcp4 127.0.0.1 80 reuse=?; hidden", "tcp4 127.0.0.1 80 reuseaddr", PORT_PERHAPS, false},
		// the worst holder is the one that is named
		{"lo; sock tcp4 127.0.0.1 80 reuse; sock tcp4 0.0.0.0 80 reuse=?; sock tcp4 127.0.0.1 80",
		 "tcp4 127.0.0.1 80 reuseaddr", PORT_TAKEN, true},
		{"lo; sock tcp4 127.0.0.1 80 listen; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr",
		 PORT_TAKEN, true},
		{"lo; sock tcp4 127.0.0.1 80 reuse; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr",
		 PORT_PERHAPS, false},
		{"lo; sock tcp4 0.0.0.0 80 reuse=?; sock tcp4 127.0.0.1 80 reuse", "tcp4 127.0.0.1 80 reuseaddr",
		 PORT_PERHAPS, false},
		// a scope that bind took counts as the device
		{"lo; link v0; link v1; addr fe80::1/64 dev v0; sock tcp6 :: 80 listen dev=v1",
		 "tcp6 fe80::1 80 scope=v0", PORT_FREE, true},
		{"lo; link v0; link v1; addr fe80::1/64 dev v0; sock tcp6 :: 80 listen dev=v0",
		 "tcp6 fe80::1 80 scope=v0", PORT_TAKEN, true},
		// a plain IPv6 address makes the socket IPv6 only
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp6 ::1 80", PORT_FREE, true},
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp6 :: 80", PORT_TAKEN, true},
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp6 :: 80 v6only", PORT_FREE, true},
		{"lo; sysctl net.ipv6.bindv6only=1; sock tcp4 0.0.0.0 80 listen", "tcp6 :: 80", PORT_FREE, true},
		{"lo; sysctl net.ipv6.bindv6only=255; sock tcp4 0.0.0.0 80 listen", "tcp6 :: 80", PORT_FREE, true},
		{"lo; sysctl net.ipv6.bindv6only=2; sock tcp4 0.0.0.0 80 listen", "tcp6 :: 80", PORT_TAKEN, true},
		// ping sockets share identifiers, over both families and whatever the address, if both have
		// SO_REUSEADDR
		{"lo", "ping4 127.0.0.1 14", IDENT_UNASKED, false},
		{"lo; ports udp", "ping4 127.0.0.1 14", IDENT_UNASKED, false},
		{"lo; ports icmp", "ping4 127.0.0.1 14", IDENT_FREE, true},
		{"lo; ports icmp", "ping4 127.0.0.1 14 reuseaddr=0", IDENT_FREE, true},
		{"lo; ports icmp; kernel 6.12.116", "ping4 127.0.0.1 14", IDENT_FREE, false}, // other namespaces
		{"lo; ports icmp; kernel 6.12.117", "ping4 127.0.0.1 14", IDENT_FREE, true},
		{"lo; sock ping4 127.0.0.1 15", "ping4 127.0.0.1 14", IDENT_FREE, true},
		{"lo; sock ping4 127.0.0.1 14 reuse", "ping4 127.0.0.1 14", IDENT_SHARED, true},
		{"lo; sock ping4 127.0.0.1 14 reuse", "ping4 127.0.0.1 14 reuseaddr=0", IDENT_TAKEN, true},
		{"lo; sock ping4 127.0.0.2 14", "ping4 127.0.0.1 14", IDENT_TAKEN, true},
		{"lo; sock ping4 127.0.0.2 14 dev=lo", "ping6 ::1 14", IDENT_TAKEN, true},
		{"lo; sock ping6 ::1 14 reuse=?", "ping4 127.0.0.1 14", IDENT_PERHAPS, false},
		{"lo; sock ping6 ::1 14 reuse=?", "ping4 127.0.0.1 14 reuseaddr=0", IDENT_TAKEN, true},
		{"lo; sock ping4 127.0.0.1 14 reuse; sock ping4 127.0.0.1 14", "ping4 127.0.0.1 14", IDENT_TAKEN, true},
		{"lo; sock ping4 127.0.0.1 14; sock ping4 127.0.0.1 14 reuse=?", "ping4 127.0.0.1 14", IDENT_TAKEN,
		 true},
		{"lo; sock ping4 127.0.0.1 14 reuse=?; sock ping4 127.0.0.1 14", "ping4 127.0.0.1 14", IDENT_TAKEN,
		 true},
		{"lo; sock ping4 127.0.0.1 14 reuse; sock ping4 127.0.0.1 14 reuse=?; sock ping4 127.0.0.1 14 reuse",
		 "ping4 127.0.0.1 14", IDENT_PERHAPS, false},
		{"lo", "ping6 ::1 0", IDENT_AUTO, true},
		{"lo", "ping4 127.0.0.1 0 noport", IDENT_AUTO, true},
		// SO_REUSEADDR: before 6.8 it is remembered that a holder had it when it was bound, unless somebody
		// listens
		{"lo; kernel 6.7.3; sock tcp4 127.0.0.1 80", "tcp4 127.0.0.1 80", PORT_TAKEN, true},
		{"lo; kernel 6.7.3; sock tcp4 127.0.0.1 80", "tcp4 127.0.0.1 80 reuseaddr", PORT_TAKEN, false},
		{"lo; kernel 6.8.1; sock tcp4 127.0.0.1 80", "tcp4 127.0.0.1 80 reuseaddr", PORT_TAKEN, true},
		{"lo; kernel 6.7.3; sock tcp4 127.0.0.1 80 listen", "tcp4 127.0.0.1 80 reuseaddr", PORT_TAKEN, true},
		{"lo; kernel 6.7.3; sock tcp4 127.0.0.1 80; sock tcp4 127.0.0.2 80 listen",
		 "tcp4 127.0.0.1 80 reuseaddr", PORT_TAKEN, true},
		{"lo; kernel 6.7.3; sock tcp4 127.0.0.1 80; sock tcp4 127.0.0.1 81 listen",
		 "tcp4 127.0.0.1 80 reuseaddr", PORT_TAKEN, false},
		{"lo; kernel 6.7.3; sock udp4 127.0.0.1 80", "udp4 127.0.0.1 80 reuseaddr", PORT_TAKEN, true},
		// SO_REUSEPORT: what the kernel remembers of others can't be seen, so a refusal is not certain
		{"lo; sock tcp4 127.0.0.1 80", "tcp4 127.0.0.1 80 reuseport", PORT_TAKEN, false},
		{"lo; sock udp4 127.0.0.1 80", "udp4 127.0.0.1 80 reuseport", PORT_TAKEN, true},
		{"lo; sock udp4 127.0.0.1 80; sock udp4 0.0.0.0 80 reuseport", "udp4 127.0.0.1 80 reuseport",
		 PORT_TAKEN, false},
		{"lo; sock udp4 0.0.0.0 80 reuseport; sock udp4 127.0.0.1 80", "udp4 127.0.0.1 80 reuseport",
		 PORT_TAKEN, false},
		{"lo; sock udp4 127.0.0.1 80; sock udp4 0.0.0.0 80 reuseport uid=5", "udp4 127.0.0.1 80 reuseport",
		 PORT_TAKEN, true},
		{"lo; sock udp4 0.0.0.0 80 reuseport uid=5; sock udp4 127.0.0.1 80", "udp4 127.0.0.1 80 reuseport",
		 PORT_TAKEN, true},
		{"lo; sock udp4 127.0.0.1 80; sock udp4 127.0.0.2 80 reuseport", "udp4 127.0.0.1 80 reuseport",
		 PORT_TAKEN, true},
		{"lo; sock udp4 127.0.0.1 80; sock udp4 0.0.0.0 81 reuseport", "udp4 127.0.0.1 80 reuseport",
		 PORT_TAKEN, true},
		{"lo; sock udp4 127.0.0.1 80; sock udp4 0.0.0.0 80", "udp4 127.0.0.1 80 reuseport", PORT_TAKEN, true},
		{"lo; sock udp4 127.0.0.1 80; sock udp4 0.0.0.0 80 reuseport=?", "udp4 127.0.0.1 80 reuseport",
		 PORT_TAKEN, false},
	};
	CHECK_PORTS(cases);

	struct host *h;
	struct walk w;
	// The ping socket in the way is named as well.
	made_decide("lo; sock ping4 127.0.0.1 14 reuse; sock ping4 127.0.0.2 14", "ping4 127.0.0.1 14", &h, &w);
	assert_int_equal(step_input(walk_find(&w, STEP_PORT), IN_HOLDER)->number, 1);
	host_free(h);

	h = made_host("lo; sock tcp4 0.0.0.0 80 listen"); // asked for one port only
	struct attempt a = made_attempt(h, "tcp4 127.0.0.1 80");
	made_question.socks_port = 80;
	decide(made_facts(h), &a, &w);
	assert_int_equal(walk_find(&w, STEP_PORT)->finding, PORT_TAKEN);
	made_question.socks_port = 81;
	decide(made_facts(h), &a, &w);
	assert_int_equal(walk_find(&w, STEP_PORT)->finding, PORT_UNASKED);
	host_free(h);
}

// More than ten UDP sockets on a port: who is at another hash of address and port may be overlooked.
static void test_crowd(void **state)
{
	(void)state;
#define FIVE(kind, rest)                                                                                               \
	"sock " kind " " rest "1 80; sock " kind " " rest "2 80; sock " kind " " rest "3 80; "                         \
	"sock " kind " " rest "4 80; sock " kind " " rest "5 80; "
#define TEN(kind, net4) FIVE(kind, net4 ".1.") FIVE(kind, net4 ".2.")
#define FOUR            TEN("udp4", "10.1")
#define SIX             FIVE("udp6", "2001:db8::") FIVE("udp6", "2001:db8:1::")
	static const struct port_case cases[] = {
		{"kernel 5.10.223; lo;" FOUR, "udp4 0.0.0.0 80", PORT_TAKEN, false}, // others share the slot
		{"kernel 5.10.223; lo;" FOUR "sock udp4 10.1.3.1 80", "udp4 0.0.0.0 80", PORT_CROWD, false},
		{"kernel 5.10.223; lo;" FOUR "sock udp4 10.1.3.1 81", "udp4 0.0.0.0 80", PORT_TAKEN, false},
		{"kernel 5.10.223; lo; sock udp4 10.1.3.1 80", "udp4 0.0.0.0 80", PORT_TAKEN, false},
		{"kernel 5.10.223; lo; sock udp4 127.0.0.2 80", "udp4 127.0.0.2 80", PORT_TAKEN, true},
		{"kernel 6.18.21; lo; sock udp4 10.1.3.1 80", "udp4 0.0.0.0 80", PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" FOUR "sock udp4 10.1.3.1 80", "udp6 :: 80", PORT_CROWD, false},
		{"kernel 5.10.223; lo;" FOUR "sock udp4 10.1.3.1 80", "udp6 ::ffff:0.0.0.0 80", PORT_CROWD, false},
		{"kernel 5.10.223; lo;" SIX "sock udp6 2001:db8:2::1 80", "udp6 :: 80", PORT_CROWD, false},
		{"kernel 6.18.20; lo;" FOUR "sock udp4 10.1.3.1 80", "udp4 0.0.0.0 80", PORT_CROWD, false},
		{"kernel 6.18.21; lo;" FOUR "sock udp4 10.1.3.1 80", "udp4 0.0.0.0 80", PORT_TAKEN, true},
		{"kernel 6.18.20; lo;" TEN("udplite4", "10.1") "sock udplite4 10.1.3.1 80", "udplite4 0.0.0.0 80",
		 PORT_CROWD, false},
		{"kernel 5.10.223; lo;" TEN("tcp4", "10.1") "sock tcp4 10.1.3.1 80", "tcp4 0.0.0.0 80", PORT_TAKEN,
		 true},
		// at the same hash, or at the wildcard's, all are met
		{"kernel 5.10.223; lo;" FOUR "sock udp4 127.0.0.1 80", "udp4 127.0.0.1 80", PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" FOUR "sock udp4 127.0.0.1 80", "udp6 ::ffff:127.0.0.1 80", PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" SIX "sock udp6 ::1 80", "udp6 ::1 80", PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" SIX "sock udp6 :: 80", "udp4 0.0.0.0 80", PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" SIX "sock udp6 :: 80", "udp4 127.0.0.1 80", PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" SIX "sock udp6 :: 80", "udp6 ::1 80", PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" FOUR "sock udp6 ::ffff:0.0.0.0 80", "udp6 :: 80", PORT_TAKEN, true},
		// known to IPv4 sockets by 127.0.0.6, but not found by it
		{"lo; sock udp6 2001:db8::1 80", "udp4 127.0.0.6 80", PORT_TAKEN, false},
		{"lo;" SIX "sock udp6 2001:db8:2::1 80", "udp4 127.0.0.6 80", PORT_CROWD, false},
		{"lo;" SIX "sock udp6 2001:db8:2::1 80", "udp4 0.0.0.0 80", PORT_TAKEN, true},
		// one in the way for sure is named before
		{"kernel 5.10.223; lo;" FOUR "sock udp4 0.0.0.0 80; sock udp4 10.1.3.1 80", "udp4 0.0.0.0 80",
		 PORT_TAKEN, true},
		{"kernel 5.10.223; lo;" FOUR "sock udp4 0.0.0.0 80 reuse=?; sock udp4 10.1.3.1 80 reuse=?",
		 "udp4 0.0.0.0 80 reuseaddr", PORT_PERHAPS, false},
		{"kernel 5.10.223; lo;" FOUR "sock udp4 10.1.3.1 80; sock udp4 10.1.3.2 80 reuse",
		 "udp4 0.0.0.0 80 reuseaddr", PORT_CROWD, false},
	};
	CHECK_PORTS(cases);
}

static void test_chosen_port(void **state)
{
	(void)state;
#define RANGE(low, high) "lo; sysctl net.ipv4.ip_local_port_range=" #low " " #high ";"
#define FULL             RANGE(50000, 50003) "sock %s 50000; sock %s 50001; sock %s 50002; sock %s 50003"
	static const struct port_case cases[] = {
		{"lo", "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{"lo", "tcp4 127.0.0.1 0 noport", PORT_LATER, true},
		{"lo", "udp6 ::1 0 noport", PORT_LATER, true},
		{RANGE(50000, 50001) "ports tcp", "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50001) "sock tcp4 127.0.0.1 50000", "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50001) "sock tcp4 127.0.0.1 50000; sock tcp4 0.0.0.0 50001", "tcp4 127.0.0.1 0",
		 PORT_EXHAUSTED, true},
		{RANGE(50000, 50001) "sock udp4 127.0.0.1 50000; sock udp4 0.0.0.0 50001", "udp4 127.0.0.1 0",
		 PORT_EXHAUSTED, true},
		// ports are per address
		{RANGE(50000, 50001) "sock udp4 127.0.0.1 50000; sock udp4 127.0.0.1 50001", "udp4 127.0.0.2 0",
		 PORT_AUTO, true},
		{RANGE(50000, 50001) "sock udp4 127.0.0.1 50000; sock udp4 127.0.0.1 50001", "udp4 0.0.0.0 0",
		 PORT_EXHAUSTED, true},
		// TCP shares no chosen port, UDP does
		{RANGE(50000, 50001) "sock tcp4 127.0.0.1 50000 reuse; sock tcp4 127.0.0.1 50001 reuse",
		 "tcp4 127.0.0.1 0 reuseaddr", PORT_EXHAUSTED, true},
		{RANGE(50000, 50001) "sock udp4 127.0.0.1 50000 reuse; sock udp4 127.0.0.1 50001 reuse",
		 "udp4 127.0.0.1 0 reuseaddr", PORT_AUTO, true},
		{RANGE(50000, 50001) "sock udp4 127.0.0.1 50000 reuse=?; sock udp4 127.0.0.1 50001",
		 "udp4 127.0.0.1 0 reuseaddr", PORT_AUTO, false},
		{RANGE(50000,
		       50001) "sysctl net.ipv4.ip_autobind_reuse=1; sock tcp4 127.0.0.1 50000 reuse; sock tcp4 127.0.0.1 50001 reuse",
		 "tcp4 127.0.0.1 0 reuseaddr", PORT_AUTO, false},
		{RANGE(50000,
		       50001) "sysctl net.ipv4.ip_autobind_reuse=1; sock tcp4 127.0.0.1 50000 reuse; sock tcp4 127.0.0.1 50001 reuse",
		 "tcp4 127.0.0.1 0", PORT_EXHAUSTED, true},
		{RANGE(50000, 50001) "reserve 50001 50001; sock tcp4 127.0.0.1 50000", "tcp4 127.0.0.1 0",
		 PORT_EXHAUSTED, true},
		{RANGE(50000, 50001) "reserve 50001 50001; sock tcp4 127.0.0.1 50001", "tcp4 127.0.0.1 0", PORT_AUTO,
		 true},
		// a range of one
		{RANGE(50000, 50000) "sock tcp4 127.0.0.1 50000", "tcp4 127.0.0.1 0", PORT_EXHAUSTED, true},
		{RANGE(50000, 50000) "ports tcp", "tcp4 127.0.0.1 0", PORT_AUTO, true},
	// of an odd number of ports, TCP leaves out the first or the last one; of three, always the last
#define HELD(kind, port) "sock " kind " 127.0.0.1 " #port ";"
		{RANGE(50000, 50002) HELD("tcp4", 50000) HELD("tcp4", 50002), "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50002) HELD("tcp4", 50001) HELD("tcp4", 50002), "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50002) HELD("tcp4", 50000) HELD("tcp4", 50001), "tcp4 127.0.0.1 0", PORT_NEVER_TRIED,
		 true},
		{RANGE(50000, 50002) HELD("tcp4", 50000) HELD("tcp4", 50001) HELD("tcp4", 50002), "tcp4 127.0.0.1 0",
		 PORT_EXHAUSTED, true},
		{RANGE(50000, 50002) HELD("udp4", 50000) HELD("udp4", 50001), "udp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50002) HELD("tcp4", 50001), "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50002) HELD("udp4", 50001) HELD("udp4", 50002), "udp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50002) HELD("tcp4", 50001) HELD("tcp4", 50002), "tcp4 127.0.0.1 0 reuseaddr", PORT_AUTO,
		 true},
		// with SO_REUSEADDR the odd part is the second one, here from 50002 on
		{RANGE(50000, 50004) HELD("tcp4", 50000) HELD("tcp4", 50001) HELD("tcp4", 50003) HELD("tcp4", 50004),
		 "tcp4 127.0.0.1 0 reuseaddr", PORT_AUTO, true},
		{RANGE(50000, 50004) HELD("tcp4", 50000) HELD("tcp4", 50001) HELD("tcp4", 50002) HELD("tcp4", 50003),
		 "tcp4 127.0.0.1 0 reuseaddr", PORT_NEVER_TRIED, true},
		{RANGE(50000, 50004) HELD("tcp4", 50000) HELD("tcp4", 50001) HELD("tcp4", 50003) HELD("tcp4", 50004),
		 "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 50004) HELD("tcp4", 50001) HELD("tcp4", 50002) HELD("tcp4", 50003) HELD("tcp4", 50004),
		 "tcp4 127.0.0.1 0 reuseaddr", PORT_AUTO, true},
		{RANGE(50000, 50004) HELD("tcp4", 50001) HELD("tcp4", 50002) HELD("tcp4", 50003) HELD("tcp4", 50004),
		 "tcp4 127.0.0.1 0", PORT_AUTO, false},
		// whether a holder is there for IPv6 alone may not be known
		{RANGE(50000, 50000) "sock tcp6 :: 50000 v6only=?", "tcp4 127.0.0.1 0", PORT_AUTO, false},
		// the socket's own range, each end as far as it lies inside
		{"lo; sock tcp4 127.0.0.1 50000", "tcp4 127.0.0.1 0 portrange=50000-50000", PORT_EXHAUSTED, true},
		{"lo; sock tcp4 127.0.0.1 50000", "tcp4 127.0.0.1 0 portrange=50000-50001", PORT_AUTO, true},
		{RANGE(50000, 50001) "sock tcp4 127.0.0.1 50000; sock tcp4 127.0.0.1 50001",
		 "tcp4 127.0.0.1 0 portrange=100-200", PORT_EXHAUSTED, true},
		{RANGE(50000, 50001) "sock tcp4 127.0.0.1 50000", "tcp4 127.0.0.1 0 portrange=0-50000", PORT_EXHAUSTED,
		 true},
		{RANGE(50000, 50001) "sock tcp4 127.0.0.1 50001", "tcp4 127.0.0.1 0 portrange=50001-0", PORT_EXHAUSTED,
		 true},
		// holders outside the range do not matter
		{RANGE(50000, 50000) "sock tcp4 127.0.0.1 49999; sock tcp4 127.0.0.1 50001 reuse=?",
		 "tcp4 127.0.0.1 0 reuseaddr", PORT_AUTO, true},
		// a bound device may have changed its VRF since
		{RANGE(50000, 50000) "link v0; sock tcp4 127.0.0.1 50000 dev=v0", "tcp4 127.0.0.1 0", PORT_EXHAUSTED,
		 true},
		{RANGE(50000, 50000) "link v0; vrf red 10; sock tcp4 127.0.0.1 50000 dev=v0", "tcp4 127.0.0.1 0",
		 PORT_AUTO, false},
		{RANGE(50000, 50000) "link v0; vrf red 10; sock udp4 127.0.0.1 50000 dev=v0", "udp4 127.0.0.1 0",
		 PORT_EXHAUSTED, true},
		// no sysctl that can be true: nothing is computed from it
		{RANGE(0, 50000) "ports tcp", "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50000, 65536) "ports tcp", "tcp4 127.0.0.1 0", PORT_AUTO, true},
		{RANGE(50001, 50000) "ports tcp", "tcp4 127.0.0.1 0", PORT_AUTO, true},
		// a hidden socket may hold the last one
		{RANGE(50000, 50001) "sock tcp4 127.0.0.1 50000; hidden", "tcp4 127.0.0.1 0", PORT_AUTO, false},
	};
	CHECK_PORTS(cases);
}

// Who stands in the way is named: who listens, not its connections; then who has a process.
static void test_named(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind;
		int64_t holder;
	} cases[] = {
		{"lo; sock tcp4 127.0.0.1 80 timewait; sock tcp4 0.0.0.0 80 listen; sock tcp4 127.0.0.1 80",
		 "tcp4 127.0.0.1 80", 1},
		{"lo; sock tcp4 0.0.0.0 80 listen; sock tcp4 127.0.0.1 80; sock tcp4 127.0.0.1 80 timewait",
		 "tcp4 127.0.0.1 80", 0},
		{"lo; sock tcp4 127.0.0.1 80 timewait; sock tcp4 127.0.0.1 80", "tcp4 127.0.0.1 80", 1},
		{"lo; sock tcp4 127.0.0.1 80; sock tcp4 127.0.0.1 80 timewait", "tcp4 127.0.0.1 80", 0},
		// only one that is in the way
		{"lo; sock tcp4 127.0.0.2 80 listen; sock tcp4 127.0.0.1 80 timewait", "tcp4 127.0.0.1 80", 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		assert_int_equal(walk_find(&w, STEP_PORT)->finding, PORT_TAKEN);
		assert_int_equal(step_input(walk_find(&w, STEP_PORT), IN_HOLDER)->number, cases[i].holder);
		assert_ptr_equal(walk_holder(made_facts(h), &w), &made_question.socks[cases[i].holder]);
		host_free(h);
	}
}

// How many of the range are reserved, how many are held, and by whom.
static void test_pool(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind;
		enum code code;
		const char *sentence; // its end
	} cases[] = {
		{RANGE(50000, 50009) "reserve 50000 50009", "udp4 127.0.0.1 0", CODE_PORTS_RESERVED,
		 "10 of 10, from 50000 to 50009, are reserved by net.ipv4.ip_local_reserved_ports."},
		{RANGE(50000, 50001) "reserve 49999 50000; sock udp4 0.0.0.0 50001", "udp4 127.0.0.1 0",
		 CODE_PORT_EXHAUSTED,
		 "1 of 2 are held (1 by uid 0 (server)), 1 are reserved by net.ipv4.ip_local_reserved_ports."},
		{RANGE(50000,
		       50003) "sock udp4 0.0.0.0 50000 uid=7; sock udp4 0.0.0.0 50001 uid=7; sock udp4 0.0.0.0 50001 uid=7; sock udp4 0.0.0.0 50002 uid=7; sock udp4 0.0.0.0 50003",
		 "udp4 127.0.0.1 0", CODE_PORT_EXHAUSTED,
		 "4 of 4 are held (3 by uid 7 (server), 1 by uid 0 (server))."},
		{RANGE(50000, 50001) "sock tcp4 0.0.0.0 50000 timewait; sock tcp4 0.0.0.0 50001 timewait",
		 "tcp4 127.0.0.1 0", CODE_PORT_EXHAUSTED, "2 of 2 are held (2 by closed connections (TIME_WAIT))."},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		char text[512];
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		assert_string_equal(code_info(w.code)->name, code_info(cases[i].code)->name);
		walk_sentence(made_facts(h), &w, text, sizeof text);
		if (!strstr(text, cases[i].sentence))
			fail_msg("%s on [%s]: %s", cases[i].bind, cases[i].host, text);
		host_free(h);
	}
}

// Reserved ports are not chosen, but may be asked for.
static void test_reserved(void **state)
{
	(void)state;
	struct host *h = made_host("lo; sysctl net.ipv4.ip_local_port_range=50000 50001; sock udp4 127.0.0.1 50000");
	struct walk w;
	struct attempt a = made_attempt(h, "udp4 127.0.0.1 0");
	decide(made_facts(h), &a, &w);
	assert_int_equal(w.predicted.err, 0);
	h->reserved_ports[50001 / 8] |= (uint8_t)(1 << 50001 % 8);
	decide(made_facts(h), &a, &w);
	assert_int_equal(w.predicted.err, EADDRINUSE);
	a.port = 50001;
	decide(made_facts(h), &a, &w);
	assert_int_equal(w.predicted.err, 0);
	host_free(h);
}

// The range that the port step tells is the one that counts.
static void test_shown_range(void **state)
{
	(void)state;
	static const struct {
		const char *range, *says;
	} cases[] = {
		{"50000-50010", "50000 to 50010"}, {"100-50010", "32768 to 50010"},   {"50000-65535", "50000 to 60999"},
		{"0-0", "32768 to 60999"},         {"65000-65535", "32768 to 60999"}, {"100-200", "32768 to 60999"},
		{"32768-60999", "32768 to 60999"}, {"0-32768", "32768 to 32768"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		char bind[64], text[256];
		snprintf(bind, sizeof bind, "tcp4 127.0.0.1 0 portrange=%s", cases[i].range);
		made_decide("lo", bind, &h, &w);
		walk_answer(made_facts(h), &w, walk_find(&w, STEP_PORT), text, sizeof text);
		if (!strstr(text, "port 0: the kernel chooses from ") || !strstr(text, cases[i].says))
			fail_msg("%s: %s", cases[i].range, text);
		host_free(h);
	}
	struct host *h = made_host("lo; sock tcp4 127.0.0.1 50000; sysctl net.ipv4.ip_local_port_range=50000 50000");
	struct attempt a = made_attempt(h, "tcp4 127.0.0.1 0");
	struct walk w;
	made_question.socks_port = 50000; // asked for one port only: that says nothing of the others
	decide(made_facts(h), &a, &w);
	assert_int_equal(walk_find(&w, STEP_PORT)->finding, PORT_AUTO);
	host_free(h);
}

// A host whose routes were not read rests on what the kernel was asked.
static void test_asked(void **state)
{
	(void)state;
	static const struct {
		int err;
		uint8_t type;
		enum finding_id finding;
		int bind;
	} cases[] = {
		{0, RTN_LOCAL, CLASSIFY_LOCAL, 0},
		{0, RTN_BROADCAST, CLASSIFY_BROADCAST_ROUTE, 0},
		{0, RTN_MULTICAST, CLASSIFY_MULTICAST_ROUTE, 0},
		{0, RTN_UNICAST, CLASSIFY_OTHER_ROUTE, EADDRNOTAVAIL},
		{0, RTN_ANYCAST, CLASSIFY_OTHER_ROUTE, EADDRNOTAVAIL},
		{-EAGAIN, 0, CLASSIFY_NO_ROUTE, EADDRNOTAVAIL},
		{-EINVAL, 0, CLASSIFY_ERROR_ASKED, EADDRNOTAVAIL},       // blackhole
		{-EHOSTUNREACH, 0, CLASSIFY_ERROR_ASKED, EADDRNOTAVAIL}, // unreachable
		{-EACCES, 0, CLASSIFY_ERROR_ASKED, EADDRNOTAVAIL},       // prohibit
		{-ENOENT, 0, CLASSIFY_NO_TABLE, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h = made_host("link lo; tables; unread");
		struct walk w;
		struct attempt a = made_attempt(h, "tcp4 10.0.0.1 0");
		made_question.fib = (struct fib_answer){.present = true,
							.table = 255,
							.dst = 0x0a000001,
							.err = cases[i].err,
							.type = cases[i].type,
							.len = 8};
		decide(made_facts(h), &a, &w);
		const struct walk_step *s = walk_find(&w, STEP_CLASSIFY);
		assert_int_equal(s->finding, cases[i].finding);
		assert_int_equal(s->rests_on, EV_ASKED);
		assert_int_equal(w.predicted.err, cases[i].bind);
		assert_true(w.predicted.certain);
		made_check_shape(h, &w, "asked");
		host_free(h);
	}
	// An answer to another question is none: then the model can't be certain.
	static const struct fib_answer others[] = {
		{.present = false, .table = 255, .dst = 0x0a000001, .type = RTN_LOCAL},
		{.present = true, .table = 254, .dst = 0x0a000001, .type = RTN_LOCAL},
		{.present = true, .table = 255, .dst = 0x0a000002, .type = RTN_LOCAL}};
	for (size_t i = 0; i < 3; i++) {
		struct host *h = made_host("link lo; tables; unread");
		struct walk w;
		struct attempt a = made_attempt(h, "tcp4 10.0.0.1 0");
		made_question.fib = others[i];
		decide(made_facts(h), &a, &w);
		assert_false(w.predicted.certain);
		assert_int_equal(walk_find(&w, STEP_CLASSIFY)->rests_on, EV_MODEL);
		a = made_attempt(h, "tcp4 0.0.0.0 0"); // needs no route
		decide(made_facts(h), &a, &w);
		assert_true(w.predicted.certain);
		host_free(h);
	}
	// An address of the host that an error route hides is in the table all the same.
	for (size_t i = 0; i < 2; i++) {
		struct host *h = made_host("link lo; tables; addr 10.0.0.1/24 dev lo; unread");
		struct walk w;
		struct attempt a = made_attempt(h, "tcp4 10.0.0.1 0");
		made_question.fib = (struct fib_answer){
			.present = true, .table = 255, .dst = 0x0a000001, .err = i ? -EAGAIN : -EHOSTUNREACH};
		decide(made_facts(h), &a, &w);
		assert_int_equal(w.steps[w.decisive].finding, i ? ACCEPTABLE_NO_LOCAL_ROUTE : ACCEPTABLE_SHADOWED);
		made_check_shape(h, &w, "asked, hidden");
		host_free(h);
	}
	// Where the routes were read, they are what the model looks at.
	struct host *h = made_host("lo");
	struct walk w;
	struct attempt a = made_attempt(h, "tcp4 10.0.0.1 0");
	made_question.fib = (struct fib_answer){.present = true, .table = 255, .dst = 0x0a000001, .type = RTN_LOCAL};
	decide(made_facts(h), &a, &w);
	assert_int_equal(w.predicted.err, EADDRNOTAVAIL);
	host_free(h);
}

// A protocol that this kernel may not have.
static void test_protocols(void **state)
{
	(void)state;
	for (int k = 0; k < KIND_COUNT; k++) {
		char script[64], bind[64];
		struct host *h;
		struct walk w;
		const char *name = kind_info((enum kind)k)->name;
		snprintf(script, sizeof script, "lo; without %s", name);
		snprintf(bind, sizeof bind, "%s4 127.0.0.1 0", name);
		made_check(&(struct wanted){script, bind, EPROTONOSUPPORT, SOCKET_NO_PROTOCOL, CODE_SOCKET_REFUSED});
		snprintf(script, sizeof script, "lo; maybe %s", name);
		made_decide(script, bind, &h, &w);
		assert_int_equal(w.steps[0].finding, SOCKET_OPEN);
		assert_false(w.predicted.certain);
		host_free(h);
	}
	struct host *h;
	struct walk w;
	made_decide("lo; inet6 maybe", "tcp6 ::1 0", &h, &w);
	assert_int_equal(w.steps[0].finding, SOCKET_OPEN);
	assert_false(w.predicted.certain);
	host_free(h);
	made_decide("lo; inet6 maybe", "tcp4 127.0.0.1 0", &h, &w);
	assert_true(w.predicted.certain);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),   cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_privilege), cmocka_unit_test(test_given_port),
		cmocka_unit_test(test_crowd),     cmocka_unit_test(test_chosen_port),
		cmocka_unit_test(test_reserved),  cmocka_unit_test(test_named),
		cmocka_unit_test(test_pool),      cmocka_unit_test(test_shown_range),
		cmocka_unit_test(test_asked),     cmocka_unit_test(test_protocols),
	};
	return cmocka_run_group_tests_name("decide_port", tests, NULL, NULL);
}
