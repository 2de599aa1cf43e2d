// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a lab: each is read back from the kernel by the observer, and where bind depends on it, by a bind.
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/trial.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

static struct changer *c;
static struct observer *o;

static struct host *observe(void)
{
	struct host *h;
	char err[256] = "";
	int result = observe_read(o, &h, err, sizeof err);
	if (result < 0)
		fail_msg("observe_read: %d %s", result, err);
	return h;
}

static int bind_to(const char *text)
{
	struct trial t;
	struct addr a = live_addr(text);
	struct attempt attempt = attempt_new(&a);
	assert_int_equal(trial_run(&attempt, &live_root, &t), 0);
	return t.err;
}

static int route(bool add, const char *dst, uint8_t type, const char *dev)
{
	return change_route(c, add, dev, &(struct edit_route){.dst = live_prefix(dst), .type = type});
}

// The first IPv4 route to a prefix, by its shared part; NULL for none.
static const struct route_info *find_route(const struct host *h, const char *dst, uint32_t table)
{
	struct prefix p = live_prefix(dst);
	for (size_t i = 0; i < h->nroutes4; i++) {
		struct prefix q = host_prefix4(h, i);
		const struct route_info *info = host_info4(h, i);
		if (q.len == p.len && addr_equal(&q.addr, &p.addr) && info->table == table)
			return info;
	}
	return NULL;
}

static unsigned count_routes(const struct host *h, const char *dst)
{
	struct prefix p = live_prefix(dst);
	unsigned n = 0;
	for (size_t i = 0; i < h->nroutes4; i++) {
		struct prefix q = host_prefix4(h, i);
		n += q.len == p.len && addr_equal(&q.addr, &p.addr);
	}
	return n;
}

// Some link: what kinds there are depends on the kernel.
static void add_link(const char *name)
{
	int err = change_dummy_add(c, name);
	if (err == -EOPNOTSUPP)
		err = change_veth_add(c, name, "other", -1);
	if (err == -EOPNOTSUPP)
		skip();
	assert_int_equal(err, 0);
}

static void test_links(void **state)
{
	(void)state;
	add_link("d0");
	assert_int_equal(change_link_up(c, "d0", true), 0);
	struct host *h = observe();
	const struct link *d0 = host_link_named(h, "d0");
	assert_non_null(d0);
	assert_true(d0->flags & IFF_UP);
	host_free(h);

	assert_int_equal(change_link_up(c, "d0", false), 0);
	h = observe();
	assert_false(host_link_named(h, "d0")->flags & IFF_UP);
	host_free(h);
	assert_int_equal(change_link_del(c, "d0"), 0);
	h = observe();
	assert_null(host_link_named(h, "d0"));
	host_free(h);

	assert_int_equal(change_link_del(c, "d0"), -ENODEV);
	assert_int_equal(change_link_up(c, "a-name-that-is-too-long", true), -ENODEV);
	assert_int_equal(change_dummy_add(c, "a-name-that-is-too-long"), -EINVAL);
	assert_int_equal(change_dummy_add(c, ""), -EINVAL);
}

static void test_veth(void **state)
{
	(void)state;
	int err = change_veth_add(c, "va", "vb", -1);
	if (err == -EOPNOTSUPP)
		skip();
	assert_int_equal(err, 0);
	assert_int_equal(change_veth_add(c, "va", "vc", -1), -EEXIST);
	struct host *h = observe();
	assert_string_equal(host_link_named(h, "va")->kind, "veth");
	assert_non_null(host_link_named(h, "vb"));
	host_free(h);
	assert_int_equal(change_link_del(c, "vb"), 0);
	h = observe();
	assert_null(host_link_named(h, "va"));
	host_free(h);
}

static void test_vrf(void **state)
{
	(void)state;
	int err = change_vrf_add(c, "red", 77);
	if (err == -EOPNOTSUPP)
		skip();
	assert_int_equal(err, 0);
	add_link("d0");
	assert_int_equal(change_link_master(c, "d0", "red"), 0);
	struct host *h = observe();
	assert_int_equal(host_link_named(h, "red")->vrf_table, 77);
	assert_int_equal(host_link_named(h, "d0")->master, host_link_named(h, "red")->index);
	host_free(h);
	assert_int_equal(change_link_master(c, "d0", NULL), 0);
	h = observe();
	assert_int_equal(host_link_named(h, "d0")->master, 0);
	host_free(h);
	assert_int_equal(change_link_master(c, "d0", "nosuch"), -ENODEV);
	assert_int_equal(change_link_del(c, "d0"), 0);
	assert_int_equal(change_link_del(c, "red"), 0);
}

static void test_addresses(void **state)
{
	(void)state;
	struct addr v4 = live_addr("198.51.100.7"), bcast = live_addr("198.51.100.99"), v6 = live_addr("2001:db8:7::7");

	assert_int_equal(bind_to("198.51.100.7"), EADDRNOTAVAIL);
	assert_int_equal(change_addr_add(c, "eth0", &v4, 24, 0, UINT32_MAX, &bcast), 0);
	assert_int_equal(bind_to("198.51.100.7"), 0);
	assert_int_equal(bind_to("198.51.100.99"), 0);
	assert_int_equal(change_addr_add(c, "eth0", &v4, 24, 0, UINT32_MAX, &bcast), -EEXIST);
	assert_int_equal(change_addr_add(c, "eth0", &v6, 64, IFA_F_NODAD | IFA_F_NOPREFIXROUTE, 0, NULL), 0);
	assert_int_equal(bind_to("2001:db8:7::7"), 0);

	struct host *h = observe();
	size_t i = host_find_addr(h, &v6), j = host_find_addr(h, &v4);
	assert_true(i < h->naddrs);
	assert_true(j < h->naddrs);
	assert_int_equal(h->addrs[i].prefixlen, 64);
	assert_int_equal(h->addrs[i].preferred, 0);
	assert_int_equal(h->addrs[i].valid, UINT32_MAX);
	assert_true(h->addrs[i].flags & IFA_F_DEPRECATED);
	assert_true(h->addrs[i].flags & IFA_F_NOPREFIXROUTE);
	assert_int_equal(h->addrs[j].scope, RT_SCOPE_UNIVERSE);
	assert_non_null(find_route(h, "198.51.100.99", RT_TABLE_LOCAL));
	host_free(h);

	assert_int_equal(change_addr_del(c, "eth0", &v4, 24), 0);
	assert_int_equal(change_addr_del(c, "eth0", &v6, 64), 0);
	assert_int_equal(bind_to("198.51.100.7"), EADDRNOTAVAIL);
	assert_int_equal(bind_to("2001:db8:7::7"), EADDRNOTAVAIL);
	assert_int_equal(change_addr_del(c, "eth0", &v4, 24), -EADDRNOTAVAIL);
	assert_int_equal(change_addr_add(c, "nosuch", &v4, 24, 0, UINT32_MAX, NULL), -ENODEV);
}

static void test_loopback_scope(void **state)
{
	(void)state;
	struct addr a = live_addr("127.0.0.9");
	assert_int_equal(change_addr_add(c, "lo", &a, 8, 0, UINT32_MAX, NULL), 0);
	struct host *h = observe();
	size_t i = host_find_addr(h, &a);
	assert_true(i < h->naddrs);
	assert_int_equal(h->addrs[i].scope, RT_SCOPE_HOST);
	host_free(h);
	assert_int_equal(change_addr_del(c, "lo", &a, 8), 0);
}

static void test_anyip(void **state)
{
	(void)state;
	assert_int_equal(bind_to("192.168.123.123"), EADDRNOTAVAIL);
	assert_int_equal(route(true, "192.168.123.0/24", RTN_LOCAL, "lo"), 0);
	assert_int_equal(bind_to("192.168.123.123"), 0);
	struct host *h = observe();
	const struct route_info *info = find_route(h, "192.168.123.0/24", RT_TABLE_LOCAL);
	assert_non_null(info);
	assert_int_equal(info->type, RTN_LOCAL);
	assert_int_equal(info->scope, RT_SCOPE_HOST);
	assert_int_equal(info->protocol, RTPROT_BOOT);
	host_free(h);
	assert_int_equal(route(true, "192.168.123.0/24", RTN_LOCAL, "lo"), -EEXIST);
	assert_int_equal(route(false, "192.168.123.0/24", RTN_LOCAL, "lo"), 0);
	assert_int_equal(bind_to("192.168.123.123"), EADDRNOTAVAIL);
	assert_int_equal(route(false, "192.168.123.0/24", RTN_LOCAL, "lo"), -ESRCH);

	// IPv6 has the route, and bind does not ask for it.
	assert_int_equal(route(true, "2001:db8:123::/64", RTN_LOCAL, "lo"), 0);
	assert_int_equal(bind_to("2001:db8:123::1"), EADDRNOTAVAIL);
	assert_int_equal(route(false, "2001:db8:123::/64", RTN_LOCAL, "lo"), 0);
}

static void test_route_types(void **state)
{
	(void)state;
	static const struct {
		uint8_t type;
		const char *dev;
		uint32_t table;
		int err; // of a bind into it
	} types[] = {
		{RTN_UNICAST, "eth0", RT_TABLE_MAIN, EADDRNOTAVAIL},
		{RTN_LOCAL, "eth0", RT_TABLE_LOCAL, 0},
		{RTN_BROADCAST, "eth0", RT_TABLE_LOCAL, 0},
		{RTN_BLACKHOLE, NULL, RT_TABLE_MAIN, EADDRNOTAVAIL},
		{RTN_UNREACHABLE, NULL, RT_TABLE_MAIN, EADDRNOTAVAIL},
		{RTN_PROHIBIT, NULL, RT_TABLE_MAIN, EADDRNOTAVAIL},
		{RTN_THROW, NULL, RT_TABLE_MAIN, EADDRNOTAVAIL},
	};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		assert_int_equal(route(true, "203.0.113.0/25", types[i].type, types[i].dev), 0);
		struct host *h = observe();
		const struct route_info *info = find_route(h, "203.0.113.0/25", types[i].table);
		assert_non_null(info);
		assert_int_equal(info->type, types[i].type);
		host_free(h);
		assert_int_equal(bind_to("203.0.113.3"), types[i].err);
		assert_int_equal(route(false, "203.0.113.0/25", types[i].type, types[i].dev), 0);
	}
}

static void test_route_details(void **state)
{
	(void)state;
	struct edit_route r = {.dst = live_prefix("203.0.113.0/24"),
			       .type = RTN_UNICAST,
			       .tos = 8,
			       .table = 1000,
			       .metric = 50,
			       .via = live_addr("192.0.2.1")};
	assert_int_equal(change_route(c, true, NULL, &r), 0);
	struct host *h = observe();
	const struct route_info *info = find_route(h, "203.0.113.0/24", 1000);
	// A table that no lookup of bind can reach may be left out by the observer.
	if (info) {
		assert_int_equal(info->tos, 8);
		assert_int_equal(info->metric, 50);
	}
	host_free(h);
	assert_int_equal(change_route(c, false, NULL, &r), 0);
	assert_int_equal(change_route(c, false, NULL, &r), -ESRCH);

	// An IPv4 route over an IPv6 neighbour.
	r = (struct edit_route){.dst = r.dst, .type = RTN_UNICAST, .via = live_addr("fe80::1")};
	assert_int_equal(change_route(c, true, "eth0", &r), 0);
	assert_int_equal(change_route(c, false, "eth0", &r), 0);

	// The default route, and the same prefix twice.
	r = (struct edit_route){.dst = live_prefix("0.0.0.0/0"), .type = RTN_UNICAST};
	assert_int_equal(change_route(c, true, "eth0", &r), 0);
	assert_int_equal(change_route(c, false, "eth0", &r), 0);
	r = (struct edit_route){.dst = live_prefix("203.0.113.0/24"), .type = RTN_LOCAL, .table = RT_TABLE_MAIN};
	assert_int_equal(change_route(c, true, "lo", &r), 0);
	assert_int_equal(change_route(c, true, "eth0", &r), -EEXIST);
	r.append = true;
	assert_int_equal(change_route(c, true, "eth0", &r), 0);
	h = observe();
	assert_int_equal(count_routes(h, "203.0.113.0/24"), 2);
	host_free(h);
	assert_int_equal(change_route(c, false, "eth0", &r), 0);
	assert_int_equal(change_route(c, false, "lo", &r), 0);
	assert_int_equal(change_route(c, true, "nosuch", &r), -ENODEV);
}

static void test_rules(void **state)
{
	(void)state;
	struct edit_rule r = {
		.rule = {.family = AF_INET, .priority = 500, .table = 1000, .from = live_prefix("10.0.0.0/8")},
		.has_priority = true,
	};
	assert_int_equal(change_rule(c, true, &r), 0);
	assert_int_equal(change_rule(c, true, &r), -EEXIST);
	struct host *h = observe();
	const struct rule *found = NULL;
	for (size_t i = 0; i < h->nrules; i++)
		if (h->rules[i].family == AF_INET && h->rules[i].priority == 500)
			found = &h->rules[i];
	assert_non_null(found);
	assert_int_equal(found->table, 1000);
	assert_int_equal(found->from.len, 8);
	host_free(h);
	assert_int_equal(change_rule(c, false, &r), 0);
	assert_int_equal(change_rule(c, false, &r), -ENOENT);
	r.rule.family = AF_INET6;
	r.rule.from = (struct prefix){0};
	assert_int_equal(change_rule(c, true, &r), 0);
	assert_int_equal(change_rule(c, false, &r), 0);
}

static void test_nexthops(void **state)
{
	(void)state;
	assert_int_equal(change_nexthop(c, true, AF_INET, 7, "eth0"), 0);
	assert_int_equal(change_nexthop(c, true, AF_INET, 7, "eth0"), -EEXIST);
	assert_int_equal(change_nexthop(c, true, AF_INET, 8, NULL), 0);
	assert_int_equal(change_nexthop(c, true, AF_INET, 9, "nosuch"), -ENODEV);
	struct edit_route r = {
		.dst = live_prefix("203.0.113.0/24"), .type = RTN_UNICAST, .table = RT_TABLE_LOCAL, .nhid = 7};
	assert_int_equal(change_route(c, true, NULL, &r), 0);
	struct host *h = observe();
	const struct route_info *info = find_route(h, "203.0.113.0/24", RT_TABLE_LOCAL);
	assert_non_null(info);
	assert_int_equal(info->nhid, 7);
	host_free(h);
	// The route goes with its next hop.
	assert_int_equal(change_nexthop(c, false, AF_INET, 7, NULL), 0);
	r.nhid = 0;
	assert_int_equal(change_route(c, false, NULL, &r), -ESRCH);
	assert_int_equal(change_nexthop(c, false, AF_INET, 8, NULL), 0);
	assert_int_equal(change_nexthop(c, false, AF_INET, 8, NULL), -ENOENT);
}

static char read_first(const char *path)
{
	char byte = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, &byte, 1), 1);
	close(fd);
	return byte;
}

static void test_sysctls(void **state)
{
	(void)state;
	assert_int_equal(change_sysctl("net.ipv4.ip_nonlocal_bind", "1"), 0);
	assert_int_equal(read_first("/proc/sys/net/ipv4/ip_nonlocal_bind"), '1');
	assert_int_equal(bind_to("8.8.8.8"), 0);
	assert_int_equal(change_sysctl("net.ipv4.ip_nonlocal_bind", "0"), 0);
	assert_int_equal(bind_to("8.8.8.8"), EADDRNOTAVAIL);
	assert_int_equal(change_sysctl("net.ipv4.ip_nonlocal_bind", "x"), -EINVAL);
	assert_int_equal(change_sysctl("net.ipv4.nosuch", "1"), -ENOENT);
	assert_int_equal(change_sysctl("net.//.net.ipv4.ip_nonlocal_bind", "1"), -EINVAL);
	// A dot inside an interface's name.
	add_link("d.1");
	assert_int_equal(change_sysctl("net.ipv4.conf.d/1.forwarding", "1"), 0);
	assert_int_equal(read_first("/proc/sys/net/ipv4/conf/d.1/forwarding"), '1');
	assert_int_equal(change_link_del(c, "d.1"), 0);
}

static void test_why(void **state)
{
	(void)state;
	struct edit_route r = {.dst = live_prefix("203.0.113.0/24"), .type = RTN_UNICAST, .via = live_addr("8.8.8.8")};
	assert_int_equal(change_link_up(c, "eth0", true), 0);
	assert_string_equal(change_why(c), "");
	assert_int_equal(change_route(c, true, NULL, &r), -ENETUNREACH);
	assert_string_equal(change_why(c), "Nexthop has invalid gateway");
	assert_int_equal(change_link_up(c, "eth0", true), 0);
	assert_string_equal(change_why(c), "");
}

static int set_up(void **state)
{
	char err[256];
	(void)state;
	return change_open(&c) < 0 || observe_open(&o, err, sizeof err) < 0;
}

static int tear_down(void **state)
{
	(void)state;
	observe_close(o);
	change_close(c);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),         cmocka_unit_test(test_veth),
		cmocka_unit_test(test_addresses),     cmocka_unit_test(test_loopback_scope),
		cmocka_unit_test(test_anyip),         cmocka_unit_test(test_route_types),
		cmocka_unit_test(test_route_details), cmocka_unit_test(test_rules),
		cmocka_unit_test(test_nexthops),      cmocka_unit_test(test_sysctls),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_vrf), // last: it splits local and main for good, so that main is not read
	};
	if (!live_enter())
		return 0;
	return cmocka_run_group_tests_name("change", tests, set_up, tear_down);
}
