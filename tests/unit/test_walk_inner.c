// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel's functions returned, set against the walk: each kind of agreement and of contradiction, by values as
// kernels gave them.
#include "core/model/walk_conclude.h"
#include "core/model/inner_fit.h"
#include "core/model/walk_inner.h"

#include "core/model/walk_merge.h"
#include "tests/unit/made_inner.h"
#include "tests/unit/made_walk.h"

#define SERVER "lo; link eth0; addr 192.0.2.2/24 dev eth0; addr 2001:db8::2/64 dev eth0"
#define ANYIP  SERVER "; route local 192.168.123.0/24 dev lo"
#define MERGED SERVER "; route unicast default via 192.0.2.1 dev eth0"

// What every bind runs, and how it ends.
#define BEGIN   "security_socket_bind=0 hook_socket_bind=0 "
#define END4(r) " __inet_bind=" #r " inet_bind_sk=" #r " inet_bind=" #r " __sys_bind=" #r
#define END6(r) " __inet6_bind=" #r " inet6_bind_sk=" #r " inet6_bind=" #r " __sys_bind=" #r
#define TABLE0  "l3mdev_fib_table_by_index=0 "
#define GLOBAL6 "__ipv6_addr_type=0xe0001 "
#define LISTED(r, dev)                                                                                                 \
	"__ipv6_chk_addr_and_flags=" #r "%" #dev " ipv6_chk_addr_and_flags=" #r "%" #dev " ipv6_chk_addr=" #r "%" #dev

static struct host *host;
static struct walk walk;

static void predict(const char *script, const char *bind)
{
	if (host)
		host_free(host);
	made_decide(script, bind, &host, &walk);
}

// The walk of that bind, which the calls returned as predicted unless `err` says otherwise (-1), and what was seen.
static void merge(const char *script, const char *bind, int err, const char *calls)
{
	struct witnessed inner;
	predict(script, bind);
	made_inner(&walk.attempt, calls, &inner);
	struct bind_seen seen = {.inner = &inner};
	seen.observed.present = true;
	seen.observed.call = CALL_BIND;
	seen.observed.err = err < 0 ? walk.predicted.err : err;
	seen.observed.local = walk.attempt.addr;
	seen.observed.port = walk.attempt.port ? walk.attempt.port : 40000;
	walk_merge(&walk, &seen);
}

static int drop(void **state)
{
	(void)state;
	host_free(host);
	host = NULL;
	return 0;
}

static unsigned at(enum step_id id)
{
	for (unsigned i = 0; i < walk.nsteps; i++)
		if (walk.steps[i].step == id)
			return i;
	fail_msg("no step %s", step_info(id)->name);
	return 0;
}

// The steps that contradict: "classify port".
static const char *odd(void)
{
	static char names[256];
	size_t used = 0;
	names[0] = '\0';
	for (unsigned i = 0; i < walk.nsteps; i++)
		if (walk.steps[i].claims[EV_KERNEL].present && walk.steps[i].claims[EV_KERNEL].contradicts)
			used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? " " : "",
						 step_info(walk.steps[i].step)->name);
	return names;
}

struct fit {
	const char *host, *bind, *calls;
	int err;
};

// As guests ran them, from 5.10 to 7.3.
static const struct fit agreements[] = {
	// the binds of the article
	{SERVER, "tcp4 0.0.0.0 0", BEGIN TABLE0 "inet_addr_type_table=3@255 inet_csk_get_port=0" END4(0), 0},
	{MERGED, "tcp4 192.168.123.123 0",
	 BEGIN TABLE0 "fib_table_lookup=0@255+1/0 inet_addr_type_table=1@255" END4(-99), EADDRNOTAVAIL},
	{ANYIP, "tcp4 192.168.123.123 0",
	 BEGIN TABLE0 "fib_table_lookup=0@255+2/24 inet_addr_type_table=2@255 inet_csk_get_port=0" END4(0), 0},
	{SERVER, "tcp4 127.0.0.1 0",
	 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 inet_bhash2_addr_any_conflict=0 "
		      "inet_csk_bind_conflict=0 inet_csk_get_port=0" END4(0),
	 0},
	{SERVER, "tcp6 2001:db8:123::1 0", BEGIN GLOBAL6 LISTED(0, 0) END6(-99), EADDRNOTAVAIL},
	{SERVER, "tcp6 2001:db8:123::1 0 freebind", BEGIN GLOBAL6 "inet_csk_get_port=0" END6(0), 0},
	{SERVER, "tcp6 2001:db8::2 0", BEGIN GLOBAL6 LISTED(1, 0) " inet_csk_get_port=0" END6(0), 0},
	{SERVER, "tcp6 :: 0", BEGIN "__ipv6_addr_type=0 inet_csk_get_port=0" END6(0), 0},
	// no route, and what turns that round
	{SERVER, "tcp4 9.9.9.9 0", BEGIN TABLE0 "fib_table_lookup=-11@255 inet_addr_type_table=1@255" END4(-99),
	 EADDRNOTAVAIL},
	{SERVER, "tcp4 9.9.9.9 0 freebind",
	 BEGIN TABLE0 "fib_table_lookup=-11@255 inet_addr_type_table=1@255 inet_csk_get_port=0" END4(0), 0},
	{SERVER, "udp4 224.0.0.1 0",
	 BEGIN TABLE0 "inet_addr_type_table=5@255 udp_lib_get_port=0 udp_v4_get_port=0" END4(0), 0},
	{"kernel 5.10.100", "udp4 8.8.8.8 0",
	 "security_socket_bind=0 ?hook_socket_bind ?inet_bind_sk " TABLE0
	 "inet_addr_type_table=3@255 udp_lib_get_port=0 udp_v4_get_port=0 __inet_bind=0 inet_bind=0 __sys_bind=0",
	 0},
	// tables of a VRF
	{"lo; vrf red 10", "tcp4 9.9.9.9 0 dev=red",
	 BEGIN "l3mdev_fib_table_rcu=10%2 l3mdev_fib_table_by_index=10%2 fib_table_lookup=-11@10 "
	       "inet_addr_type_table=1@10" END4(-99),
	 EADDRNOTAVAIL},
	{SERVER, "tcp4 127.0.0.1 0 dev=eth0",
	 BEGIN "l3mdev_fib_table_rcu=0%2 l3mdev_fib_table_by_index=0%2 fib_table_lookup=0@255+2/32 "
	       "inet_addr_type_table=2@255 inet_csk_get_port=0" END4(0),
	 0},
	// v4-mapped
	{SERVER, "tcp6 ::ffff:127.0.0.1 0",
	 BEGIN "__ipv6_addr_type=0xe1000 l3mdev_fib_table_rcu=0 fib_table_lookup=0@255+2/32 "
	       "inet_addr_type_dev_table=2 l3mdev_fib_table_rcu=10%7 inet_csk_get_port=0" END6(0),
	 0}, // an interrupt asked about another device
	// privilege
	{SERVER, "tcp4 127.0.0.1 80",
	 BEGIN TABLE0
	 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ns_capable=1 inet_csk_get_port=0:80" END4(0),
	 0},
	{"lo; nocaps", "tcp4 127.0.0.1 80",
	 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ns_capable=0" END4(-13), EACCES},
	{"lo; ports tcp", "tcp4 127.0.0.1 8080",
	 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 inet_csk_get_port=0:8080" END4(0), 0},
	// the port, whose function returned 1 in older kernels
	{"lo; sock tcp4 0.0.0.0 8080 listen", "tcp4 127.0.0.1 8080",
	 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 inet_csk_bind_conflict=1 "
		      "inet_csk_get_port=1:8080" END4(-98),
	 EADDRINUSE},
	{"lo", "udp4 127.0.0.1 0 noport", BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255" END4(0),
	 0},
	// ended before anything was asked
	{SERVER, "tcp4 127.0.0.1 0 len=3", BEGIN "inet_bind_sk=-22 inet_bind=-22 __sys_bind=-22", EINVAL},
	{SERVER, "tcp4 127.0.0.1 0 len=200", "__sys_bind=-22", EINVAL},
	{SERVER, "tcp4 127.0.0.1 0 family=1", BEGIN END4(-97), EAFNOSUPPORT},
	// other kinds of sockets
	{SERVER, "raw4 127.0.0.1 0",
	 BEGIN "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 raw_bind=0 inet_bind_sk=0 __sys_bind=0", 0},
	{SERVER, "raw6 2001:db8:123::1 0",
	 BEGIN GLOBAL6 LISTED(0, 0) " rawv6_bind=-99 inet6_bind_sk=-99 __sys_bind=-99", EADDRNOTAVAIL},
	{SERVER, "ping4 0.0.0.0 0", BEGIN "ping_get_port=0 ping_bind=0 inet_bind_sk=0 __sys_bind=0", 0},
	{"lo; kernel 5.10.100", "ping4 127.0.0.1 0",
	 "security_socket_bind=0 fib_table_lookup=0@255+2/32 inet_addr_type=2 ping_get_port=0 ping_bind=0 __sys_bind=0",
	 0},
	{SERVER, "ping6 2001:db8:123::1 0 freebind",
	 BEGIN GLOBAL6 LISTED(0, 0) " ping_get_port=0 ping_bind=0 inet6_bind_sk=0 __sys_bind=0", 0},
	{SERVER, "mptcp4 127.0.0.1 0",
	 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 inet_csk_get_port=0 __inet_bind=0 "
		      "inet_bind_sk=0 mptcp_bind=0 __sys_bind=0",
	 0},
	{SERVER, "sctp4 9.9.9.9 0",
	 BEGIN TABLE0 "fib_table_lookup=-11@255 inet_addr_type_table=1@255 sctp_do_bind=-99 sctp_bind=-99 "
		      "inet_bind_sk=-99 __sys_bind=-99",
	 EADDRNOTAVAIL}, // its compiler copied sctp_v4_available() into its caller
	{SERVER, "sctp6 fe80::1 0 scope=eth0 freebind",
	 BEGIN "__ipv6_addr_type=0x20021 sctp_v6_available=1 sctp_get_port_local=0 sctp_do_bind=0 sctp_bind=0 "
	       "inet6_bind_sk=0 __sys_bind=0",
	 0},
	// a link-local address is looked for before its type counts
	{SERVER, "sctp6 ff02::1 0 scope=eth0",
	 BEGIN "__ipv6_addr_type=0x20022 " LISTED(0, 2) " sctp_do_bind=-99 sctp_bind=-99 inet6_bind_sk=-99 "
							"__sys_bind=-99",
	 EADDRNOTAVAIL},
	{SERVER, "sctp6 fe80::1 0 ifindex=99 scope=eth0",
	 BEGIN "__ipv6_addr_type=0x20021 " LISTED(0, 2) " sctp_do_bind=-99 __sys_bind=-99", EADDRNOTAVAIL},
	// what is not watched says nothing
	{SERVER, "tcp4 127.0.0.1 0",
	 "!security_socket_bind !l3mdev_fib_table_by_index !inet_addr_type_table !inet_csk_get_port !fib_table_lookup "
	 "!__inet_bind __sys_bind=0",
	 0},
	{SERVER, "tcp6 2001:db8::2 0",
	 BEGIN GLOBAL6 "!ipv6_chk_addr ?ipv6_chk_addr_and_flags inet_csk_get_port=0" END6(0), 0},
	// a capability that bind does not ask for, and the table of a device that is none of its
	{SERVER, "tcp4 127.0.0.1 0",
	 BEGIN TABLE0
	 "ns_capable=1:12 l3mdev_fib_table_rcu=10%7 fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 "
	 "inet_csk_get_port=0" END4(0),
	 0},
};

static void test_agreement(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof agreements / sizeof *agreements; i++) {
		const struct fit *c = &agreements[i];
		merge(c->host, c->bind, -1, c->calls);
		if (walk.predicted.err != c->err || walk.agreement != AGREES || *odd())
			fail_msg("%s on [%s]: %s, agreement %d, odd: %s", c->bind, c->host,
				 errno_name(walk.predicted.err), walk.agreement, odd());
		assert_true(walk.steps[walk.nsteps - 1].claims[EV_KERNEL].of_calls);
	}
}

#define LOCAL4_UP_TO_PORT BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 inet_csk_get_port=0"
#define LOCAL4(port)      BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 " port END4(0)

// The call returned as predicted, but the kernel came there another way.
static void test_contradiction(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind, *calls, *odd;
	} cases[] = {
		// a value
		{SERVER, "tcp4 0.0.0.0 0", BEGIN TABLE0 "inet_addr_type_table=2@255 inet_csk_get_port=0" END4(0),
		 "classify"},
		{SERVER, "tcp4 127.0.0.1 0",
		 BEGIN "l3mdev_fib_table_by_index=10 fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 "
		       "inet_csk_get_port=0" END4(0),
		 "table"},
		{SERVER, "tcp4 127.0.0.1 0 dev=eth0", LOCAL4("inet_csk_get_port=0"), "table"}, // asked about no device
		{SERVER, "tcp4 127.0.0.1 0",
		 BEGIN TABLE0 "fib_table_lookup=0@254+2/32 inet_addr_type_table=2@255 inet_csk_get_port=0" END4(0),
		 "classify"},
		{SERVER, "tcp4 127.0.0.1 0",
		 BEGIN TABLE0 "fib_table_lookup=0@255+3/32 inet_addr_type_table=2@255 inet_csk_get_port=0" END4(0),
		 "classify"},
		{SERVER, "tcp4 127.0.0.1 0",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@10 inet_csk_get_port=0" END4(0),
		 "classify"},
		{SERVER, "tcp4 9.9.9.9 0", BEGIN TABLE0 "fib_table_lookup=-22@255 inet_addr_type_table=1@255" END4(-99),
		 "classify"},
		{SERVER, "tcp6 2001:db8::2 0",
		 BEGIN "__ipv6_addr_type=0x20021 " LISTED(1, 0) " inet_csk_get_port=0" END6(0), "type"},
		{SERVER, "tcp6 2001:db8::2 0 freebind=0", BEGIN GLOBAL6 LISTED(0, 0) " inet_csk_get_port=0" END6(0),
		 "address-list"},
		{SERVER, "tcp6 2001:db8::2 0", BEGIN GLOBAL6 LISTED(1, 2) " inet_csk_get_port=0" END6(0),
		 "address-list"},
		{SERVER, "tcp4 127.0.0.1 80",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ns_capable=0 "
			      "inet_csk_get_port=0:80" END4(0),
		 "privilege"},
		{SERVER, "tcp4 127.0.0.1 0", LOCAL4("inet_csk_get_port=-98"), "port"},
		{SERVER, "tcp4 127.0.0.1 0", LOCAL4("inet_csk_get_port=0:80"), "port"}, // another port
		{SERVER, "tcp4 127.0.0.1 0",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 inet_csk_get_port=0 "
			      "__inet_bind=0 inet_bind_sk=-22 inet_bind=-22 __sys_bind=-22",
		 "result"},
		{SERVER, "sctp6 ::ffff:9.9.9.9 0",
		 BEGIN "__ipv6_addr_type=0xe1000 l3mdev_fib_table_by_index=0 fib_table_lookup=-11@255 "
		       "inet_addr_type_table=1@255 sctp_v4_available=1 sctp_do_bind=-99 __sys_bind=-99",
		 "acceptable"},
		// what should have run, and did not
		{SERVER, "tcp4 127.0.0.1 0", "__sys_bind=0", "hooks table classify port"},
		{SERVER, "tcp4 127.0.0.1 0", BEGIN TABLE0 "inet_addr_type_table=2@255 inet_csk_get_port=0" END4(0),
		 "classify"},
		{SERVER, "tcp6 2001:db8::2 0", BEGIN GLOBAL6 "inet_csk_get_port=0" END6(0), "nonlocal address-list"},
		{SERVER, "tcp4 127.0.0.1 80", LOCAL4("inet_csk_get_port=0:80"), "privilege"},
		{"lo", "udp4 127.0.0.1 0",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255" END4(0), "port"},
		// what should not have run, and did
		{SERVER, "tcp6 2001:db8::2 0",
		 BEGIN GLOBAL6 "inet_addr_type_table=2@255 " LISTED(1, 0) " inet_csk_get_port=0" END6(0), "classify"},
		{SERVER, "tcp6 2001:db8::2 0",
		 BEGIN GLOBAL6 "fib_table_lookup=0@255 " LISTED(1, 0) " inet_csk_get_port=0" END6(0), "classify"},
		{SERVER, "tcp6 2001:db8:123::1 0 freebind", BEGIN GLOBAL6 LISTED(0, 0) " inet_csk_get_port=0" END6(0),
		 "nonlocal address-list"},
		{SERVER, "tcp4 9.9.9.9 0",
		 BEGIN TABLE0 "fib_table_lookup=-11@255 inet_addr_type_table=1@255 inet_csk_get_port=-99" END4(-99),
		 "nonlocal port"},
		{"lo; ports tcp", "tcp4 127.0.0.1 8080",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ns_capable=1 "
			      "inet_csk_get_port=0:8080" END4(0),
		 "privilege"},
		{"lo", "udp4 127.0.0.1 0 noport",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 udp_v4_get_port=0" END4(0),
		 "port"},
		{SERVER, "tcp4 127.0.0.1 0 len=3", BEGIN END4(-22), "family"},
		{SERVER, "tcp4 127.0.0.1 0 len=200", BEGIN "__sys_bind=-22", "hooks"},
		{SERVER, "raw4 127.0.0.1 0",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 raw_bind=0 __sys_bind=0",
		 "table"},
		{SERVER, "ping4 0.0.0.0 0",
		 BEGIN TABLE0 "inet_addr_type_table=3@255 ping_get_port=0 ping_bind=0 __sys_bind=0", "table classify"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		merge(cases[i].host, cases[i].bind, -1, cases[i].calls);
		if (strcmp(odd(), cases[i].odd) != 0)
			fail_msg("%s on [%s]: %s, not %s", cases[i].bind, cases[i].host, odd(), cases[i].odd);
		assert_int_equal(walk.agreement, DISAGREES);
		assert_int_equal(walk.code, CODE_DISAGREEMENT);
	}
}

// Where the model could not tell, what the kernel did on its other way says nothing against it.
static void test_unsure(void **state)
{
	(void)state;
	static const char held[] = "lo; sock tcp4 0.0.0.0 8080 reuse=any";
	merge(held, "tcp4 127.0.0.1 8080 reuseaddr", EADDRINUSE,
	      BEGIN TABLE0
	      "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 inet_csk_get_port=-98:8080" END4(-98));
	assert_int_equal(walk.agreement, OPEN);
	assert_string_equal(odd(), "");
	// What came before it counts, and so does all of it where it ends as predicted.
	merge(held, "tcp4 127.0.0.1 8080 reuseaddr", -1, LOCAL4("inet_csk_get_port=0:8080"));
	assert_int_equal(walk.agreement, AGREES);
	merge(held, "tcp4 127.0.0.1 8080 reuseaddr", -1, LOCAL4("inet_csk_get_port=-98:8080"));
	assert_string_equal(odd(), "port");
	// With a setting that could not be read, two ways lead to the same end.
	merge(SERVER "; noread net.ipv6.ip_nonlocal_bind", "tcp6 2001:db8::2 0", -1,
	      BEGIN GLOBAL6 "inet_csk_get_port=0" END6(0));
	assert_string_equal(odd(), "");
	assert_int_equal(walk.agreement, AGREES);
	merge("lo; ports tcp; noread net.ipv4.ip_unprivileged_port_start", "tcp4 127.0.0.1 8080", -1,
	      BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ns_capable=1 "
			   "inet_csk_get_port=0:8080" END4(0));
	assert_string_equal(odd(), "");
}

static void test_said(void **state)
{
	(void)state;
	enum kernel_function f;
	merge(SERVER, "tcp6 2001:db8:123::1 0 freebind", -1, BEGIN GLOBAL6 "inet_csk_get_port=0" END6(0));
	assert_int_equal(walk_inner_said(&walk, at(STEP_ADDRESS_LIST), &f), INNER_NOT_RUN);
	assert_int_equal(f, KF_ipv6_chk_addr);
	assert_int_equal(walk_inner_said(&walk, at(STEP_CLASSIFY), &f), INNER_NOT_RUN);
	assert_int_equal(f, KF_inet_addr_type_dev_table);
	assert_int_equal(walk_inner_said(&walk, at(STEP_PORT), &f), INNER_RAN);
	assert_int_equal(f, KF_inet_csk_get_port);
	assert_int_equal(walk_inner_said(&walk, at(STEP_NONLOCAL), &f), INNER_SILENT); // inline
	assert_int_equal(walk_inner_said(&walk, 0, &f), INNER_SILENT);                 // socket()
	assert_null(walk_inner_answer(&walk, at(STEP_ADDRESS_LIST)));
	assert_int_equal(walk_inner_answer(&walk, at(STEP_TYPE))->returned, 0xe0001);
	assert_int_equal(walk_inner_answer(&walk, at(STEP_RESULT))->function, KF___sys_bind);
	assert_true(walk.steps[at(STEP_ADDRESS_LIST)].claims[EV_KERNEL].of_calls);
	assert_true(walk.steps[at(STEP_NONLOCAL)].claims[EV_KERNEL].of_calls);
	assert_false(walk.steps[at(STEP_SCOPE)].claims[EV_KERNEL].present);

	// By other names in other kernels.
	merge(SERVER, "udp4 127.0.0.1 0", -1,
	      BEGIN TABLE0 "?inet_addr_type_table inet_addr_type=2 ?udp_v4_get_port udp_lib_get_port=0 "
			   "fib_table_lookup=0@255+2/32" END4(0));
	assert_int_equal(walk_inner_said(&walk, at(STEP_CLASSIFY), &f), INNER_RAN);
	assert_int_equal(f, KF_inet_addr_type);
	assert_int_equal(walk_inner_said(&walk, at(STEP_PORT), &f), INNER_RAN);
	assert_int_equal(f, KF_udp_lib_get_port);
	assert_string_equal(odd(), "");

	// Not watched; or one of its names is not; or it may be a copy inside of its caller that ran.
	merge(SERVER, "tcp6 2001:db8::2 0", -1, BEGIN GLOBAL6 "!ipv6_chk_addr inet_csk_get_port=0" END6(0));
	assert_int_equal(walk_inner_said(&walk, at(STEP_ADDRESS_LIST), NULL), INNER_SILENT);
	merge(SERVER, "ping4 127.0.0.1 0", -1,
	      BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 __sys_bind=0");
	assert_int_equal(walk_inner_said(&walk, at(STEP_PORT), NULL), INNER_SILENT);
	assert_string_equal(odd(), "");

	// More calls than are kept: one of them may have been this bind's.
	struct witnessed inner = walk.inner;
	inner.counts[KF_ns_capable] = KERNEL_CALLS_EACH + 1;
	walk_witness_inner(&walk, &inner);
	assert_int_equal(walk_inner_said(&walk, at(STEP_RESULT), NULL), INNER_RAN);
	predict("lo; nocaps", "tcp4 127.0.0.1 80");
	walk_witness_inner(&walk, &inner);
	assert_int_equal(walk_inner_said(&walk, at(STEP_PRIVILEGE), NULL), INNER_SILENT);
	inner.counts[KF_ns_capable] = 1;
	walk_witness_inner(&walk, &inner);
	assert_int_equal(walk_inner_said(&walk, at(STEP_PRIVILEGE), NULL), INNER_NOT_RUN);
	inner.ncalls = KERNEL_CALLS;
	walk_witness_inner(&walk, &inner);
	assert_int_equal(walk_inner_said(&walk, at(STEP_PRIVILEGE), NULL), INNER_SILENT);
}

static void test_calls(void **state)
{
	(void)state;
	merge(SERVER, "tcp4 127.0.0.1 80", -1,
	      BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ns_capable=1 "
			   "inet_csk_bind_conflict=0 inet_csk_get_port=0:80" END4(0));
	const unsigned classify = at(STEP_CLASSIFY), result = at(STEP_RESULT);
	assert_int_equal(walk_inner_call(&walk, classify, 0)->function, KF_fib_table_lookup);
	assert_int_equal(walk_inner_call(&walk, classify, 1)->function, KF_inet_addr_type_table);
	assert_null(walk_inner_call(&walk, classify, 2));
	assert_int_equal(walk_inner_call(&walk, at(STEP_HOOKS), 1)->function, KF_hook_socket_bind);
	assert_int_equal(walk_inner_call(&walk, at(STEP_PORT), 0)->function, KF_inet_csk_bind_conflict);
	assert_int_equal(walk_inner_call(&walk, result, 0)->function, KF___inet_bind);
	assert_int_equal(walk_inner_call(&walk, result, 3)->function, KF___sys_bind);
	assert_null(walk_inner_call(&walk, result, 4));
	assert_null(walk_inner_call(&walk, at(STEP_STATE), 0));
	// All calls have a step, also where a path lacks the one that they have on others.
	merge(SERVER, "sctp6 ::ffff:127.0.0.1 0", -1,
	      BEGIN "__ipv6_addr_type=0xe1000 l3mdev_fib_table_by_index=0 fib_table_lookup=0@255+2/32 "
		    "inet_addr_type_table=2@255 sctp_v4_available=1 sctp_v6_available=1 __sys_bind=0");
	assert_int_equal(walk_inner_call(&walk, at(STEP_ACCEPTABLE), 1)->function, KF_sctp_v6_available);
	assert_string_equal(odd(), "");
	// Nobody watched.
	predict(SERVER, "tcp4 127.0.0.1 0");
	assert_null(walk_inner_call(&walk, classify, 0));
	assert_int_equal(walk_inner_said(&walk, classify, NULL), INNER_SILENT);
	assert_int_equal(walk_inner_nonlocal(&walk), UNKNOWN);
	assert_int_equal(walk_inner_hook(&walk, NULL), INNER_HOOK_UNSEEN);
}

static void test_nonlocal(void **state)
{
	(void)state;
	static const struct {
		const char *bind, *calls;
		enum tri nonlocal;
	} cases[] = {
		{"tcp4 9.9.9.9 0", BEGIN TABLE0 "inet_addr_type_table=1@255" END4(-99), NO},
		{"tcp4 9.9.9.9 0 freebind", BEGIN TABLE0 "inet_addr_type_table=1@255 inet_csk_get_port=0" END4(0), YES},
		{"tcp4 9.9.9.9 80", BEGIN TABLE0 "inet_addr_type_table=1@255 ns_capable=0" END4(-13), YES},
		{"tcp4 9.9.9.9 0", BEGIN TABLE0 "!inet_addr_type_table !inet_addr_type" END4(-99), UNKNOWN},
		{"tcp4 127.0.0.1 0", BEGIN TABLE0 "inet_addr_type_table=2@255 inet_csk_get_port=0" END4(0), UNKNOWN},
		{"raw4 9.9.9.9 0 freebind", BEGIN "inet_addr_type_table=1@255 raw_bind=0 __sys_bind=0", YES},
		{"sctp4 224.0.0.1 0", BEGIN TABLE0 "inet_addr_type_table=5@255 sctp_do_bind=-99 __sys_bind=-99", NO},
		{"sctp4 0.0.0.0 0", BEGIN TABLE0 "inet_addr_type_table=3@255 sctp_do_bind=0 __sys_bind=0", UNKNOWN},
		{"tcp6 2001:db8:123::1 0", BEGIN GLOBAL6 LISTED(0, 0) END6(-99), NO},
		{"tcp6 2001:db8:123::1 0 freebind", BEGIN GLOBAL6 "inet_csk_get_port=0" END6(0), YES},
		{"udp6 2001:db8:123::1 0 freebind noport", BEGIN GLOBAL6 END6(0), YES},
		{"tcp6 2001:db8:123::1 80 freebind", BEGIN GLOBAL6 "ns_capable=0" END6(-13), UNKNOWN}, // before it
		{"tcp6 :: 0", BEGIN GLOBAL6 "inet_csk_get_port=0" END6(0), UNKNOWN},
		{"ping6 2001:db8:123::1 0", BEGIN GLOBAL6 LISTED(0, 0) " ping_bind=-99 __sys_bind=-99", NO},
		{"ping6 2001:db8:123::1 0 freebind", BEGIN GLOBAL6 LISTED(0, 0) " ping_get_port=0 ping_bind=0", YES},
		{"ping6 2001:db8::2 0", BEGIN GLOBAL6 LISTED(1, 0) " ping_get_port=0 ping_bind=0", UNKNOWN},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		merge(SERVER, cases[i].bind, -1, cases[i].calls);
		if (walk_inner_nonlocal(&walk) != cases[i].nonlocal)
			fail_msg("%s: %d", cases[i].bind, walk_inner_nonlocal(&walk));
	}
}

// Which hook it was is seen, and what did not run behind it says nothing against the model.
static void test_hook(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind, *calls;
		int err;
		enum inner_hook hook;
		enum agreement agreement;
		enum code code;
		const char *odd;
	} cases[] = {
		{"lo", "tcp4 127.0.0.1 0", "hook_socket_bind=-13 security_socket_bind=-13 __sys_bind=-13", EACCES,
		 INNER_HOOK_LANDLOCK, HOOK, CODE_HOOK_REFUSED, ""},
		{"lo", "tcp4 127.0.0.1 0", "hook_socket_bind=0 security_socket_bind=-1 __sys_bind=-1", EPERM,
		 INNER_HOOK_LSM, HOOK, CODE_HOOK_REFUSED, ""},
		{"lo", "tcp4 127.0.0.1 0", "security_socket_bind=-22 __sys_bind=-22", EINVAL, INNER_HOOK_LSM, HOOK,
		 CODE_HOOK_REFUSED, ""},
		{"lo", "tcp4 127.0.0.1 0",
		 BEGIN "__cgroup_bpf_run_filter_sock_addr=-1 inet_bind_sk=-1 inet_bind=-1 __sys_bind=-1", EPERM,
		 INNER_HOOK_CGROUP, HOOK, CODE_HOOK_REFUSED, ""},
		// the same errno as predicted, but not for that reason
		{"lo; nocaps", "tcp4 127.0.0.1 80", "hook_socket_bind=0 security_socket_bind=-13 __sys_bind=-13",
		 EACCES, INNER_HOOK_LSM, HOOK, CODE_HOOK_REFUSED, ""},
		// a hook that refuses only after the port, which must have come as far as predicted
		{"lo", "tcp4 127.0.0.1 0", LOCAL4_UP_TO_PORT END4(-1), EPERM, INNER_HOOK_CGROUP_POST, HOOK,
		 CODE_HOOK_REFUSED, ""},
		{"lo", "tcp4 127.0.0.1 0",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=3@255 inet_csk_get_port=0" END4(-1),
		 EPERM, INNER_HOOK_CGROUP_POST, HOOK, CODE_HOOK_REFUSED, "classify"},
		// another port in its place, and all behind it is about another bind
		{"lo", "tcp4 127.0.0.1 80",
		 BEGIN "__cgroup_bpf_run_filter_sock_addr=0:8080 " TABLE0 "fib_table_lookup=0@255+2/32 "
		       "inet_addr_type_table=2@255 inet_csk_get_port=0:8080" END4(0),
		 0, INNER_HOOK_CGROUP, HOOK, CODE_HOOK_REWROTE, ""},
		// the privilege that nobody asked for
		{"lo; nocaps", "tcp4 127.0.0.1 80",
		 BEGIN "__cgroup_bpf_run_filter_sock_addr=0:80 " TABLE0 "fib_table_lookup=0@255+2/32 "
		       "inet_addr_type_table=2@255 inet_csk_get_port=0:80" END4(0),
		 0, INNER_HOOK_CGROUP, HOOK, CODE_HOOK_WAIVED, ""},
		// programs and modules that are there and let it pass
		{"lo", "tcp4 127.0.0.1 0", BEGIN "__cgroup_bpf_run_filter_sock_addr=0:0 " LOCAL4_UP_TO_PORT END4(0), 0,
		 INNER_HOOK_NONE, AGREES, CODE_ADDR_LOCAL, ""},
		// all were seen to let it pass: then the model is wrong
		{"lo; ports tcp; sysctl net.ipv4.ip_unprivileged_port_start=1024", "tcp4 127.0.0.1 80",
		 BEGIN TABLE0 "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ns_capable=0" END4(-13), EACCES,
		 INNER_HOOK_NONE, DISAGREES, CODE_DISAGREEMENT, "privilege port result"},
		// one that is not watched stays a candidate
		{"lo", "tcp4 127.0.0.1 0", "!security_socket_bind !hook_socket_bind __sys_bind=-1", EPERM,
		 INNER_HOOK_UNSEEN, HOOK, CODE_HOOK_REFUSED, ""},
		{"lo", "tcp4 127.0.0.1 0", BEGIN "!__cgroup_bpf_run_filter_sock_addr inet_bind=-1 __sys_bind=-1", EPERM,
		 INNER_HOOK_UNSEEN, HOOK, CODE_HOOK_REFUSED, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		merge(cases[i].host, cases[i].bind, cases[i].err, cases[i].calls);
		if (walk_inner_hook(&walk, NULL) != cases[i].hook || walk.agreement != cases[i].agreement ||
		    walk.code != cases[i].code || strcmp(odd(), cases[i].odd) != 0)
			fail_msg("%zu: %s: hook %d, agreement %d, %s, odd: %s", i, cases[i].bind,
				 walk_inner_hook(&walk, NULL), walk.agreement, code_info(walk.code)->name, odd());
	}
	// No function ran at all: what stands before the system call answered, also with success, whatever the errno.
	struct witnessed inner = {.not_reached = true};
	merge("lo; ports tcp", "tcp4 9.9.9.9 80", -1, "");
	walk_witness_inner(&walk, &inner);
	walk_conclude(&walk);
	assert_int_equal(walk_inner_hook(&walk, NULL), INNER_HOOK_BEFORE);
	assert_int_equal(walk.agreement, HOOK);
	assert_int_equal(walk.code, CODE_HOOK_REFUSED);
	merge("lo", "tcp4 127.0.0.1 0", 0, "");
	walk_witness_inner(&walk, &inner);
	walk_conclude(&walk);
	assert_int_equal(walk.code, CODE_HOOK_FAKED);

	const struct kernel_call *call;
	merge("lo", "tcp4 127.0.0.1 0", EACCES, cases[0].calls);
	walk_inner_hook(&walk, &call);
	assert_int_equal(call->function, KF_hook_socket_bind);
}

// A walk takes its evidence in one piece: the next one leaves nothing of the last.
static void test_merge(void **state)
{
	(void)state;
	struct witnessed inner;
	merge(SERVER, "tcp4 127.0.0.1 0", -1, "__sys_bind=0");
	assert_int_equal(walk.agreement, DISAGREES);
	const struct claim *c = &walk.steps[at(STEP_CLASSIFY)].claims[EV_KERNEL];
	made_inner(&walk.attempt, LOCAL4("inet_csk_get_port=0"), &inner);
	struct bind_seen seen = {.inner = &inner, .unwitnessed = "its events were lost while bind ran"};
	seen.observed.present = true;
	seen.observed.call = CALL_BIND;
	seen.observed.local = walk.attempt.addr;
	seen.observed.port = 40000;
	walk_merge(&walk, &seen);
	assert_int_equal(walk.agreement, AGREES);
	assert_string_equal(odd(), "");
	assert_string_equal(walk.unwitnessed, seen.unwitnessed);
	// The lookup comes from the functions where no tracepoint told of it,
	assert_true(c->of_lookups && c->of_calls);
	assert_int_equal(c->count, 1);
	assert_int_equal(c->table, 255);
	assert_int_equal(c->value, 2);
	assert_int_equal(c->len, 32);
	// and from the tracepoint where one did, which may contradict alone.
	seen.lookups.present = true;
	seen.lookups.count = 1;
	seen.lookups.table = 254;
	seen.lookups.oif = 1;
	walk_merge(&walk, &seen);
	assert_int_equal(walk.agreement, DISAGREES);
	assert_string_equal(odd(), "classify");
	assert_int_equal(c->table, 254);
	assert_int_equal(c->oif, 1);
	seen.inner = NULL;
	seen.lookups.table = 255;
	walk_merge(&walk, &seen);
	assert_int_equal(walk.agreement, AGREES);
	assert_false(walk.inner.present);
	assert_false(c->of_calls);
	// What the calls before bind returned goes to their steps.
	predict(SERVER, "tcp4 9.9.9.9 0 transparent");
	seen.ncalls = 2;
	seen.calls[0] = (struct call_seen){.ret = 3};
	seen.calls[1] = (struct call_seen){.ret = -1, .err = EPERM};
	seen.lookups.present = false;
	walk_merge(&walk, &seen);
	assert_int_equal(walk.steps[0].claims[EV_SYSCALL].value, 3);
	assert_int_equal(walk.steps[1].claims[EV_SYSCALL].err, EPERM);
	assert_false(walk.steps[2].claims[EV_SYSCALL].present);
}

static void test_errno(void **state)
{
	(void)state;
	assert_int_equal(kernel_call_errno(&(struct kernel_call){.returned = -EADDRINUSE}), EADDRINUSE);
	assert_int_equal(kernel_call_errno(&(struct kernel_call){.returned = -4095}), 4095);
	assert_int_equal(kernel_call_errno(&(struct kernel_call){.returned = -4096}), 0);
	assert_int_equal(kernel_call_errno(&(struct kernel_call){.returned = INT64_MIN}), 0);
	assert_int_equal(kernel_call_errno(&(struct kernel_call){.returned = 1}), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_agreement, drop),
		cmocka_unit_test_teardown(test_contradiction, drop),
		cmocka_unit_test_teardown(test_unsure, drop),
		cmocka_unit_test_teardown(test_said, drop),
		cmocka_unit_test_teardown(test_calls, drop),
		cmocka_unit_test_teardown(test_nonlocal, drop),
		cmocka_unit_test_teardown(test_hook, drop),
		cmocka_unit_test_teardown(test_merge, drop),
		cmocka_unit_test(test_errno),
	};
	return cmocka_run_group_tests_name("walk_inner", tests, NULL, NULL);
}
