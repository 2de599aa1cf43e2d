// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a walk: each kind of value, and templates filled in.
#include <fnmatch.h>

#include "core/model/holder_text.h"
#include "core/model/walk_text.h"
#include "tests/unit/made_walk.h"

static const char script[] =
	"lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0; route local 10.9.0.0/16 dev v0;"
	"route local 2001:db8:2::/64 dev lo; route unicast default;"
	"sock tcp6 :: 80 listen; sock udp4 127.0.0.1 53; sock tcp4 127.0.0.1 81";

static size_t route_at(const struct host *h, const char *prefix)
{
	struct prefix p = made_prefix(prefix);
	for (size_t i = 0; i < h->nroutes4; i++) {
		struct prefix q = host_prefix4(h, i);
		if (p.len == q.len && addr_equal(&p.addr, &q.addr))
			return i;
	}
	fail_msg("no route %s", prefix);
	return 0;
}

static void check(const struct host *h, const struct walk *w, enum value_type type, int64_t number, const char *text)
{
	char buf[256];
	struct input in = {.type = type, .number = number};
	assert_ptr_equal(walk_value(made_facts(h), w, &in, buf, sizeof buf), buf);
	if (strcmp(buf, text) != 0)
		fail_msg("'%s', not '%s'", buf, text);
	for (size_t len = 1; len < 8; len++) { // in little room: cut, ended, and nothing beyond
		memset(buf, '~', sizeof buf);
		walk_value(made_facts(h), w, &in, buf, len);
		assert_true(strlen(buf) < len);
		assert_memory_equal(buf, text, strlen(buf));
		assert_int_equal(buf[len], '~');
	}
	buf[0] = '~';
	walk_value(made_facts(h), w, &in, buf, 0);
	assert_int_equal(buf[0], '~');
}

static void test_values(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide(script, "udp6 fe80::1 53 scope=v0 freebind dev=v0 portrange=5-6 mark=7", &h, &w);
	struct addr a = made_addr("2001:db8::1");
	check(h, &w, V_NUMBER, -5, "-5");
	check(h, &w, V_BOOL, 1, "1");
	check(h, &w, V_PORT, 65535, "65535");
	check(h, &w, V_FAMILY, AF_INET, "AF_INET");
	check(h, &w, V_FAMILY, AF_INET6, "AF_INET6");
	check(h, &w, V_FAMILY, AF_UNSPEC, "AF_UNSPEC");
	check(h, &w, V_FAMILY, 77, "family 77");
	check(h, &w, V_SOCKTYPE, 0, "SOCK_DGRAM");
	check(h, &w, V_PROTOCOL, 0, "udp");
	check(h, &w, V_OPTION, OPT_FREEBIND6, "IPV6_FREEBIND");
	check(h, &w, V_SETTING, 0, "1"); // freebind
	check(h, &w, V_SETTING, 1, "v0");
	check(h, &w, V_SETTING, 2, "5-6");
	check(h, &w, V_SETTING, 3, "7");
	check(h, &w, V_DEVICE, 2, "v0");
	check(h, &w, V_DEVICE, 999, "999");
	check(h, &w, V_TABLE, 255, "local");
	check(h, &w, V_TABLE, 10, "10");
	check(h, &w, V_ROUTE4, (int64_t)route_at(h, "10.9.0.0/16"), "local 10.9.0.0/16 dev v0");
	check(h, &w, V_ROUTE4, (int64_t)route_at(h, "default"), "unicast default");
	check(h, &w, V_RTN, RTN_LOCAL, "RTN_LOCAL");
	check(h, &w, V_ERRNO, EADDRNOTAVAIL, "EADDRNOTAVAIL");
	check(h, &w, V_ERRNO, 0, "ok");
	check(h, &w, V_ENTRY, (int64_t)host_find_addr(h, &a), "2001:db8::1/64 on v0");
	check(h, &w, V_SCOPED, 2, "fe80::1%v0");
	check(h, &w, V_DISABLE6, 2, "net.ipv6.conf.v0.disable_ipv6");
	check(h, &w, V_UNKNOWN, 0, "not known");
	check(h, &w, V_TRIE, TRIE_MERGED, "merged: local and main in one trie");
	check(h, &w, V_TRIE, TRIE_SPLIT, "split: one trie each for local and main");
	check(h, &w, V_TRIE, TRIE_UNKNOWN, "not known");
	size_t route6 = h->nroutes6;
	for (size_t i = 0; i < h->nroutes6; i++)
		if (h->routes6[i].len == 64)
			route6 = i;
	check(h, &w, V_ROUTE6, (int64_t)route6, "local 2001:db8:2::/64 dev lo");

	char buf[64];
	struct input in = {.type = V_ADDR, .addr = a};
	assert_string_equal(walk_value(made_facts(h), &w, &in, buf, sizeof buf), "2001:db8::1");
	in = (struct input){.type = V_TEXT, .text = "a text"};
	assert_string_equal(walk_value(made_facts(h), &w, &in, buf, sizeof buf), "a text");
	host_free(h);
}

// Both ends, what it is doing, and whose it is; then all that is known of it.
static void test_connections(void)
{
#define TO "peer=127.0.0.9 peerport=2379"
	static const struct {
		const char *host;
		uint8_t state; // 0: as it was made
		const char *brief, *full;
	} cases[] = {
		{"sock tcp4 127.0.0.1 40000 timewait " TO, 0,
		 "tcp 127.0.0.1:40000, a closed connection to 127.0.0.9:2379, ends in 59 s", NULL},
		{"sock tcp4 127.0.0.1 40000 " TO, 0,
		 "tcp 127.0.0.1:40000 -> 127.0.0.9:2379, likely an outgoing connection, pid 41 (server)",
		 "tcp 127.0.0.1:40000 -> 127.0.0.9:2379, likely an outgoing connection, uid 0, pid 41 (server); "
		 "40000 lies in ip_local_port_range 32768-60999 and is not reserved"},
		{"reserve 40000 40000; sock tcp4 127.0.0.1 40000 " TO, 0, NULL,
		 "tcp 127.0.0.1:40000 -> 127.0.0.9:2379, likely an outgoing connection, uid 0, pid 41 (server); "
		 "40000 lies in ip_local_port_range 32768-60999 and is now reserved"},
		// accepted by who listens there; or from another range
		{"sock tcp4 127.0.0.1 40000 " TO "; sock tcp4 0.0.0.0 40000 listen", 0,
		 "tcp 127.0.0.1:40000 -> 127.0.0.9:2379 ESTABLISHED, pid 41 (server)", NULL},
		{"sock tcp4 127.0.0.1 443 " TO, 0, "tcp 127.0.0.1:443 -> 127.0.0.9:2379 ESTABLISHED, pid 41 (server)",
		 "tcp 127.0.0.1:443 -> 127.0.0.9:2379 ESTABLISHED, uid 0, pid 41 (server)"},
		{"sock tcp4 127.0.0.1 443 " TO, 2,
		 "tcp 127.0.0.1:443 -> 127.0.0.9:2379, an outgoing connection that is being opened, pid 41 (server)",
		 NULL},
		{"sock tcp4 127.0.0.1 443 " TO, 8,
		 "tcp 127.0.0.1:443 -> 127.0.0.9:2379, a connection that the other end has closed, but this program "
		 "has not, pid 41 (server)",
		 NULL},
		{"sock tcp6 ::1 80 peer=::1 peerport=9", 4,
		 "tcp [::1]:80 -> [::1]:9, a connection that is being closed, pid 41 (server)", NULL},
		{"link br9; sock udp4 0.0.0.0 67 dev=br9", 0, "udp 0.0.0.0%br9:67 bound, pid 41 (server)", NULL},
		{"sock udp4 0.0.0.0 67 dev=77", 0, "udp 0.0.0.0:67 bound, pid 41 (server)",
		 "udp 0.0.0.0:67 bound, on interface 77, which is gone, uid 0, pid 41 (server)"},
		{"sock udp4 0.0.0.0 67 ownerless", 0, "udp 0.0.0.0:67 bound, a socket of the kernel",
		 "udp 0.0.0.0:67 bound, held by no process: a socket of the kernel"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h = made_host(cases[i].host);
		struct sock *s = &made_question.socks[0];
		char text[HOLDER_TEXT];
		for (int id = 0; id < SYSCTL_COUNT; id++)
			h->sysctl_known[id] = true;
		if (strstr(cases[i].host, "dev=77"))
			s->device = 77;
		if (cases[i].state)
			s->state = cases[i].state;
		if (cases[i].brief)
			assert_string_equal(sock_print(made_facts(h), s, text, sizeof text), cases[i].brief);
		if (cases[i].full)
			assert_string_equal(holder_print(made_facts(h), s, text, sizeof text), cases[i].full);
		host_free(h);
	}
}

// Whose socket of the kernel it is: a guess, by kind and port.
static void test_kernels(void **state)
{
	(void)state;
	struct host *h = made_host("link vx0 up; link vx1; link wg0; sock udp4 0.0.0.0 4789 ownerless");
	struct sock *s = &made_question.socks[0];
	char text[HOLDER_TEXT];
	for (size_t i = 0; i < h->nlinks; i++) {
		strcpy(h->links[i].kind, h->links[i].name[0] == 'v' ? "vxlan" : "wireguard");
		h->links[i].flags = strcmp(h->links[i].name, "vx1") == 0 ? 0 : IFF_UP;
		h->links[i].tunnel_port = h->links[i].name[0] == 'v' ? 4789 : 0;
	}
	assert_int_equal(sock_likely_link(h, s), made_index(h, "vx0"));
	s->likely = sock_likely_link(h, s);
	sock_print(made_facts(h), s, text, sizeof text);
	assert_string_equal(text, "udp 0.0.0.0:4789 bound, a socket of the kernel, likely vx0 (vxlan, port 4789)");
	s->owner = OWNER_HIDDEN;
	sock_print(made_facts(h), s, text, sizeof text);
	assert_string_equal(text, "udp 0.0.0.0:4789 bound, its process is not visible to you, or it is the kernel's: "
				  "likely vx0 (vxlan, port 4789)");
	s->port = 51820; // of no tunnel whose port is known
	assert_int_equal(sock_likely_link(h, s), made_index(h, "wg0"));
	s->owner = OWNER_PROCESS;
	assert_int_equal(sock_likely_link(h, s), 0);
	host_free(h);
}

static void test_sockets(void **state)
{
	(void)state;
	static const struct {
		const char *sock;
		uint8_t tcp_state;
		const char *text;
	} cases[] = {
		{"sock tcp6 :: 80", 10, "tcp [::]:80 LISTEN, pid 41 (server)"},
		{"sock tcp4 127.0.0.1 80", 13, "tcp 127.0.0.1:80 bound, pid 41 (server)"},
		{"sock tcp4 127.0.0.1 80", 1, "tcp 127.0.0.1:80 ESTABLISHED, pid 41 (server)"},
		{"sock tcp4 127.0.0.1 80", 99, "tcp 127.0.0.1:80 ?, pid 41 (server)"},
		{"sock udp4 127.0.0.1 53", 7, "udp 127.0.0.1:53 bound, pid 41 (server)"},
		{"sock udp4 127.0.0.1 53", 1, "udp 127.0.0.1:53 connected, pid 41 (server)"},
		{"sock udplite4 127.0.0.1 53", 7, "udplite 127.0.0.1:53 bound, pid 41 (server)"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide(cases[i].sock, "tcp4 127.0.0.1 0", &h, &w);
		made_question.socks[0].state = cases[i].tcp_state;
		check(h, &w, V_SOCK, 0, cases[i].text);
		made_question.socks[0].pid = 0; // its process could not be found
		char buf[64];
		struct input in = {.type = V_SOCK};
		assert_null(strstr(walk_value(made_facts(h), &w, &in, buf, sizeof buf), "pid"));
		host_free(h);
	}
	test_connections();
	struct host *h;
	struct walk w;
	made_decide("sock tcp4 127.0.0.1 80", "tcp4 127.0.0.1 0", &h, &w);
	made_question.socks[0].protocol = 99;
	check(h, &w, V_SOCK, 0, "? 127.0.0.1:80 bound, pid 41 (server)");
	host_free(h);
}

static void test_kinds(void **state)
{
	(void)state;
	static const struct {
		const char *bind, *type, *protocol;
	} cases[] = {
		{"tcp4 127.0.0.1 0", "SOCK_STREAM", "tcp"},     {"udp4 127.0.0.1 0", "SOCK_DGRAM", "udp"},
		{"raw4 127.0.0.1 0", "SOCK_RAW", "raw"},        {"ping4 127.0.0.1 0", "SOCK_DGRAM", "icmp"},
		{"mptcp4 127.0.0.1 0", "SOCK_STREAM", "mptcp"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide("lo", cases[i].bind, &h, &w);
		check(h, &w, V_SOCKTYPE, 0, cases[i].type);
		check(h, &w, V_PROTOCOL, 0, cases[i].protocol);
		host_free(h);
	}
}

static void test_classes(void **state)
{
	(void)state;
	static const struct {
		const char *addr, *text;
	} cases[] = {
		{"::", "unspecified"},
		{"::1", "loopback"},
		{"fe80::1", "link-local"},
		{"2001:db8::1", "unicast"},
		{"fec0::1", "unicast"},
		{"::192.0.2.1", "unicast"},
		{"::ffff:192.0.2.1", "v4-mapped"},
		{"ff01::1", "multicast of interface-local scope"},
		{"ff02::1", "multicast of link-local scope"},
		{"ff05::1", "multicast"},
		{"ff0e::1", "multicast"},
	};
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 127.0.0.1 0", &h, &w);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct addr a = made_addr(cases[i].addr);
		check(h, &w, V_CLASS6, addr6_class(&a), cases[i].text);
	}
	check(h, &w, V_IFA_FLAGS, 0, "none");
	check(h, &w, V_IFA_FLAGS, IFA_F_PERMANENT, "none");
	check(h, &w, V_IFA_FLAGS, IFA_F_TENTATIVE, "tentative");
	check(h, &w, V_IFA_FLAGS, IFA_F_TENTATIVE | IFA_F_DADFAILED | IFA_F_PERMANENT, "dadfailed tentative");
	check(h, &w, V_IFA_FLAGS, 0xffffffff, "dadfailed optimistic tentative deprecated temporary");
	host_free(h);
}

static void test_templates(void **state)
{
	(void)state;
	static const struct {
		const char *tmpl, *text;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"{address}", "127.0.0.1"},
		{"<{address} is >{type}", "127.0.0.1 is RTN_LOCAL"},
		{"{type}< near {nearest}>.", "RTN_LOCAL."},
		{"<{address}, {nearest}>{type}", "RTN_LOCAL"}, // one missing is enough
		{"<a><{nearest}><b>", "ab"},
		{"{nosuch}", "?"},
		{"{addr}", "?"}, // not a prefix of a name
		{"{address", "{address"},
		{"→ {type}", "→ RTN_LOCAL"},
	};
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 127.0.0.1 0", &h, &w);
	const struct walk_step *s = walk_find(&w, STEP_CLASSIFY);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char buf[64];
		assert_ptr_equal(walk_expand(made_facts(h), &w, s, cases[i].tmpl, buf, sizeof buf), buf);
		if (strcmp(buf, cases[i].text) != 0)
			fail_msg("%s: '%s'", cases[i].tmpl, buf);
		for (size_t len = 1; len < sizeof buf - 1; len++) {
			memset(buf, '~', sizeof buf);
			walk_expand(made_facts(h), &w, s, cases[i].tmpl, buf, len);
			assert_true(strlen(buf) < len);
			assert_memory_equal(buf, cases[i].text, strlen(buf));
			assert_int_equal(buf[len], '~');
		}
		buf[0] = '~';
		walk_expand(made_facts(h), &w, s, cases[i].tmpl, buf, 0);
		assert_int_equal(buf[0], '~');
	}
	host_free(h);
}

static void expect_candidates(const char *pattern)
{
	char buf[256];
	if (fnmatch(pattern, walk_candidates(&made_caller, buf, sizeof buf), 0) != 0)
		fail_msg("'%s' is not as '%s'", buf, pattern);
}

static void test_candidates(void **state)
{
	(void)state;
	struct host *h = made_host("lo");
	expect_candidates("LSMs (not *), cgroup BPF* (not *), no seccomp filter");
	strcpy(made_caller.hooks.lsms, "capability,landlock");
	made_caller.hooks.seccomp = made_caller.hooks.no_new_privs = true;
	made_caller.hooks.cgroup_bind = 1;
	expect_candidates("LSMs (capability,landlock), 1 cgroup BPF*program, a seccomp filter, no_new_privs*");
	made_caller.hooks.cgroup_bind = 0;
	made_caller.hooks.no_new_privs = false;
	expect_candidates("LSMs (capability,landlock), 0 cgroup BPF*programs, a seccomp filter");
	made_caller.hooks.seccomp = UNKNOWN;
	expect_candidates("*, possibly *seccomp filter");
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),     cmocka_unit_test(test_sockets), cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_kinds),      cmocka_unit_test(test_classes), cmocka_unit_test(test_templates),
		cmocka_unit_test(test_candidates),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
