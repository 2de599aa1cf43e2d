// SPDX-License-Identifier: GPL-3.0-or-later
// The host as a value: order, sharing, copies, queries, and a size that a million routes fit into.
#include "core/model/rt_names.h"
#include "tests/unit/made_host.h"

_Static_assert(sizeof(struct route4) == 8, "a million IPv4 routes take 8 MB");
_Static_assert(sizeof(struct route6) == 20, "a million IPv6 routes take 20 MB");

static void test_fresh(void **state)
{
	(void)state;
	struct host *h = host_new();
	assert_non_null(h);
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		assert_int_equal(h->sysctl[i], sysctl_info((enum sysctl_id)i)->initial);
		assert_false(h->sysctl_known[i]);
	}
	assert_int_equal(h->has_local4, UNKNOWN);
	assert_int_equal(h->has_main4, UNKNOWN);
	assert_int_equal(h->trie, TRIE_UNKNOWN);
	assert_true(h->routes4_read);
	host_sort(h); // of nothing
	assert_null(host_link(h, 1));
	assert_null(host_link_named(h, "lo"));
	struct addr a = made_addr("::1");
	assert_int_equal(host_find_addr(h, &a), 0);
	host_free(h);
	host_free(NULL);
}

// Routes of one prefix: table id and TOS descending, metric ascending, then as they came
// (fib_find_alias()).
static void test_order_in_prefix(void **state)
{
	(void)state;
	static const struct {
		uint32_t table, metric;
		uint8_t tos, type;
	} given[] = {
		{254, 0, 0, RTN_UNICAST},    {255, 50, 0, RTN_LOCAL},     {253, 0, 0, RTN_BLACKHOLE},
		{255, 10, 0, RTN_UNICAST},   {255, 10, 4, RTN_BROADCAST}, {254, 0, 16, RTN_THROW},
		{255, 10, 0, RTN_MULTICAST}, {10, 0, 0, RTN_PROHIBIT},    {255, 4000000000, 0, RTN_ANYCAST},
		{255, 90, 8, RTN_NAT},
	};
	static const uint8_t expected[] = {RTN_NAT,     RTN_BROADCAST, RTN_UNICAST, RTN_MULTICAST, RTN_LOCAL,
					   RTN_ANYCAST, RTN_THROW,     RTN_UNICAST, RTN_BLACKHOLE, RTN_PROHIBIT};
	struct host *h = made_host("");
	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		struct prefix p = made_prefix("10.0.0.0/8"), p6 = made_prefix("2001:db8::/32");
		struct route_info info = {
			.table = given[i].table, .metric = given[i].metric, .tos = given[i].tos, .type = given[i].type};
		assert_int_equal(host_add_route(h, &p, &info), 0);
		assert_int_equal(host_add_route(h, &p6, &info), 0);
	}
	host_sort(h);
	for (size_t i = 0; i < sizeof expected; i++) {
		assert_int_equal(host_info4(h, i)->type, expected[i]);
		assert_int_equal(host_info6(h, i)->type, expected[i]);
	}
	host_free(h);
}

static void test_order_of_prefixes(void **state)
{
	(void)state;
	static const char *const sorted[] = {"0.0.0.0/0", "0.0.0.0/1",   "10.0.0.0/8",  "10.0.0.0/24",    "10.0.0.0",
					     "10.0.0.1",  "10.1.0.0/16", "128.0.0.0/1", "255.255.255.255"};
	static const unsigned shuffled[] = {4, 8, 0, 6, 2, 7, 1, 5, 3};
	struct host *h = made_host("");
	for (size_t i = 0; i < sizeof shuffled / sizeof *shuffled; i++) {
		struct prefix p = made_prefix(sorted[shuffled[i]]);
		assert_int_equal(host_add_route(h, &p, &(struct route_info){.type = RTN_UNICAST, .table = 254}), 0);
	}
	host_sort(h);
	assert_int_equal(h->nroutes4, 9);
	for (size_t i = 0; i < h->nroutes4; i++) {
		char text[PREFIX_TEXT];
		struct prefix p = host_prefix4(h, i);
		assert_string_equal(prefix_print(&p, text), sorted[i]);
	}
	uint64_t lengths = 1u | 1u << 1 | 1u << 8 | 1u << 16 | 1u << 24 | UINT64_C(1) << 32;
	assert_true(h->lengths4 == lengths);
	assert_int_equal(h->infos4.used, 1); // what they share is kept once
	host_free(h);

	static const char *const sorted6[] = {"::/0",       "2001:db8::/32",   "2001:db8::/48",
					      "2001:db8::", "2001:db8:1::/48", "ff00::/8"};
	static const unsigned shuffled6[] = {5, 2, 4, 0, 3, 1};
	h = made_host("");
	for (size_t i = 0; i < sizeof shuffled6 / sizeof *shuffled6; i++) {
		struct prefix p = made_prefix(sorted6[shuffled6[i]]);
		assert_int_equal(host_add_route(h, &p, &(struct route_info){.type = RTN_UNICAST, .table = 254}), 0);
	}
	host_sort(h);
	for (size_t i = 0; i < h->nroutes6; i++) {
		char text[PREFIX_TEXT];
		struct prefix p = host_prefix6(h, i);
		assert_string_equal(prefix_print(&p, text), sorted6[i]);
	}
	host_free(h);
}

static void test_interning(void **state)
{
	(void)state;
	struct host *h = made_host("");
	struct prefix p = made_prefix("10.0.0.1");
	const struct route_info base = {.table = 254,
					.metric = 1,
					.oif = 2,
					.nhid = 3,
					.prefsrc = 7,
					.type = RTN_UNICAST,
					.tos = 4,
					.protocol = 5,
					.scope = 6,
					.flags = ROUTE_DEAD,
					.devices = 4,
					.rest = 8};
	enum { VARIANTS = 15 };
	struct route_info variants[VARIANTS];
	for (int i = 0; i < VARIANTS; i++)
		variants[i] = base;
	variants[1].table++;
	variants[2].metric++;
	variants[3].oif++;
	variants[4].nhid++;
	variants[5].type++;
	variants[6].tos++;
	variants[7].protocol++;
	variants[8].scope++;
	variants[9].flags++;
	variants[10].prefsrc++;
	variants[11].devices++;
	variants[12].rest++;
	variants[13].via = true;
	variants[14].several = true;
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < VARIANTS; i++)
			assert_int_equal(host_add_route(h, &p, &variants[i]), 0);
	assert_int_equal(h->nroutes4, 3 * VARIANTS);
	assert_int_equal(h->infos4.used, VARIANTS); // each field counts, and equal ones are one
	// What a link does to a route leaves it the same one; with several next hops that is the device found first,
	// too.
	for (int i = 0; i < VARIANTS; i++)
		assert_int_equal(route_info_same(&base, &variants[i]), i == 0 || i == 9 || i == 11);
	struct route_info other = variants[14];
	other.oif++;
	assert_true(route_info_same(&other, &variants[14]) && !route_info_equal(&other, &variants[14]));

	// Many different ones: the hash grows, and each route keeps its own.
	for (uint32_t i = 0; i < 5000; i++) {
		struct route_info info = {.table = 1000 + i % 50, .metric = i / 50, .type = RTN_LOCAL};
		struct prefix q = {.addr = addr_from_v4(0x0b000000 + i), .len = 32};
		assert_int_equal(host_add_route(h, &q, &info), 0);
		assert_int_equal(host_add_route(h, &q, &info), 0);
	}
	assert_int_equal(h->infos4.used, 5000 + VARIANTS);
	host_sort(h);
	for (size_t i = 0; i < h->nroutes4; i++) {
		if (h->routes4[i].dst < 0x0b000000)
			continue;
		uint32_t n = h->routes4[i].dst - 0x0b000000;
		assert_int_equal(host_info4(h, i)->table, 1000 + n % 50);
		assert_int_equal(host_info4(h, i)->metric, n / 50);
	}
	host_free(h);
}

// 200,000 routes in no order, and again in order: sorted right, stable, and small.
static void test_many(void **state)
{
	(void)state;
	enum { COUNT = 200000 };
	for (int round = 0; round < 2; round++) {
		struct host *h = made_host("");
		uint32_t seed = 12345;
		for (uint32_t i = 0; i < COUNT; i++) {
			seed = seed * 1664525 + 1013904223;
			uint32_t len = 8 + (seed >> 8) % 25, value = round ? i << 12 : seed;
			struct addr a = addr_from_v4(value);
			struct prefix p = {.addr = addr_masked(&a, round ? 20 : len),
					   .len = (uint8_t)(round ? 20 : len)};
			struct route_info info = {.table = 254, .metric = i % 7, .oif = i % 11, .type = RTN_UNICAST};
			assert_int_equal(host_add_route(h, &p, &info), 0);
		}
		host_sort(h);
		assert_int_equal(h->nroutes4, COUNT);
		assert_true(h->routes4_cap * sizeof *h->routes4 <= 2 * 8 * COUNT);
		assert_int_equal(h->infos4.used, 77);
		for (size_t i = 1; i < COUNT; i++) {
			const struct route4 *x = &h->routes4[i - 1], *y = &h->routes4[i];
			bool before = x->dst < y->dst || (x->dst == y->dst && x->len < y->len) ||
				      (x->dst == y->dst && x->len == y->len &&
				       host_info4(h, i - 1)->metric <= host_info4(h, i)->metric);
			if (!before)
				fail_msg("route %zu is out of order", i);
		}
		host_sort(h); // sorting again changes nothing
		host_free(h);
	}
}

static void test_stable(void **state)
{
	(void)state;
	enum { COUNT = 5000 };
	struct host *h = made_host("");
	for (uint32_t i = 0; i < COUNT; i++) { // equal in all that counts; the device tells them apart
		struct prefix p = {.addr = addr_from_v4(0x0a000000 + (i * 7919) % 13), .len = 32};
		struct prefix p6 = made_prefix("2001:db8::/64");
		p6.addr.bytes[15] = (uint8_t)((i * 7919) % 13);
		p6.len = 128;
		struct route_info info = {.table = 254, .oif = i, .type = RTN_UNICAST};
		assert_int_equal(host_add_route(h, &p, &info), 0);
		assert_int_equal(host_add_route(h, &p6, &info), 0);
	}
	host_sort(h);
	for (size_t i = 1; i < COUNT; i++) {
		if (h->routes4[i].dst == h->routes4[i - 1].dst)
			assert_true(host_info4(h, i - 1)->oif < host_info4(h, i)->oif);
		if (memcmp(&h->routes6[i].dst, &h->routes6[i - 1].dst, 16) == 0)
			assert_true(host_info6(h, i - 1)->oif < host_info6(h, i)->oif);
	}
	host_free(h);
}

static void test_clear(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; addr 192.0.2.1/24 dev v0; sock tcp4 0.0.0.0 80 listen");
	struct rule r = {.family = AF_INET, .priority = 100};
	assert_int_equal(host_add_rule(h, &r), 0);
	size_t routes4 = h->nroutes4, infos = h->infos4.used;
	assert_true(routes4 > 0 && h->nroutes6 > 0);

	host_clear_routes(h, AF_INET6);
	assert_int_equal(h->nroutes6, 0);
	assert_int_equal(h->nroutes4, routes4);
	assert_int_equal(h->infos6.used, 0);
	assert_int_equal(h->infos4.used, infos); // still in use
	host_clear_routes(h, AF_INET);
	assert_int_equal(h->nroutes4 + h->infos4.used, 0);
	struct prefix p = made_prefix("10.0.0.0/8");
	assert_int_equal(host_add_route(h, &p, &(struct route_info){.table = 7, .type = RTN_LOCAL}), 0);
	host_sort(h);
	assert_int_equal(host_info4(h, 0)->table, 7);
	assert_true(h->lengths4 == 1u << 8);

	host_clear_links(h);
	host_clear_addrs(h);
	host_clear_rules(h);
	assert_int_equal(h->nlinks + h->naddrs + h->nrules, 0);
	host_free(h);
}

static void test_copy(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; addr 192.0.2.1/24 dev v0; route local 10.9.0.0/16 dev lo table main;"
				   "sock tcp4 0.0.0.0 80 listen; sysctl net.ipv4.ip_nonlocal_bind=1");
	struct rule r = {.family = AF_INET, .priority = 100};
	assert_int_equal(host_add_rule(h, &r), 0);
	struct host *c = host_copy(h);
	assert_non_null(c);
	assert_ptr_not_equal(c->links, h->links);
	assert_ptr_not_equal(c->addrs, h->addrs);
	assert_ptr_not_equal(c->infos4.at, h->infos4.at);
	assert_ptr_not_equal(c->infos4.hash, h->infos4.hash);
	assert_ptr_not_equal(c->infos6.at, h->infos6.at);
	assert_ptr_not_equal(c->routes4, h->routes4);
	assert_ptr_not_equal(c->routes6, h->routes6);
	assert_ptr_not_equal(c->rules, h->rules);

	// A change of the copy does not show in the original, nor the reverse.
	size_t nlinks = h->nlinks, naddrs = h->naddrs, n4 = h->nroutes4, n6 = h->nroutes6, infos = h->infos4.used;
	for (uint32_t i = 0; i < 100; i++) {
		struct prefix p = {.addr = addr_from_v4(i << 8), .len = 24};
		struct prefix p6 = made_prefix("2001:db8::/64");
		struct link l = {.index = 100 + i};
		struct host_addr e = {.addr = addr_from_v4(i), .index = 1};
		struct route_info info = {.table = i, .type = RTN_LOCAL};
		assert_int_equal(host_add_route(c, &p, &info), 0);
		assert_int_equal(host_add_route(c, &p6, &info), 0);
		assert_int_equal(host_add_link(c, &l), 0);
		assert_int_equal(host_add_addr(c, &e), 0);
		assert_int_equal(host_add_rule(c, &r), 0);
	}
	c->links[0].name[0] = 'X';
	c->sysctl[SYSCTL_V4_NONLOCAL] = 0;
	host_sort(c);
	assert_int_equal(h->nlinks, nlinks);
	assert_int_equal(h->naddrs, naddrs);
	assert_int_equal(h->nroutes4, n4);
	assert_int_equal(h->nroutes6, n6);
	assert_int_equal(h->infos4.used, infos);
	assert_int_equal(h->nrules, 1);
	assert_non_null(host_link_named(h, "lo"));
	assert_int_equal(h->sysctl[SYSCTL_V4_NONLOCAL], 1);
	host_free(h);
	assert_int_equal(c->nlinks, nlinks + 100); // and it outlives the original
	assert_int_equal(host_link(c, 150)->index, 150);
	host_free(c);

	struct host *empty = host_new(), *twin = host_copy(empty);
	assert_non_null(twin);
	assert_int_equal(host_add_link(twin, &(struct link){.index = 5}), 0);
	assert_int_equal(host_add_route(twin, &(struct prefix){.addr = addr_from_v4(1), .len = 32},
					&(struct route_info){.type = RTN_LOCAL}),
			 0);
	host_free(twin);
	host_free(empty);
}

static void test_links(void **state)
{
	(void)state;
	struct host *h = made_host("");
	static const uint32_t shuffled[] = {7, 1, 300, 4, 2};
	for (size_t i = 0; i < 5; i++) {
		struct link l = {.index = shuffled[i]};
		snprintf(l.name, sizeof l.name, "eth%u", shuffled[i]);
		assert_int_equal(host_add_link(h, &l), 0);
	}
	host_sort(h);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(host_link(h, shuffled[i])->index, shuffled[i]);
	assert_null(host_link(h, 0));
	assert_null(host_link(h, 3));
	assert_null(host_link(h, 301));
	assert_int_equal(host_link_named(h, "eth300")->index, 300);
	assert_null(host_link_named(h, "eth3000"));
	char buf[16];
	assert_string_equal(host_link_name(h, 7, buf), "eth7");
	assert_string_equal(host_link_name(h, 4294967295u, buf), "4294967295");
	host_free(h);
}

static void test_vrf(void **state)
{
	(void)state;
	struct host *h = made_host("lo; vrf red 10; link d0 master red; link br0; link d1 master br0; link v0");
	uint32_t red = made_index(h, "red");
	assert_int_equal(host_vrf_of(h, red)->index, red); // a VRF is its own master
	assert_int_equal(host_vrf_of(h, made_index(h, "d0"))->index, red);
	assert_null(host_vrf_of(h, made_index(h, "d1"))); // a master that is no VRF
	assert_null(host_vrf_of(h, made_index(h, "v0")));
	assert_null(host_vrf_of(h, 0));
	assert_null(host_vrf_of(h, 999));
	struct link orphan = {.index = 50, .master = 999};
	assert_int_equal(host_add_link(h, &orphan), 0);
	host_sort(h);
	assert_null(host_vrf_of(h, 50));
	host_free(h);
}

static void test_addrs(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; link v1; addr fe80::1/64 dev v1; addr 10.0.0.9/8 dev v0;"
				   "addr fe80::1/64 dev v0; addr 10.0.0.2/8 dev v1; addr fe80::1/64 dev lo");
	struct addr a = made_addr("fe80::1"), b = made_addr("10.0.0.2"), c = made_addr("10.0.0.3");
	size_t i = host_find_addr(h, &a);
	for (uint32_t n = 0; n < 3; n++) { // all of them, by interface
		assert_true(addr_equal(&h->addrs[i + n].addr, &a));
		assert_int_equal(h->addrs[i + n].index, n + 1);
	}
	assert_true(i + 3 == h->naddrs || !addr_equal(&h->addrs[i + 3].addr, &a));
	assert_int_equal(h->addrs[host_find_addr(h, &b)].index, 3);
	assert_int_equal(host_find_addr(h, &c), h->naddrs);
	for (size_t n = 1; n < h->naddrs; n++)
		assert_true(addr_compare(&h->addrs[n - 1].addr, &h->addrs[n].addr) <= 0); // IPv4 first
	host_free(h);
}

// A kernel before 5.11 looks at the device's own switch only.
static void test_as_kernel(void **state)
{
	(void)state;
	static const struct {
		const char *link, *route, *kernel;
		bool dead;
	} cases[] = {
		{"link v0", "dead linkdown", "5.10.223", false},        {"link v0", "dead linkdown", "5.11.0", true},
		{"link v0 ignores", "dead linkdown", "5.10.223", true}, {"link v0", "dead", "5.10.223", true},
		{"link v0 down", "dead linkdown", "5.10.223", true},    {"link v0", "linkdown", "5.10.223", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char script[128];
		struct kernel k;
		snprintf(script, sizeof script, "%s; route 10.0.0.0/8 dev v0 %s", cases[i].link, cases[i].route);
		struct host *h = made_host(script);
		assert_int_equal(kernel_parse(cases[i].kernel, &k), 0);
		host_as_kernel(h, &k);
		assert_string_equal(h->kernel.release, cases[i].kernel);
		assert_int_equal(host_info4(h, 0)->flags & ROUTE_DEAD, cases[i].dead ? ROUTE_DEAD : 0);
		// On such a kernel itself nothing changes.
		h->infos4.at[0].info.flags = ROUTE_DEAD | ROUTE_LINKDOWN;
		host_as_kernel(h, &h->kernel);
		if (!kernel_has(&k, TRAIT_LINKDOWN_ALL))
			assert_int_equal(host_info4(h, 0)->flags, ROUTE_DEAD | ROUTE_LINKDOWN);
		host_free(h);
	}
}

static void test_altnames(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; link v1; altname v1 other; altname v0 enp0s31f6; altname v1 third");
	struct host *c = host_copy(h);
	assert_string_equal(host_link_named(h, "enp0s31f6")->name, "v0");
	assert_string_equal(host_link_named(h, "third")->name, "v1");
	assert_string_equal(host_link_named(h, "v1")->name, "v1");
	assert_null(host_link_named(h, "thir"));
	host_clear_links(h);
	assert_null(host_link_named(h, "third"));
	assert_string_equal(host_link_named(c, "third")->name, "v1");
	host_free(h);
	host_free(c);
}

static void test_rules(void **state)
{
	(void)state;
	struct host *h = made_host("");
	static const struct rule given[] = {{.family = AF_INET6, .priority = 0},
					    {.family = AF_INET, .priority = 32766},
					    {.family = AF_INET, .priority = 0},
					    {.family = AF_INET, .priority = 100}};
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(host_add_rule(h, &given[i]), 0);
	// Equal ones stay in the order they came in.
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(
			host_add_rule(h, &(struct rule){.family = AF_INET, .priority = 200 - i % 3, .mark = i}), 0);
	host_sort(h);
	assert_int_equal(h->rules[0].priority, 0);
	assert_int_equal(h->rules[1].priority, 100);
	assert_int_equal(h->rules[102].priority, 32766);
	assert_int_equal(h->rules[103].family, AF_INET6);
	for (size_t i = 3; i < 102; i++)
		assert_true(h->rules[i].priority != h->rules[i - 1].priority ||
			    h->rules[i].mark > h->rules[i - 1].mark);
	host_free(h);
}

static void test_names(void **state)
{
	(void)state;
	char buf[12];
	assert_string_equal(table_name(255, buf), "local");
	assert_string_equal(table_name(254, buf), "main");
	assert_string_equal(table_name(253, buf), "default");
	assert_string_equal(table_name(0, buf), "0");
	assert_string_equal(table_name(4294967295u, buf), "4294967295");

	// The numbers of the kernel's user API.
	static const char *const names[] = {"none",      "unicast",     "local",    "broadcast", "anycast", "multicast",
					    "blackhole", "unreachable", "prohibit", "throw",     "nat",     "xresolve"};
	static const char *const symbols[] = {"RTN_UNSPEC",   "RTN_UNICAST",   "RTN_LOCAL",     "RTN_BROADCAST",
					      "RTN_ANYCAST",  "RTN_MULTICAST", "RTN_BLACKHOLE", "RTN_UNREACHABLE",
					      "RTN_PROHIBIT", "RTN_THROW",     "RTN_NAT",       "RTN_XRESOLVE"};
	for (unsigned i = 0; i < 12; i++) {
		assert_string_equal(rtn_name(i), names[i]);
		assert_string_equal(rtn_symbol(i), symbols[i]);
	}
	assert_string_equal(rtn_name(12), "?");
	assert_string_equal(rtn_symbol(255), "RTN_?");

	struct route_info info = {.type = RTN_LOCAL, .protocol = RTPROT_BOOT};
	assert_true(route_is_anyip(&info, 24, AF_INET) && route_is_anyip(&info, 64, AF_INET6));
	assert_false(route_is_anyip(&info, 32, AF_INET));
	assert_false(route_is_anyip(&info, 128, AF_INET6));
	assert_true(route_is_anyip(&info, 32, AF_INET6));
	info.protocol = RTPROT_KERNEL;
	assert_false(route_is_anyip(&info, 8, AF_INET));
	info = (struct route_info){.type = RTN_UNICAST, .protocol = RTPROT_BOOT};
	assert_false(route_is_anyip(&info, 8, AF_INET));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fresh),
		cmocka_unit_test(test_order_in_prefix),
		cmocka_unit_test(test_order_of_prefixes),
		cmocka_unit_test(test_interning),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_stable),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_vrf),
		cmocka_unit_test(test_addrs),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_as_kernel),
		cmocka_unit_test(test_altnames),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
