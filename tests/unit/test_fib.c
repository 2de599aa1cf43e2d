// SPDX-License-Identifier: GPL-3.0-or-later
// The IPv4 lookup: which route wins, what it returns, and when tables share a trie.
#include <errno.h>

#include "core/model/fib.h"
#include "core/model/rt_names.h"
#include "tests/unit/made_host.h"

struct lookup {
	const char *host, *addr;
	int err;
	const char *route; // "TYPE PREFIX" of the winner, NULL for none
	uint32_t table;
};

static void check(const struct lookup *c, uint32_t table)
{
	char text[PREFIX_TEXT], got[96] = "none";
	struct host *h = made_host(c->host);
	struct addr a = made_addr(c->addr);
	struct fib_result r = fib_lookup4(h, table, addr_v4(&a));
	if (r.found) {
		struct prefix p = host_prefix4(h, r.route);
		snprintf(got, sizeof got, "%s %s", rtn_name(r.type), prefix_print(&p, text));
		assert_int_equal(r.type, host_info4(h, r.route)->type);
		assert_int_equal(r.table, host_info4(h, r.route)->table);
	}
	if (r.err != c->err || strcmp(got, c->route ? c->route : "none") != 0 || (c->route && r.table != c->table))
		fail_msg("%s in [%s]: %d %s of table %u", c->addr, c->host, r.err, got, r.table);
	host_free(h);
}

static void test_longest_prefix(void **state)
{
	(void)state;
	static const char routes[] = "split; route local default table local; route local 10.0.0.0/8 table local;"
				     "route broadcast 10.1.0.0/16 table local; route local 10.1.1.1/32 table local";
	static const struct lookup cases[] = {
		{routes, "10.1.1.1", 0, "local 10.1.1.1", 255},
		{routes, "10.1.1.2", 0, "broadcast 10.1.0.0/16", 255},
		{routes, "10.1.255.255", 0, "broadcast 10.1.0.0/16", 255},
		{routes, "10.2.0.0", 0, "local 10.0.0.0/8", 255},
		{routes, "9.255.255.255", 0, "local 0.0.0.0/0", 255},
		{routes, "0.0.0.0", 0, "local 0.0.0.0/0", 255},
		{routes, "255.255.255.255", 0, "local 0.0.0.0/0", 255},
		{"split; route local 10.0.0.0/9 table local", "10.128.0.0", -EAGAIN, NULL, 0},
		{"split", "10.0.0.1", -EAGAIN, NULL, 0},
		{"", "10.0.0.1", -EAGAIN, NULL, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i], RT_TABLE_LOCAL);
}

// What each route type makes of the lookup.
static void test_types(void **state)
{
	(void)state;
	static const struct lookup cases[] = {
		{"split; route local 10.0.0.1 table local", "10.0.0.1", 0, "local 10.0.0.1", 255},
		{"split; route broadcast 10.0.0.1 table local", "10.0.0.1", 0, "broadcast 10.0.0.1", 255},
		{"split; route multicast 10.0.0.1 table local", "10.0.0.1", 0, "multicast 10.0.0.1", 255},
		{"split; route anycast 10.0.0.1 table local", "10.0.0.1", 0, "anycast 10.0.0.1", 255},
		{"split; route unicast 10.0.0.1 table local", "10.0.0.1", 0, "unicast 10.0.0.1", 255},
		{"split; route blackhole 10.0.0.1 table local", "10.0.0.1", -EINVAL, "blackhole 10.0.0.1", 255},
		{"split; route unreachable 10.0.0.1 table local", "10.0.0.1", -EHOSTUNREACH, "unreachable 10.0.0.1",
		 255},
		{"split; route prohibit 10.0.0.1 table local", "10.0.0.1", -EACCES, "prohibit 10.0.0.1", 255},
		// A throw ends the lookup: it does not fall back to a shorter prefix.
		{"split; route local 10.0.0.0/8 table local; route throw 10.0.0.1 table local", "10.0.0.1", -EAGAIN,
		 "throw 10.0.0.1", 255},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i], RT_TABLE_LOCAL);
}

static void test_order_and_skips(void **state)
{
	(void)state;
	static const struct lookup cases[] = {
		// metric
		{"split; route unicast 10.1.0.3 metric 10 table local; route local 10.1.0.3 metric 20 table local",
		 "10.1.0.3", 0, "unicast 10.1.0.3", 255},
		{"split; route unicast 10.1.0.3 metric 20 table local; route local 10.1.0.3 metric 10 table local",
		 "10.1.0.3", 0, "local 10.1.0.3", 255},
		// insertion order when all is equal
		{"split; route unicast 10.1.0.3 table local; route local 10.1.0.3 table local", "10.1.0.3", 0,
		 "unicast 10.1.0.3", 255},
		// a TOS is never the flow's, which is 0: next route, next prefix
		{"split; route unicast 10.1.0.3 tos 8 table local; route local 10.1.0.3 table local", "10.1.0.3", 0,
		 "local 10.1.0.3", 255},
		{"split; route local 10.0.0.0/8 table local; route blackhole 10.1.0.3 tos 4 table local", "10.1.0.3", 0,
		 "local 10.0.0.0/8", 255},
		{"split; route local 10.1.0.3 tos 4 table local", "10.1.0.3", -EAGAIN, NULL, 0},
		// a dead route: the next of the list, then a shorter prefix
		{"split; route unicast 10.1.0.3 dead table local; route local 10.1.0.3 metric 5 table local",
		 "10.1.0.3", 0, "local 10.1.0.3", 255},
		{"split; route local 10.0.0.0/8 table local; route unicast 10.1.0.3 dead table local", "10.1.0.3", 0,
		 "local 10.0.0.0/8", 255},
		// a next hop object without a usable path: the rest of this prefix is not tried
		{"split; route local 10.0.0.0/8 table local; route unicast 10.1.0.3 dead nhid 7 table local;"
		 "route blackhole 10.1.0.3 metric 5 table local",
		 "10.1.0.3", 0, "local 10.0.0.0/8", 255},
		{"split; route unicast 10.1.0.3 dead nhid 7 table local; route local 10.1.0.3 metric 5 table local",
		 "10.1.0.3", -EAGAIN, NULL, 0},
		{"split; route unicast 10.1.0.3 nhid 7 table local; route local 10.1.0.3 metric 5 table local",
		 "10.1.0.3", 0, "unicast 10.1.0.3", 255},
		// an error type ends the lookup before any look at next hops
		{"split; route local 10.0.0.0/8 table local; route blackhole 10.1.0.3 dead table local", "10.1.0.3",
		 -EINVAL, "blackhole 10.1.0.3", 255},
		{"split; route local 10.0.0.0/8 table local; route prohibit 10.1.0.3 dead nhid 7 table local",
		 "10.1.0.3", -EACCES, "prohibit 10.1.0.3", 255},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i], RT_TABLE_LOCAL);
}

// Local and main in one trie, and apart.
static void test_tries(void **state)
{
	(void)state;
	static const struct lookup cases[] = {
		{"tables; route local 10.9.0.0/16 table main", "10.9.1.1", 0, "local 10.9.0.0/16", 254},
		{"tables; split; route local 10.9.0.0/16 table main", "10.9.1.1", -EAGAIN, NULL, 0},
		// a longer prefix of main wins over a shorter one of local
		{"tables; route local 10.8.0.0/16 table local; route blackhole 10.8.1.1 table main", "10.8.1.1",
		 -EINVAL, "blackhole 10.8.1.1", 254},
		{"tables; split; route local 10.8.0.0/16 table local; route blackhole 10.8.1.1 table main", "10.8.1.1",
		 0, "local 10.8.0.0/16", 255},
		// of equal length, local's wins, whatever the metrics
		{"tables; route unicast 10.8.1.1 table main; route local 10.8.1.1 metric 4000000 table local",
		 "10.8.1.1", 0, "local 10.8.1.1", 255},
		{"tables; route blackhole 10.1.0.6 metric 4000000 table local; route local 10.1.0.6 table main",
		 "10.1.0.6", -EINVAL, "blackhole 10.1.0.6", 255},
		// other tables are never in it
		{"tables; route local 10.9.0.0/16 table 253; route local 10.8.0.0/16 table 10", "10.9.1.1", -EAGAIN,
		 NULL, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i], RT_TABLE_LOCAL);

	static const struct lookup in_main = {"tables; route local 10.9.0.0/16 table local", "10.9.1.1", 0,
					      "local 10.9.0.0/16", 255};
	check(&in_main, RT_TABLE_MAIN); // shared means in both directions
	static const struct lookup in_vrf = {
		"tables; route local 10.9.0.0/16 table 10; route unicast 10.9.1.1 table main", "10.9.1.1", 0,
		"local 10.9.0.0/16", 10};
	check(&in_vrf, 10);
	static const struct lookup not_vrf = {"tables; route local 10.9.0.0/16 table main", "10.9.1.1", -EAGAIN, NULL,
					      0};
	check(&not_vrf, 10);
	static const struct lookup unknown = {"tables; route local 10.9.0.0/16 table main", "10.9.1.1", -EAGAIN, NULL,
					      0};
	struct host *h = made_host(unknown.host);
	h->trie = TRIE_UNKNOWN; // as split
	assert_int_equal(fib_lookup4(h, RT_TABLE_LOCAL, 0x0a090101).err, -EAGAIN);
	host_free(h);
}

static void test_table_exists(void **state)
{
	(void)state;
	struct host *h = made_host("");
	assert_int_equal(fib_table_exists(h, RT_TABLE_LOCAL), NO);
	assert_int_equal(fib_table_exists(h, RT_TABLE_MAIN), NO);
	assert_int_equal(fib_table_exists(h, 10), YES);
	h->has_main4 = YES;
	h->has_local4 = UNKNOWN;
	assert_int_equal(fib_table_exists(h, RT_TABLE_LOCAL), UNKNOWN);
	assert_int_equal(fib_table_exists(h, RT_TABLE_MAIN), YES);
	host_free(h);
}

static void test_hidden(void **state)
{
	(void)state;
	struct host *h = made_host("tables; route local 10.0.0.0/8 table main; route local 10.8.0.0/16 table local;"
				   "route local 10.8.8.0/24 tos 4 table local; route unicast 10.8.8.0/25 table local;"
				   "route blackhole 10.8.8.8 table main; route local default table 10");
	const uint32_t dst = 0x0a080808;
	size_t route = 99;
	assert_true(
		fib_hidden_local(h, RT_TABLE_LOCAL, dst, 32, &route)); // the next shorter one that is local and counts
	assert_int_equal(h->routes4[route].len, 16);
	assert_true(fib_hidden_local(h, RT_TABLE_LOCAL, dst, 16, &route));
	assert_int_equal(h->routes4[route].len, 8);
	assert_false(fib_hidden_local(h, RT_TABLE_LOCAL, dst, 8, &route));
	assert_true(fib_hidden_local(h, 10, dst, 32, &route)); // a default route has length 0
	assert_int_equal(h->routes4[route].len, 0);
	assert_false(fib_hidden_local(h, 10, dst, 0, &route));
	assert_false(fib_hidden_local(h, RT_TABLE_LOCAL, 0x0b000001, 32, &route));
	h->trie = TRIE_SPLIT;
	assert_false(fib_hidden_local(h, RT_TABLE_LOCAL, dst, 16, &route));
	host_free(h);
}

// Every lookup over random routes, against the plain rule: the best of all routes that count.
static void test_against_scan(void **state)
{
	(void)state;
	uint32_t seed = 4711;
#define RANDOM(n) ((seed = seed * 1664525 + 1013904223) >> 16) % (n)
	for (int round = 0; round < 60; round++) {
		struct host *h = made_host("tables");
		h->trie = round % 2 ? TRIE_MERGED : TRIE_SPLIT;
		for (int i = 0; i < 40; i++) {
			static const uint8_t lens[] = {0, 24, 28, 30, 31, 32};
			static const uint32_t tables[] = {255, 254, 10};
			struct addr a = addr_from_v4(0x0a000000 + RANDOM(64));
			uint8_t len = lens[RANDOM(6)];
			struct prefix p = {.addr = addr_masked(&a, len), .len = len};
			struct route_info info = {.table = tables[RANDOM(3)]};
			info.metric = RANDOM(3);
			info.tos = RANDOM(5) ? 0 : 8;
			info.type = (uint8_t)(1 + RANDOM(9));
			info.flags = RANDOM(4) ? 0 : ROUTE_DEAD;
			assert_int_equal(host_add_route(h, &p, &info), 0);
		}
		host_sort(h);
		for (uint32_t dst = 0x0a000000; dst < 0x0a000050; dst++) {
			struct addr a = addr_from_v4(dst);
			size_t best = h->nroutes4;
			for (size_t i = 0; i < h->nroutes4; i++) {
				const struct route_info *n = host_info4(h, i);
				struct prefix p = host_prefix4(h, i);
				bool counts = n->table == 255 || (n->table == 254 && h->trie == TRIE_MERGED);
				bool usable = !(n->flags & ROUTE_DEAD) || n->type >= RTN_BLACKHOLE;
				if (!counts || n->tos || !usable || !prefix_covers(&p, &a))
					continue;
				const struct route_info *o = best < h->nroutes4 ? host_info4(h, best) : NULL;
				if (!o || p.len > h->routes4[best].len ||
				    (p.len == h->routes4[best].len &&
				     (n->table > o->table || (n->table == o->table && n->metric < o->metric))))
					best = i;
			}
			struct fib_result r = fib_lookup4(h, 255, dst);
			assert_int_equal(r.found, best < h->nroutes4);
			if (r.found)
				assert_int_equal(r.route, best);
		}
		host_free(h);
	}
}

static void test_lookup6(void **state)
{
	(void)state;
	struct host *h = made_host("route local 2001:db8::/32 table local; route anycast 2001:db8:1::/64 table local;"
				   "route unicast 2001:db8:1::1 table main; route local 2001:db8:1::2 table local;"
				   "route unicast 2001:db8:1::2 table 10");
	static const struct {
		const char *addr;
		int len; // -1 for none
	} cases[] = {
		{"2001:db8:1::2", 128}, {"2001:db8:1::1", 64}, {"2001:db8:2::1", 32}, {"2001:db9::1", -1}, {"::", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct addr a = made_addr(cases[i].addr);
		size_t route = 0;
		assert_int_equal(fib_lookup6(h, &a, &route), cases[i].len >= 0);
		if (cases[i].len >= 0) {
			assert_int_equal(host_prefix6(h, route).len, cases[i].len);
			assert_int_equal(host_info6(h, route)->table, RT_TABLE_LOCAL);
		}
	}
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_longest_prefix),  cmocka_unit_test(test_types),
		cmocka_unit_test(test_order_and_skips), cmocka_unit_test(test_tries),
		cmocka_unit_test(test_table_exists),    cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_against_scan),    cmocka_unit_test(test_lookup6),
	};
	return cmocka_run_group_tests_name("fib", tests, NULL, NULL);
}
