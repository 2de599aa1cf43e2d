// SPDX-License-Identifier: GPL-3.0-or-later
// Changes one by one: the kernel's answer, the state afterwards, and where bind depends on it, what a bind
// answers.
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "core/change/edit_apply.h"
#include "core/evidence/trial.h"
#include "core/observe/observe.h"
#include "tests/live/edited.h"

static int bind_to(const char *text)
{
	struct trial t;
	struct addr a = live_addr(text);
	struct attempt attempt = attempt_new(&a);
	assert_int_equal(trial_run(&attempt, &live_root, &t), 0);
	return t.err;
}

struct one {
	const char *line;
	int rc; // of the change
	const char *addr;
	int err; // of a bind to it
};

static void make_each(const struct one *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct edit e = line(s[i].line);
		int rc = edit_apply(changer, &e);
		if (rc != s[i].rc)
			fail_msg("%s: %d %s", s[i].line, rc, change_why(changer));
		struct inventory now = look();
		if (rc == 0 && !inventory_holds(&now, &e) && (e.add || e.kind != EDIT_ROUTE))
			fail_msg("%s does not hold", s[i].line);
		inventory_free(&now);
		if (s[i].addr && bind_to(s[i].addr) != s[i].err)
			fail_msg("%s: bind to %s: %d", s[i].line, s[i].addr, bind_to(s[i].addr));
	}
}

#define MAKE(steps) make_each(steps, sizeof steps / sizeof *steps)

static void test_vrf(void **state)
{
	(void)state;
	static const struct one steps[] = {
		{"link add va type veth peer vb", 0, NULL, 0},
		{"link set va master red", 0, NULL, 0},
		{"link set va nomaster", 0, NULL, 0},
		{"link set va master nosuch", -ENODEV, NULL, 0},
		{"link del va", 0, NULL, 0},
		{"link del red", 0, NULL, 0},
	};
	int err = change_vrf_add(changer, "red", 77);
	if (err == -EOPNOTSUPP)
		skip();
	assert_int_equal(err, 0);
	struct inventory now = look();
	struct edit red = line("link add red type vrf table 77");
	assert_int_equal(inventory_find(&now, &red)->link.table, 77);
	inventory_free(&now);
	MAKE(steps);
}

static void test_addresses(void **state)
{
	(void)state;
	static const struct one steps[] = {
		{"address add 198.51.99.7/24 dev eth0 broadcast 198.51.99.99", 0, "198.51.99.7", 0},
		{"address add 198.51.99.7/24 dev eth0", -EEXIST, "198.51.99.99", 0},
		{"address add 2001:db8:7::7/64 dev eth0 nodad noprefixroute preferred_lft 0", 0, "2001:db8:7::7", 0},
		{"address add 127.0.0.9/8 dev lo", 0, "127.0.0.9", 0},
		{"address del 127.0.0.9/8 dev lo", 0, NULL, 0},
		{"address del 198.51.99.7/24 dev eth0", 0, "198.51.99.7", EADDRNOTAVAIL},
		{"address del 198.51.99.7/24 dev eth0", -EADDRNOTAVAIL, "198.51.99.99", EADDRNOTAVAIL},
		{"address add 198.51.99.7/24 dev nosuch", -ENODEV, NULL, 0},
	};
	MAKE(steps);
	// As the observer sees it.
	char err[256];
	struct observer *o;
	struct host *h;
	struct addr a = live_addr("2001:db8:7::7");
	assert_int_equal(observe_open(&o, err, sizeof err), 0);
	assert_int_equal(observe_read(o, &h, err, sizeof err), 0);
	size_t i = host_find_addr(h, &a);
	assert_true(i < h->naddrs);
	assert_int_equal(h->addrs[i].prefixlen, 64);
	assert_int_equal(h->addrs[i].preferred, 0);
	assert_int_equal(h->addrs[i].valid, UINT32_MAX);
	assert_int_equal(h->addrs[i].flags & (IFA_F_DEPRECATED | IFA_F_NOPREFIXROUTE),
			 IFA_F_DEPRECATED | IFA_F_NOPREFIXROUTE);
	host_free(h);
	observe_close(o);
	apply("address del 2001:db8:7::7/64 dev eth0");
	assert_int_equal(bind_to("2001:db8:7::7"), EADDRNOTAVAIL);
}

static void test_routes(void **state)
{
	(void)state;
	static const struct one steps[] = {
		{"route add local 192.168.123.0/24 dev lo", 0, "192.168.123.123", 0},
		{"route add local 192.168.123.0/24 dev lo", -EEXIST, NULL, 0},
		{"route del local 192.168.123.0/24 dev lo", 0, "192.168.123.123", EADDRNOTAVAIL},
		{"route del local 192.168.123.0/24 dev lo", -ESRCH, NULL, 0},
		// IPv6 has the route, and bind does not ask for it.
		{"route add local 2001:db8:123::/64 dev lo", 0, "2001:db8:123::1", EADDRNOTAVAIL},
		{"route del local 2001:db8:123::/64 dev lo", 0, NULL, 0},
		{"route add 203.0.112.0/25 dev eth0", 0, "203.0.112.3", EADDRNOTAVAIL},
		{"route add broadcast 203.0.112.0/25 dev eth0", 0, "203.0.112.3", 0},
		{"route replace blackhole 203.0.112.0/25 table local", 0, "203.0.112.3", EADDRNOTAVAIL},
		{"route replace unreachable 203.0.112.0/25 table local", 0, "203.0.112.3", EADDRNOTAVAIL},
		{"route replace prohibit 203.0.112.0/25 table local", 0, "203.0.112.3", EADDRNOTAVAIL},
		{"route replace throw 203.0.112.0/25 table local", 0, "203.0.112.3", EADDRNOTAVAIL},
		{"route replace local 203.0.112.0/25 dev eth0", 0, "203.0.112.3", 0},
		{"route append local 203.0.112.0/25 dev lo", 0, NULL, 0},
		{"route del 203.0.112.0/25 table local", 0, "203.0.112.3", 0},
		{"route del 203.0.112.0/25 table local", 0, "203.0.112.3", EADDRNOTAVAIL},
		{"route del 203.0.112.0/25", 0, NULL, 0},
		{"route add 203.0.112.0/24 via 192.0.2.1 table 1000 metric 50 tos 8", 0, NULL, 0},
		{"route del 203.0.112.0/24 via 192.0.2.1 table 1000 metric 50 tos 8", 0, NULL, 0},
		{"route del 203.0.112.0/24 via 192.0.2.1 table 1000 metric 50 tos 8", -ESRCH, NULL, 0},
		{"route add 203.0.112.0/24 via fe80::1 dev eth0", 0, NULL, 0}, // IPv4 over an IPv6 neighbour
		{"route del 203.0.112.0/24 via fe80::1 dev eth0", 0, NULL, 0},
		{"route add default dev eth0", 0, NULL, 0},
		{"route del default dev eth0", 0, NULL, 0},
		{"route add 203.0.112.0/24 dev nosuch", -ENODEV, NULL, 0},
	};
	MAKE(steps);
}

static void test_sysctls(void **state)
{
	(void)state;
	static const struct one steps[] = {
		{"sysctl net.ipv4.ip_nonlocal_bind 1", 0, "8.8.8.8", 0},
		{"sysctl net.ipv4.ip_nonlocal_bind 0", 0, "8.8.8.8", EADDRNOTAVAIL},
		{"sysctl net.ipv4.ip_nonlocal_bind x", -EINVAL, NULL, 0},
		{"sysctl net.ipv4.nosuch 1", -ENOENT, NULL, 0},
	};
	MAKE(steps);
	assert_int_equal(change_sysctl("net.//.net.ipv4.ip_nonlocal_bind", "1"), -EINVAL);
	// A dot inside an interface's name.
	static const struct one dotted[] = {
		{"link add d.1 type veth peer d.2", 0, NULL, 0},
		{"sysctl net.ipv4.conf.d/1.forwarding 1", 0, NULL, 0},
		{"link del d.1", 0, NULL, 0},
	};
	if (change_veth_add(changer, "va", "vb", -1) == 0 && change_link_del(changer, "va") == 0)
		MAKE(dotted);
}

static void test_refusals(void **state)
{
	(void)state;
	static const struct one steps[] = {
		{"route del default", 0, NULL, 0},
		{"route add 203.0.112.0/24 via 8.8.8.8", -ENETUNREACH, NULL, 0},
	};
	assert_int_equal(change_link_up(changer, "a-name-that-is-too-long", true), -ENODEV);
	assert_int_equal(change_dummy_add(changer, "a-name-that-is-too-long"), -EINVAL);
	assert_int_equal(change_dummy_add(changer, ""), -EINVAL);
	assert_int_equal(change_link_up(changer, "eth0", true), 0);
	assert_string_equal(change_why(changer), "");
	MAKE(steps);
	assert_string_equal(change_why(changer), "Nexthop has invalid gateway");
	assert_int_equal(change_link_up(changer, "eth0", true), 0);
	assert_string_equal(change_why(changer), "");
	apply("route add default via 192.0.2.1 metric 7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_routes), cmocka_unit_test(test_sysctls),
		cmocka_unit_test(test_refusals),  cmocka_unit_test(test_vrf),
	};
	return edited_run(tests, sizeof tests / sizeof *tests);
}
