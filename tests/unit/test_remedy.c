// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies: which ones a refusal gets, and that each of them, carried out on the made-up host, does what it says.
#include "core/model/remedy.h"
#include "tests/unit/made_walk.h"

struct offered {
	const char *host, *bind;
	const char *changes[REMEDIES]; // in order; "?" in front: not enough by itself
};

static void check(const struct offered *c)
{
	struct host *h;
	struct walk w;
	struct remedy fix[REMEDIES];
	made_decide(c->host, c->bind, &h, &w);
	unsigned n = remedies(made_facts(h), &w, fix), wanted = 0;
	while (wanted < REMEDIES && c->changes[wanted])
		wanted++;
	for (unsigned i = 0; i < n && i < wanted; i++) {
		bool verified = c->changes[i][0] != '?';
		if (strcmp(fix[i].change, c->changes[i] + !verified) != 0 || fix[i].verified != verified)
			fail_msg("%s: '%s'%s", c->bind, fix[i].change, fix[i].verified ? "" : ", not enough");
		assert_true(fix[i].price && *fix[i].price);
	}
	if (n != wanted)
		fail_msg("%s: %u remedies, not %u; the last is '%s'", c->bind, n, wanted, n ? fix[n - 1].change : "");
	host_free(h);
}

#define NET "lo; link v0; link v1; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v1;"

static void test_offered(void **state)
{
	(void)state;
	static const struct offered cases[] = {
		{NET, "tcp4 192.0.2.1 0", {NULL}}, // a success needs none
		{NET,
		 "tcp4 9.9.9.9 0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket",
		  "ip route add local 9.9.9.9 dev lo", "ip addr add 9.9.9.9/32 dev v0",
		  "sysctl -w net.ipv4.ip_nonlocal_bind=1"}},
		// where it belongs, not to the first interface
		{"lo; link ifb0 down; link v0; link v1; addr 10.0.0.1/24 dev v0; addr 192.0.2.1/24 dev v1",
		 "tcp4 192.0.2.9 0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket",
		  "ip route add local 192.0.2.9 dev lo", "ip addr add 192.0.2.9/32 dev v1",
		  "sysctl -w net.ipv4.ip_nonlocal_bind=1"}},
		{NET,
		 "tcp4 9.9.9.9 0 uid=1000",
		 {"set IP_FREEBIND on the socket", "ip route add local 9.9.9.9 dev lo", "ip addr add 9.9.9.9/32 dev v0",
		  "sysctl -w net.ipv4.ip_nonlocal_bind=1"}},
		{NET,
		 "udp6 ::ffff:9.9.9.9 0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket",
		  "ip route add local 9.9.9.9 dev lo", "ip addr add 9.9.9.9/32 dev v0",
		  "sysctl -w net.ipv4.ip_nonlocal_bind=1"}},
		// IPv6: no route helps
		{NET,
		 "tcp6 2001:db8::9 0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket",
		  "ip addr add 2001:db8::9/128 dev v0", "sysctl -w net.ipv6.ip_nonlocal_bind=1"}},
		{"lo",
		 "udp6 2001:db8::9 0 uid=1000",
		 {"set IP_FREEBIND on the socket", "ip addr add 2001:db8::9/128 dev lo",
		  "sysctl -w net.ipv6.ip_nonlocal_bind=1"}},
		{NET,
		 "raw6 2001:db8::9 0",
		 {"set IPV6_FREEBIND on the socket", "set IPV6_TRANSPARENT on the socket",
		  "ip addr add 2001:db8::9/128 dev v0", "sysctl -w net.ipv6.ip_nonlocal_bind=1"}},
		{NET, "raw6 ::ffff:9.9.9.9 0", {NULL}}, // nothing helps
		{"lo; kernel 5.15.55",
		 "raw4 9.9.9.9 0",
		 {"ip route add local 9.9.9.9 dev lo", "ip addr add 9.9.9.9/32 dev lo"}},
		{NET, "ping4 224.0.0.1 0", {NULL}},
		// link-local
		{NET, "tcp6 fe80::1 0", {"bind to fe80::1%v1"}},
		{NET, "tcp6 fe80::7 0", {NULL}},
		{NET,
		 "tcp6 fe80::1 0 scope=v0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket", "ip addr add fe80::1/128 dev v0",
		  "sysctl -w net.ipv6.ip_nonlocal_bind=1", "bind to fe80::1%v1"}},
		// duplicate detection
		{"lo; link v0; addr 2001:db8::1/64 dev v0 tentative",
		 "tcp6 2001:db8::1 0",
		 {"wait until duplicate detection is done", "set IP_FREEBIND on the socket",
		  "set IP_TRANSPARENT on the socket", "sysctl -w net.ipv6.ip_nonlocal_bind=1"}},
		{"lo; link v0; addr 2001:db8::1/64 dev v0 tentative dadfailed",
		 "tcp6 2001:db8::1 0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket",
		  "sysctl -w net.ipv6.ip_nonlocal_bind=1"}},
		// arguments
		{NET, "tcp6 ::ffff:127.0.0.1 0 v6only", {"set IPV6_V6ONLY to 0 on the socket"}},
		{NET "sysctl net.ipv6.bindv6only=1", "tcp6 ::ffff:127.0.0.1 0", {"set IPV6_V6ONLY to 0 on the socket"}},
		{NET, "tcp6 ::ffff:9.9.9.9 0 v6only", {NULL}}, // not by itself
		{NET, "tcp4 127.0.0.1 0 len=3", {NULL}},
		{NET, "tcp4 127.0.0.1 0 twice", {NULL}},
		{NET, "tcp6 ff0e::1 0", {NULL}},
		// rights
		{NET,
		 "tcp4 127.0.0.1 80 uid=1000",
		 {"bind to port 1024 or above", "sysctl -w net.ipv4.ip_unprivileged_port_start=80",
		  "setcap cap_net_bind_service+ep PROGRAM"}},
		{NET,
		 "tcp6 2001:db8::9 80 uid=1000",
		 {"?sysctl -w net.ipv4.ip_unprivileged_port_start=80", "?setcap cap_net_bind_service+ep PROGRAM"}},
		{NET, "tcp4 127.0.0.1 0 transparent uid=1000", {"setcap cap_net_raw+ep PROGRAM"}},
		{NET, "raw4 127.0.0.1 0 uid=1000", {"setcap cap_net_raw+ep PROGRAM"}},
		{NET, "raw4 9.9.9.9 0 uid=1000", {"?setcap cap_net_raw+ep PROGRAM"}},
		{NET "noping", "ping4 127.0.0.1 0", {"sysctl -w 'net.ipv4.ping_group_range=0 2147483647'"}},
		// ports
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp4 127.0.0.1 80", {"bind to port 0: the kernel chooses"}},
		{"lo; sock tcp4 0.0.0.0 80 reuse",
		 "tcp4 127.0.0.1 80",
		 {"set SO_REUSEADDR on the socket", "bind to port 0: the kernel chooses"}},
		{"lo; sock tcp4 0.0.0.0 80 listen reuseport",
		 "tcp4 127.0.0.1 80",
		 {"set SO_REUSEPORT on the socket", "bind to port 0: the kernel chooses"}},
		{"lo; sock udp4 0.0.0.0 80 reuse=? reuseport=?",
		 "udp4 127.0.0.1 80",
		 {"?set SO_REUSEADDR on the socket", "?set SO_REUSEPORT on the socket",
		  "bind to port 0: the kernel chooses"}},
		// without a device there is nowhere to put an address
		{"tables",
		 "tcp6 2001:db8::9 0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket",
		  "sysctl -w net.ipv6.ip_nonlocal_bind=1"}},
		{"lo; addr fe80::1/64 dev 77", "tcp6 fe80::1 0", {NULL}}, // nor a scope to name
		// more than are shown
		{"link a; link b; link c; link d; link e; link f; link g; link i; link j; addr fe80::1/64 dev 2; addr fe80::1/64 dev 3;"
		 "addr fe80::1/64 dev 4; addr fe80::1/64 dev 5; addr fe80::1/64 dev 6; addr fe80::1/64 dev 7; addr fe80::1/64 dev 8;"
		 "addr fe80::1/64 dev 9; addr fe80::1/64 dev 10",
		 "tcp6 fe80::1 0",
		 {"bind to fe80::1%a", "bind to fe80::1%b", "bind to fe80::1%c", "bind to fe80::1%d",
		  "bind to fe80::1%e", "bind to fe80::1%f", "bind to fe80::1%g", "bind to fe80::1%j"}},
		// no room for another option
		{"lo",
		 "tcp4 9.9.9.9 0 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1",
		 {"ip route add local 9.9.9.9 dev lo", "ip addr add 9.9.9.9/32 dev lo",
		  "sysctl -w net.ipv4.ip_nonlocal_bind=1"}},
		// shadowed, and in another VRF
		{NET "route local 10.0.0.0/8 dev lo; route blackhole 10.1.1.1 table main",
		 "tcp4 10.1.1.1 0",
		 {"set IP_FREEBIND on the socket", "set IP_TRANSPARENT on the socket",
		  "ip route add local 10.1.1.1 dev lo", "ip addr add 10.1.1.1/32 dev v0",
		  "sysctl -w net.ipv4.ip_nonlocal_bind=1"}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

static bool starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

// Does to host and attempt what a remedy says, independently of how the model tried it.
static void carry_out(struct host *h, struct attempt *a, const char *change)
{
	struct made_words w;
	made_split(change, strlen(change), &w);
	if (starts(change, "set ")) {
		for (int i = 0; i < OPT_COUNT; i++)
			if (strcmp(option_info((enum option_id)i)->symbol, w.word[1]) == 0)
				assert_int_equal(
					attempt_set(a, &(struct setting){.option = (enum option_id)i,
									 .value = strcmp(w.word[2], "to") != 0}),
					0);
	} else if (starts(change, "sysctl -w ")) {
		char line[160];
		const char *what = change + strlen("sysctl -w ");
		bool quoted = *what == '\'';
		snprintf(line, sizeof line, "sysctl %.*s", (int)strlen(what) - 2 * quoted, what + quoted);
		made_split(line, strlen(line), &w);
		made_do(h, &w);
		made_caller.ping_group |= h->sysctl[SYSCTL_PING_GID_HIGH] == INT32_MAX;
	} else if (starts(change, "ip ")) {
		char line[160];
		snprintf(line, sizeof line, "%s %s", w.word[1],
			 change + strlen("ip addr add ") + (w.word[1][0] == 'r'));
		made_split(line, strlen(line), &w);
		made_do(h, &w);
		host_sort(h);
	} else if (starts(change, "bind to port ")) {
		char digits[8];
		snprintf(digits, sizeof digits, "%.*s", (int)strspn(w.word[3], "0123456789"), w.word[3]);
		a->port = (uint16_t)made_number(digits);
	} else if (starts(change, "bind to ")) {
		char *percent = strchr(w.word[2], '%');
		assert_non_null(percent);
		*percent = '\0';
		struct addr addr = made_addr(w.word[2]);
		assert_true(addr_equal(&addr, &a->addr));
		a->scope = made_index(h, percent + 1);
	} else if (starts(change, "setcap cap_net_raw")) {
		made_caller =
			(struct caller){.uid = made_caller.uid, .net_raw = true, .ping_group = made_caller.ping_group};
		made_unprivileged = false;
	} else if (starts(change, "setcap ")) {
		made_caller.net_bind_service = true;
		made_unprivileged = false;
	} else if (starts(change, "wait ")) {
		for (size_t i = 0; i < h->naddrs; i++)
			h->addrs[i].flags &= ~(uint32_t)IFA_F_TENTATIVE;
	} else {
		fail_msg("what is '%s'?", change);
	}
}

// Over many refusals: a remedy works exactly when it says so, and the host that was asked about is left alone.
static void test_carried_out(void **state)
{
	(void)state;
	static const char *const hosts[] = {
		NET,
		"lo",
		NET "nocaps",
		NET "kernel 5.15.55; split; route blackhole 10.1.0.0/16",
		NET "sysctl net.ipv6.bindv6only=1; sock tcp4 0.0.0.0 80 listen reuseport; sock tcp6 :: 80 reuse",
		NET "sock udp4 0.0.0.0 80 reuse; sock udp6 :: 80 v6only reuse",
		NET "sysctl net.ipv4.ip_local_port_range=50000 50000; sock tcp4 0.0.0.0 50000; sock tcp6 :: 50000",
		"lo; link v0; addr 2001:db8::1/64 dev v0 tentative; addr fe80::1/64 dev v0 tentative dadfailed; ports tcp",
		"lo; vrf red 10; link d0 master red; addr 10.1.0.1/24 dev d0; addr 2001:db8::1/64 dev d0; addr fe80::1/64 dev d0",
	};
	static const char *const addrs[] = {"127.0.0.1", "9.9.9.9",     "10.1.0.1",         "224.0.0.1",
					    "::1",       "2001:db8::1", "2001:db8::9",      "fe80::1",
					    "fe80::9",   "ff02::1",     "::ffff:127.0.0.1", "::ffff:9.9.9.9"};
	static const char *const rest[] = {"0",           "80",           "80 uid=1000", "0 v6only",
					   "0 ifindex=2", "0 scope=2",    "0 scope=3",   "5000 twice",
					   "0 len=9",     "80 reuseaddr", "0 mark=1"};
	static const char *const kinds[] = {"tcp", "udp", "raw", "ping", "mptcp"};
	unsigned tried = 0, verified = 0, unverified = 0;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		for (size_t n = 0; n < 12 * 11 * 5; n++) {
			char line[128];
			struct host *h;
			struct walk w, after;
			struct remedy fix[REMEDIES];
			const char *addr = addrs[n % 12];
			snprintf(line, sizeof line, "%s%c %s %s", kinds[n / 132], strchr(addr, ':') ? '6' : '4', addr,
				 rest[n / 12 % 11]);
			made_decide(hosts[i], line, &h, &w);
			size_t routes = h->nroutes4, naddrs = h->naddrs;
			unsigned found = remedies(made_facts(h), &w, fix);
			assert_true(found <= REMEDIES);
			assert_true(w.predicted.err || found == 0);
			assert_int_equal(h->nroutes4, routes);
			assert_int_equal(h->naddrs, naddrs);
			for (unsigned r = 0; r < found; r++) {
				struct host *changed = host_copy(h);
				struct attempt a = w.attempt;
				carry_out(changed, &a, fix[r].change);
				decide(made_facts(changed), &a, &after);
				bool works = after.predicted.err == 0;
				if (works != fix[r].verified && !(works && !after.predicted.certain))
					fail_msg("%s on [%s]: '%s' %s", line, hosts[i], fix[r].change,
						 works ? "works" : "does not work");
				tried++;
				verified += fix[r].verified;
				unverified += !fix[r].verified;
				host_free(changed);
			}
			host_free(h);
		}
	}
	assert_true(tried > 1000 && verified > 900 && unverified > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offered),
		cmocka_unit_test(test_carried_out),
	};
	return cmocka_run_group_tests_name("remedy", tests, NULL, NULL);
}
