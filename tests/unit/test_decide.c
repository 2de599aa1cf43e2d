// SPDX-License-Identifier: GPL-3.0-or-later
// IPv4 and v4-mapped binds: what the kernel was seen to do, as far as a host can be made up.
#include "tests/unit/made_walk.h"

#define NET "lo; link v0; link v1; addr 192.0.2.1/24 dev v0;"
#define VRF "lo; vrf red 10; link d0 master red; addr 10.0.0.1/24 dev d0; addr 2001:db8::1/64 dev d0;"

static void test_inet(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{"lo", "tcp4 127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "udp4 127.255.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 192.168.123.123 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "tcp4 192.168.123.123 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "udp4 192.168.123.123 0 transparent", 0, NONLOCAL_TRANSPARENT, CODE_NONLOCAL_BY_TRANSPARENT},
		{"lo; sysctl net.ipv4.ip_nonlocal_bind=1", "tcp4 192.168.123.123 0", 0, NONLOCAL_SYSCTL,
		 CODE_NONLOCAL_BY_SYSCTL},
		{"lo; route local 192.168.123.0/24 dev lo", "tcp4 192.168.123.123 0", 0, CLASSIFY_ANYIP,
		 CODE_ADDR_ANYIP},
		// the length of the sockaddr
		{"lo", "tcp4 127.0.0.1 0 len=15", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{"lo", "tcp4 127.0.0.1 0 len=16", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 127.0.0.1 0 len=128", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 127.0.0.1 0 len=129", EINVAL, FAMILY_LONG, CODE_ARGUMENT_LENGTH},
		// the family in it
		{"lo", "tcp4 0.0.0.0 0 family=0", 0, CLASSIFY_ANY, CODE_ADDR_ANY},
		{"lo", "udp4 127.0.0.1 0 family=0", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{"lo", "tcp4 0.0.0.0 0 family=10", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{"lo", "udp4 127.0.0.1 0 family=77", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		// the device has no influence but through its VRF
		{NET, "tcp4 192.0.2.1 0 dev=lo", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{NET, "tcp4 127.0.0.1 0 dev=v0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{NET, "udp4 127.0.0.1 0 ifindex=999", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		// a second bind
		{"lo", "tcp4 127.0.0.1 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "tcp4 127.0.0.1 0 noport bound", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "tcp4 9.9.9.9 0 bound", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "udp4 127.0.0.1 5000 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "udp4 0.0.0.0 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "tcp4 127.0.0.1 0 noport twice", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "udp4 127.0.0.1 0 noport twice", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp4 127.0.0.1 5000 noport twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "tcp4 9.9.9.9 0 twice", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		// the switch is read at the time of the bind: off again
		{"lo", "tcp4 9.9.9.9 0 freebind freebind=0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo; sysctl net.ipv6.ip_nonlocal_bind=1", "tcp4 9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL},
	};
	CHECK_ALL(cases);
}

// Each failure hides those that would come after it.
static void test_order_inet(void **state)
{
	(void)state;
#define TAKEN "lo; sock tcp4 0.0.0.0 80 listen"
	static const struct wanted cases[] = {
		{TAKEN, "tcp4 9.9.9.9 80 uid=1000 len=8 family=77 transparent", EPERM, OPTION_NO_RIGHT,
		 CODE_OPTION_REFUSED},
		{TAKEN, "tcp4 9.9.9.9 80 uid=1000 len=8 family=77", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{TAKEN, "tcp4 9.9.9.9 80 uid=1000 family=77", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{TAKEN, "tcp4 9.9.9.9 80 uid=1000", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{TAKEN, "tcp4 127.0.0.1 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{TAKEN, "tcp4 127.0.0.1 80", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
		{TAKEN, "tcp4 127.0.0.1 81 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{TAKEN, "tcp4 127.0.0.1 80 bound", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
	};
	CHECK_ALL(cases);
}

// Order of the steps as the kernel has them.
static void test_order_of_steps(void **state)
{
	(void)state;
	static const enum step_id inet[] = {STEP_SOCKET,    STEP_SETSOCKOPT, STEP_HOOKS,    STEP_FAMILY,
					    STEP_TABLE,     STEP_CLASSIFY,   STEP_NONLOCAL, STEP_ACCEPTABLE,
					    STEP_PRIVILEGE, STEP_STATE,      STEP_PORT,     STEP_RESULT};
	static const enum step_id mapped[] = {STEP_SOCKET,     STEP_SETSOCKOPT, STEP_HOOKS,    STEP_FAMILY,
					      STEP_TYPE,       STEP_PRIVILEGE,  STEP_STATE,    STEP_MAPPED,
					      STEP_DEVICE,     STEP_TABLE,      STEP_CLASSIFY, STEP_NONLOCAL,
					      STEP_ACCEPTABLE, STEP_PORT,       STEP_RESULT};
	static const struct {
		const char *bind;
		const enum step_id *steps;
		unsigned n;
	} rows[] = {
		{"tcp4 127.0.0.1 0 freebind", inet, sizeof inet / sizeof *inet},
		{"udp4 127.0.0.1 0 freebind", inet, sizeof inet / sizeof *inet},
		{"udplite4 127.0.0.1 0 freebind", inet, sizeof inet / sizeof *inet},
		{"mptcp4 127.0.0.1 0 freebind", inet, sizeof inet / sizeof *inet},
		{"tcp6 ::ffff:127.0.0.1 0 freebind", mapped, sizeof mapped / sizeof *mapped},
		{"udp6 ::ffff:127.0.0.1 0 freebind", mapped, sizeof mapped / sizeof *mapped},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct host *h;
		struct walk w;
		made_decide("lo", rows[i].bind, &h, &w);
		assert_int_equal(w.nsteps, rows[i].n);
		for (unsigned n = 0; n < w.nsteps; n++)
			assert_int_equal(w.steps[n].step, rows[i].steps[n]);
		host_free(h);
	}
}

// What is classified without a lookup.
static void test_without_lookup(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{"lo", "tcp4 0.0.0.0 0", 0, CLASSIFY_ANY, CODE_ADDR_ANY},
		{"lo", "tcp4 255.255.255.255 0", 0, CLASSIFY_BROADCAST, CODE_ADDR_BROADCAST},
		{"lo", "tcp4 224.0.0.1 0", 0, CLASSIFY_MULTICAST,
		 CODE_ADDR_MULTICAST}, // IPv4 has no multicast + stream test
		{"lo", "udp4 239.255.255.255 0", 0, CLASSIFY_MULTICAST, CODE_ADDR_MULTICAST},
		{"lo", "udp4 240.0.0.0 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL}, // 240/4 is nothing special
		{"lo", "udp4 223.255.255.255 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "tcp4 0.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "tcp4 255.255.255.254 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo; route blackhole 224.0.0.1 table local", "udp4 224.0.0.1 0", 0, CLASSIFY_MULTICAST,
		 CODE_ADDR_MULTICAST},
		// a table that does not exist answers BROADCAST, an empty one does not
		{"", "tcp4 1.2.3.4 0", 0, CLASSIFY_NO_TABLE, CODE_TABLE_MISSING},
		{"", "udp4 8.8.8.8 0", 0, CLASSIFY_NO_TABLE, CODE_TABLE_MISSING},
		{"", "tcp6 ::ffff:8.8.8.8 0", 0, CLASSIFY_NO_TABLE, CODE_TABLE_MISSING},
		{"", "raw4 8.8.8.8 0", 0, CLASSIFY_NO_TABLE, CODE_TABLE_MISSING},
		{"route blackhole 10.0.0.0/8", "tcp4 10.1.1.1 0", 0, CLASSIFY_NO_TABLE,
		 CODE_TABLE_MISSING}, // only main exists
		{"tables", "tcp4 1.2.3.4 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"", "tcp4 0.0.0.0 0", 0, CLASSIFY_ANY, CODE_ADDR_ANY},
		{"vrf red 10", "tcp4 1.2.3.4 0 dev=red", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL}, // a VRF's always does
		{"vrf red 10", "tcp4 1.2.3.4 0", 0, CLASSIFY_NO_TABLE, CODE_TABLE_MISSING},
	};
	CHECK_ALL(cases);
}

// Each route type, for each kind of socket that asks.
static void test_route_types(void **state)
{
	(void)state;
	static const char *const sockets[] = {"tcp4 10.0.0.1 0",       "udp4 10.0.0.1 0",     "raw4 10.0.0.1 0",
					      "mptcp4 10.0.0.1 0",     "udplite4 10.0.0.1 0", "tcp6 ::ffff:10.0.0.1 0",
					      "udp6 ::ffff:10.0.0.1 0"};
	static const struct {
		const char *type;
		int err;
		enum finding_id finding;
		enum code code;
		bool source_any;
		enum finding_id ping;
		enum finding_id ping_freebind;
	} rows[] = {
		{"local", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL, false, CLASSIFY_LOCAL, CLASSIFY_LOCAL},
		{"broadcast", 0, CLASSIFY_BROADCAST_ROUTE, CODE_ADDR_BROADCAST, true, ACCEPTABLE_PING, ACCEPTABLE_PING},
		{"multicast", 0, CLASSIFY_MULTICAST_ROUTE, CODE_ADDR_MULTICAST, true, ACCEPTABLE_PING, ACCEPTABLE_PING},
		{"anycast", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL, false, ACCEPTABLE_NOT_LOCAL,
		 NONLOCAL_FREEBIND},
		{"unicast", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL, false, ACCEPTABLE_NOT_LOCAL,
		 NONLOCAL_FREEBIND},
		{"blackhole", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL, false, ACCEPTABLE_NOT_LOCAL,
		 NONLOCAL_FREEBIND},
		{"unreachable", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL, false, ACCEPTABLE_NOT_LOCAL,
		 NONLOCAL_FREEBIND},
		{"prohibit", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL, false, ACCEPTABLE_NOT_LOCAL,
		 NONLOCAL_FREEBIND},
		{"throw", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL, false, ACCEPTABLE_NOT_LOCAL,
		 NONLOCAL_FREEBIND},
	};
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		char host[128], bind[64];
		snprintf(host, sizeof host, "tables; split; route %s 10.0.0.1 table local", rows[r].type);
		for (size_t s = 0; s < sizeof sockets / sizeof *sockets; s++) {
			struct host *h;
			struct walk w;
			made_check(&(struct wanted){host, sockets[s], rows[r].err, rows[r].finding, rows[r].code});
			made_decide(host, sockets[s], &h, &w);
			bool source_any = rows[r].source_any && w.attempt.family == AF_INET; // v4-mapped keeps it
			assert_int_equal(w.predicted.source_any, source_any);
			if (!rows[r].err)
				assert_int_equal(w.steps[w.nsteps - 1].finding,
						 source_any ? RESULT_SOURCE_ANY : RESULT_OK);
			host_free(h);
			// The nonlocal escapes lift every refusal.
			snprintf(bind, sizeof bind, "%s freebind", sockets[s]);
			made_check(&(struct wanted){host, bind, 0, rows[r].err ? NONLOCAL_FREEBIND : rows[r].finding,
						    rows[r].err ? CODE_NONLOCAL_BY_FREEBIND : rows[r].code});
		}
		for (int freebind = 0; freebind < 2; freebind++) {
			struct host *h;
			struct walk w;
			made_decide(host, freebind ? "ping4 10.0.0.1 0 freebind" : "ping4 10.0.0.1 0", &h, &w);
			enum finding_id wanted = freebind ? rows[r].ping_freebind : rows[r].ping;
			const char *got = finding_info(w.steps[w.decisive].finding)->name;
			// A ping socket may note the switch first; that it refuses all the same is what counts.
			if (w.predicted.err || wanted == ACCEPTABLE_PING)
				assert_string_equal(got, finding_info(wanted)->name);
			assert_int_equal(w.predicted.err, finding_info(wanted)->err);
			host_free(h);
		}
	}
}

// Local and main in one trie, until the first rule.
static void test_tries(void **state)
{
	(void)state;
#define MAIN_ROUTE "route local 10.9.0.0/16 dev lo table main;"
#define SHADOWS                                                                                                              \
	NET "route local 10.8.0.0/16 dev lo table local; route unicast 10.8.1.1/32 dev v0; route blackhole 127.0.0.5;"       \
	    "route unreachable 127.0.0.6 table main; route prohibit 127.0.0.7 table main; route throw 127.0.0.8 table main;" \
	    "route broadcast 127.0.0.9 dev v0 table main; route anycast 127.0.0.10 dev v0 table main;"                       \
	    "route multicast 127.0.0.11 dev v0 table main; route unicast 127.0.0.1 dev v0 table main;"                       \
	    "route blackhole 192.0.2.1 table main;"
	static const struct wanted cases[] = {
		{"lo;" MAIN_ROUTE, "tcp4 10.9.1.1 0", 0, CLASSIFY_MERGED, CODE_TABLE_MERGED},
		{"lo;" MAIN_ROUTE, "udp6 ::ffff:10.9.1.1 0", 0, CLASSIFY_MERGED, CODE_TABLE_MERGED},
		{"lo;" MAIN_ROUTE, "raw4 10.9.1.1 0", 0, CLASSIFY_MERGED, CODE_TABLE_MERGED},
		{"lo; split;" MAIN_ROUTE, "tcp4 10.9.1.1 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo; split;" MAIN_ROUTE, "udp6 ::ffff:10.9.1.1 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL},
		{"lo; split;" MAIN_ROUTE, "raw4 10.9.1.1 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo; split; inmain 10.9.1.1 16", "tcp4 10.9.1.1 0", EADDRNOTAVAIL, ACCEPTABLE_SPLIT, CODE_TABLE_SPLIT},
		{"lo; split; inmain 10.9.1.1 16", "udp6 ::ffff:10.9.1.1 0", EADDRNOTAVAIL, ACCEPTABLE_SPLIT,
		 CODE_TABLE_SPLIT},
		{"lo; split; inmain 10.9.1.1 16", "tcp4 10.9.1.2 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL}, // that is another address
		{"lo; split; inmain 10.9.1.1 16; route local 10.9.1.1", "tcp4 10.9.1.1 0", 0, CLASSIFY_LOCAL,
		 CODE_ADDR_LOCAL},
		{"lo; split; inmain 10.9.1.1 16; route blackhole 10.9.1.0/24 table local", "tcp4 10.9.1.1 0",
		 EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL}, // it would lose to this one
		{"lo;" MAIN_ROUTE "vrf red 10; inmain 10.9.1.1 16", "tcp4 10.9.1.1 0 dev=red", EADDRNOTAVAIL,
		 ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL}, // table 10 is asked
		{"lo;" MAIN_ROUTE "vrf red 10", "tcp4 10.9.1.1 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL},
		// a more specific route of main shadows
		{SHADOWS, "udp4 10.8.1.1 0", EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		{SHADOWS, "udp4 10.8.1.2 0", 0, CLASSIFY_ANYIP, CODE_ADDR_ANYIP},
		{SHADOWS, "udp4 127.0.0.5 0", EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		{SHADOWS, "udp4 127.0.0.6 0", EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		{SHADOWS, "udp4 127.0.0.7 0", EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		{SHADOWS, "udp4 127.0.0.8 0", EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		{SHADOWS, "udp4 127.0.0.9 0", 0, CLASSIFY_BROADCAST_ROUTE, CODE_ADDR_BROADCAST},
		{SHADOWS, "udp4 127.0.0.10 0", EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		{SHADOWS, "udp4 127.0.0.11 0", 0, CLASSIFY_MULTICAST_ROUTE, CODE_ADDR_MULTICAST},
		{SHADOWS, "udp4 127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL}, // of equal length local's wins
		{SHADOWS, "udp4 192.0.2.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		// once split, only table local counts
		{SHADOWS "split", "udp4 10.8.1.1 0", 0, CLASSIFY_ANYIP, CODE_ADDR_ANYIP},
		{SHADOWS "split", "udp4 127.0.0.5 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{SHADOWS "split", "udp4 127.0.0.9 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{SHADOWS "split", "udp4 192.0.2.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
	};
	CHECK_ALL(cases);
}

static void test_mapped(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{"lo", "tcp6 ::ffff:127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "udp6 ::ffff:0.0.0.0 0", 0, CLASSIFY_ANY, CODE_ADDR_ANY},
		{"lo", "tcp6 ::ffff:9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "tcp6 ::ffff:9.9.9.9 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "tcp6 ::ffff:9.9.9.9 0 freebind6", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "tcp6 ::ffff:9.9.9.9 0 transparent6", 0, NONLOCAL_TRANSPARENT, CODE_NONLOCAL_BY_TRANSPARENT},
		{"lo; sysctl net.ipv4.ip_nonlocal_bind=1", "tcp6 ::ffff:9.9.9.9 0", 0, NONLOCAL_SYSCTL,
		 CODE_NONLOCAL_BY_SYSCTL},
		{"lo; sysctl net.ipv6.ip_nonlocal_bind=1", "tcp6 ::ffff:9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL},
		{"lo", "tcp6 ::ffff:127.0.0.1 0 v6only", EINVAL, MAPPED_V6ONLY, CODE_V6ONLY_MAPPED},
		{"lo; sysctl net.ipv6.bindv6only=1", "udp6 ::ffff:127.0.0.1 0", EINVAL, MAPPED_V6ONLY,
		 CODE_V6ONLY_MAPPED},
		{"lo; sysctl net.ipv6.bindv6only=1", "udp6 ::ffff:127.0.0.1 0 v6only=0", 0, CLASSIFY_LOCAL,
		 CODE_ADDR_LOCAL},
		{"lo", "tcp6 ::ffff:127.0.0.1 0 ifindex=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{"lo", "udp6 ::ffff:0.0.0.0 0 ifindex=999", ENODEV, DEVICE_GONE, CODE_DEVICE_UNKNOWN},
		{"lo", "tcp6 ::ffff:127.0.0.1 0 scope=999", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL}, // the scope is ignored
		{"lo", "tcp6 ::ffff:224.0.0.1 0", 0, CLASSIFY_MULTICAST,
		 CODE_ADDR_MULTICAST}, // no multicast test: IPv4 rules
		{"lo", "tcp6 ::ffff:127.0.0.1 0 len=24", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "tcp6 ::ffff:127.0.0.1 0 len=23", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{"lo", "tcp6 ::ffff:127.0.0.1 0 family=2", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{"lo", "tcp6 ::ffff:0.0.0.0 0 family=0", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{"lo", "mptcp6 ::ffff:127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		// the port's privilege comes before the address, unlike on an AF_INET socket
		{"lo", "tcp6 ::ffff:9.9.9.9 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{"lo", "tcp6 ::ffff:9.9.9.9 80 uid=1000 v6only", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{"lo", "tcp6 ::ffff:127.0.0.1 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo; sock tcp4 0.0.0.0 5000 listen", "tcp6 ::ffff:127.0.0.1 5000", EADDRINUSE, PORT_TAKEN,
		 CODE_PORT_TAKEN},
	};
	CHECK_ALL(cases);
}

// The IPv4 half.
static void test_vrf(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{VRF, "tcp4 10.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "udp4 10.0.0.255 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{VRF, "tcp6 ::ffff:10.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "raw4 10.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "ping4 10.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "tcp4 10.0.0.1 0 dev=red", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF, "tcp4 10.0.0.1 0 dev=d0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF, "udp4 10.0.0.255 0 dev=d0", 0, CLASSIFY_BROADCAST_ROUTE, CODE_ADDR_BROADCAST},
		{VRF, "tcp6 ::ffff:10.0.0.1 0 dev=red", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF, "raw4 10.0.0.1 0 dev=red", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF, "ping4 10.0.0.1 0 dev=d0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF, "tcp4 10.0.0.1 0 dev=lo", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF, "tcp4 127.0.0.1 0 dev=red", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		{VRF "addr 127.0.0.1/8 dev red", "tcp4 127.0.0.1 0 dev=red", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF "addr 127.0.0.1/8 dev red", "tcp4 127.0.0.5 0 dev=red", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL},
		{VRF "route local 10.5.0.0/16 table 10; route blackhole 10.5.5.5 table 10", "tcp4 10.5.5.5 0 dev=red",
		 EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		{VRF "route unicast default table local", "tcp4 10.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF,
		 CODE_ADDR_OTHER_VRF},
		{VRF "route local 10.5.0.0/16 table 10", "tcp4 10.5.5.5 0 dev=red", 0, CLASSIFY_ANYIP, CODE_ADDR_ANYIP},
		// a VRF over table 254 or 255
		{"lo; route local 10.9.0.0/16 dev lo table main; vrf blue 254", "tcp4 10.9.1.1 0 dev=blue", 0,
		 CLASSIFY_ANYIP, CODE_ADDR_ANYIP},
		{"lo; vrf blue 255", "tcp4 127.0.0.1 0 dev=blue", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF, "tcp4 10.0.0.1 0 uid=1000 dev=red", 0, CLASSIFY_LOCAL,
		 CODE_ADDR_LOCAL}, // the first time needs no right
		// ping sockets of older kernels look into table local alone
		{VRF "kernel 5.14.0", "ping4 10.0.0.1 0 dev=red", EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF,
		 CODE_ADDR_OTHER_VRF},
		{VRF "kernel 5.10.223", "ping4 10.0.0.1 0 dev=red", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{VRF "kernel 5.10.223", "tcp4 10.0.0.1 0 dev=red", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
	};
	CHECK_ALL(cases);
}

static void test_raw_and_ping(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{"lo", "raw4 127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "raw4 127.0.0.1 0 family=77", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "raw4 127.0.0.1 0 len=15", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{"lo", "raw4 127.0.0.1 0 twice", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; sysctl net.ipv4.ip_unprivileged_port_start=65535", "raw4 127.0.0.1 80", 0, CLASSIFY_LOCAL,
		 CODE_ADDR_LOCAL},
		{"lo", "raw4 9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "raw4 9.9.9.9 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo; kernel 5.10.223", "raw4 10.0.6.1 0 freebind", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL,
		 CODE_ADDR_NOT_LOCAL},
		{"lo; kernel 5.15.55; sysctl net.ipv4.ip_nonlocal_bind=1", "raw4 10.0.6.1 0", EADDRNOTAVAIL,
		 ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo; kernel 5.17.0", "raw4 10.0.6.1 0 transparent", 0, NONLOCAL_TRANSPARENT,
		 CODE_NONLOCAL_BY_TRANSPARENT},
		{"lo; kernel 5.10.223", "tcp4 10.0.6.1 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "raw4 127.0.0.1 0 uid=1000", EPERM, SOCKET_UNPRIVILEGED, CODE_SOCKET_REFUSED},
		{"lo; nocaps", "raw6 ::1 0", EPERM, SOCKET_UNPRIVILEGED, CODE_SOCKET_REFUSED},

		{"lo", "ping4 127.0.0.1 14", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "ping4 127.0.0.1 0 len=15", EINVAL, FAMILY_SHORT, CODE_ARGUMENT_LENGTH},
		{"lo", "ping4 127.0.0.1 0 family=0", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{"lo", "ping4 127.0.0.1 0 family=10", EAFNOSUPPORT, FAMILY_WRONG, CODE_ARGUMENT_FAMILY},
		{"lo", "ping4 9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "ping4 9.9.9.9 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "ping4 224.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_PING, CODE_ADDR_TYPE},
		{"lo", "ping4 255.255.255.255 0 freebind", EADDRNOTAVAIL, ACCEPTABLE_PING, CODE_ADDR_TYPE},
		{"lo; sysctl net.ipv4.ip_nonlocal_bind=1", "ping4 224.0.0.1 0 transparent", EADDRNOTAVAIL,
		 ACCEPTABLE_PING, CODE_ADDR_TYPE},
		{"", "ping4 1.2.3.4 0", EADDRNOTAVAIL, ACCEPTABLE_PING,
		 CODE_ADDR_TYPE}, // a missing table answers BROADCAST
		// for some releases it took what UDP takes
		{"lo; kernel 5.17.0", "ping4 224.0.0.1 0", 0, CLASSIFY_MULTICAST, CODE_ADDR_MULTICAST},
		{"lo; kernel 5.17.0", "ping4 255.255.255.255 0", 0, CLASSIFY_BROADCAST, CODE_ADDR_BROADCAST},
		{"lo; kernel 5.17.0", "ping4 9.9.9.9 0", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo; kernel 5.18.11", "ping4 224.0.0.1 0", 0, CLASSIFY_MULTICAST, CODE_ADDR_MULTICAST},
		{"lo; kernel 5.18.12", "ping4 224.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_PING, CODE_ADDR_TYPE},
		{"lo; kernel 5.15.55", "ping4 224.0.0.1 0", EADDRNOTAVAIL, ACCEPTABLE_PING, CODE_ADDR_TYPE},
		{"lo", "ping4 127.0.0.1 0 twice", EINVAL, STATE_BOUND, CODE_ALREADY_BOUND},
		{"lo", "ping4 127.0.0.1 0 noport twice", EINVAL, STATE_BOUND,
		 CODE_ALREADY_BOUND}, // it has an ident all the same
		{"lo", "ping4 9.9.9.9 0 twice", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "ping4 127.0.0.1 80 uid=1000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL}, // no privileged ident
		{"lo; noping", "ping4 127.0.0.1 0", EACCES, SOCKET_NO_PING_GROUP, CODE_SOCKET_REFUSED},
		{"lo; noping", "ping6 ::1 0", EACCES, SOCKET_NO_PING_GROUP, CODE_SOCKET_REFUSED},
	};
	CHECK_ALL(cases);
}

static void test_mptcp_and_udplite(void **state)
{
	(void)state;
	static const struct wanted cases[] = {
		{"lo", "mptcp4 127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "mptcp4 9.9.9.9 80 uid=1000", EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL},
		{"lo", "mptcp6 2001:db8::9 80 uid=1000", EACCES, PRIVILEGE_MISSING, CODE_PORT_PRIVILEGED},
		{"lo", "mptcp6 ff0e::1 0", EINVAL, MULTICAST_REFUSED, CODE_MULTICAST_STREAM},
		{"lo", "mptcp4 9.9.9.9 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo", "mptcp6 2001:db8::9 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo; kernel 5.15.55", "mptcp4 9.9.9.9 0 freebind", EOPNOTSUPP, OPTION_NOT_BY_MPTCP,
		 CODE_OPTION_REFUSED},
		{"lo; without mptcp", "mptcp4 127.0.0.1 0", EPROTONOSUPPORT, SOCKET_NO_PROTOCOL, CODE_SOCKET_REFUSED},
		{"lo; sysctl net.mptcp.enabled=0", "mptcp6 ::1 0", ENOPROTOOPT, SOCKET_SWITCHED_OFF,
		 CODE_SOCKET_REFUSED},
		{"lo; sock tcp4 0.0.0.0 5000 listen", "mptcp4 127.0.0.1 5000", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
		{"lo; kernel 6.7.3", "mptcp4 127.0.0.1 0 portrange=50000-50003", ENOPROTOOPT, OPTION_NOT_HERE,
		 CODE_OPTION_REFUSED},
		{"lo; kernel 6.8.1", "mptcp4 127.0.0.1 0 portrange=50000-50003", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo", "udplite4 127.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; kernel 7.0.13", "udplite6 ::1 0", 0, LIST_MATCH, CODE_ADDR_CONFIGURED},
		{"lo; kernel 7.1.13", "udplite6 ::1 0", EPROTONOSUPPORT, SOCKET_NO_PROTOCOL, CODE_SOCKET_REFUSED},
		{"lo; sock udp4 0.0.0.0 5000", "udplite4 127.0.0.1 5000", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; sock udplite4 0.0.0.0 5000", "udplite4 127.0.0.1 5000", EADDRINUSE, PORT_TAKEN, CODE_PORT_TAKEN},
	};
	CHECK_ALL(cases);
}

// A lookup that fails reads as unicast, whatever the route that ended it is called.
static void test_failed_lookup(void **state)
{
	(void)state;
	static const char *const types[] = {"blackhole", "unreachable", "prohibit", "throw"};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct host *h;
		struct walk w;
		char host[80];
		snprintf(host, sizeof host, "lo; route %s 10.0.0.0/8 table local", types[i]);
		made_decide(host, "tcp4 10.1.1.1 0", &h, &w);
		const struct input *type = step_input(walk_find(&w, STEP_CLASSIFY), IN_TYPE);
		assert_non_null(type);
		assert_int_equal(type->number, RTN_UNICAST);
		host_free(h);
	}
}

// What keeps an IPv4 address away that somebody may expect.
static void test_absent(void **state)
{
	(void)state;
#define NOT_THERE  EADDRNOTAVAIL, ACCEPTABLE_NOT_LOCAL, CODE_ADDR_NOT_LOCAL
#define LO_IS_DOWN EADDRNOTAVAIL, ACCEPTABLE_LO_DOWN, CODE_LO_DOWN
#define NO_ROUTE   EADDRNOTAVAIL, ACCEPTABLE_NO_LOCAL_ROUTE, CODE_LOCAL_ROUTE_MISSING
#define IDLE       EADDRNOTAVAIL, ACCEPTABLE_LINK_DOWN, CODE_LINK_DOWN
	static const struct wanted cases[] = {
		{"lo down", "tcp4 127.0.0.1 0", LO_IS_DOWN},
		{"lo down", "udp4 127.255.255.255 0", LO_IS_DOWN},
		{"lo down", "tcp6 ::ffff:127.0.0.1 0", LO_IS_DOWN},
		{"lo down", "ping4 127.0.0.1 0", LO_IS_DOWN},
		{"lo down", "tcp4 127.0.0.1 0 freebind", 0, NONLOCAL_FREEBIND, CODE_NONLOCAL_BY_FREEBIND},
		{"lo down", "tcp4 128.0.0.1 0", NOT_THERE},
		{"lo down; vrf red 10", "tcp4 127.0.0.1 0 dev=red", NOT_THERE}, // lo is not in that table
		// lo went down: it keeps its address, and the prefix of another one is not local
		{"lo down; addr 10.0.0.1/24", "tcp4 10.0.0.1 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo down; addr 10.0.0.1/24", "tcp4 10.0.0.7 0", IDLE},
		{"lo; addr 10.0.0.1/24", "tcp4 10.0.0.7 0", 0, CLASSIFY_LOCAL, CODE_ADDR_LOCAL},
		{"lo; addr 10.0.0.1/24 noroute", "tcp4 10.0.0.7 0", NO_ROUTE},
		// the address is there, the route is not
		{"lo; link v0; addr 10.0.0.1/24 dev v0 noroute", "tcp4 10.0.0.1 0", NO_ROUTE},
		{"lo; link v0; addr 10.0.0.1/24 dev v0 noroute; route default dev v0", "tcp4 10.0.0.1 0", NO_ROUTE},
		{"lo; link v0 down; addr 10.0.0.1/24 dev v0 noroute", "tcp4 10.0.0.1 0", NO_ROUTE},
		{"lo; link v0; addr 10.0.0.1/24 dev v0 noroute", "udp4 10.0.0.255 0", NO_ROUTE},
		{"lo; link v0; addr 10.0.0.1/24 dev v0 noroute", "udp4 10.0.0.2 0", NOT_THERE},
		{"lo; vrf red 10; link v0 master red; addr 10.0.0.1/24 dev v0 noroute", "tcp4 10.0.0.1 0 dev=red",
		 NO_ROUTE},
		{"lo; vrf red 10; link v0 master red; addr 10.0.0.1/24 dev v0 noroute", "tcp4 10.0.0.1 0",
		 EADDRNOTAVAIL, ACCEPTABLE_OTHER_VRF, CODE_ADDR_OTHER_VRF},
		// a route with the same prefix comes first
		{"lo; route blackhole 10.0.0.1 table local; link v0; addr 10.0.0.1/24 dev v0", "tcp4 10.0.0.1 0",
		 EADDRNOTAVAIL, ACCEPTABLE_SHADOWED, CODE_ADDR_SHADOWED},
		// broadcast addresses
		{"lo; link v0; addr 10.0.0.1/24 dev v0", "udp4 10.0.0.255 0", 0, CLASSIFY_BROADCAST_ROUTE,
		 CODE_ADDR_BROADCAST},
		{"lo; link v0 down; addr 10.0.0.1/24 dev v0", "udp4 10.0.0.255 0", IDLE},
		{"lo; link v0 nocarrier; addr 10.0.0.1/24 dev v0 noroute; route local 10.0.0.1 dev v0",
		 "udp4 10.0.0.255 0", IDLE},
		{"lo; link v0 down; addr 10.0.0.1/24 dev v0", "udp4 10.0.0.0 0", NOT_THERE},
		{"lo; kernel 5.10; link v0 down; addr 10.0.0.1/24 dev v0", "udp4 10.0.0.0 0", IDLE},
		{"lo; link v0 down; addr 10.0.0.1/31 dev v0", "udp4 10.0.0.0 0", NOT_THERE},
		{"lo; link v0 down; addr 10.0.0.1/24 dev v0 secondary", "udp4 10.0.0.255 0", NOT_THERE},
	};
	CHECK_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inet),           cmocka_unit_test(test_order_inet),
		cmocka_unit_test(test_order_of_steps), cmocka_unit_test(test_without_lookup),
		cmocka_unit_test(test_route_types),    cmocka_unit_test(test_tries),
		cmocka_unit_test(test_mapped),         cmocka_unit_test(test_vrf),
		cmocka_unit_test(test_absent),         cmocka_unit_test(test_raw_and_ping),
		cmocka_unit_test(test_failed_lookup),  cmocka_unit_test(test_mptcp_and_udplite),
	};
	return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
