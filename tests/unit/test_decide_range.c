// SPDX-License-Identifier: GPL-3.0-or-later
// How far a verdict holds, held against the verdict of every address around.
#include "core/model/decide_range.h"
#include "core/model/walk_conclude.h"
#include "tests/unit/made_walk.h"

enum { BLOCK = 16384, SAMPLES = 400 }; // addresses of 10.9.0.0/18; how many of them are asked for

struct verdict {
	uint8_t err;
	uint8_t code;
	uint16_t finding;
};

static struct verdict verdict(const struct host *h, const struct attempt *a)
{
	struct walk w;
	decide(made_facts(h), a, &w);
	return (struct verdict){(uint8_t)w.predicted.err, (uint8_t)w.code, (uint16_t)w.steps[w.decisive].finding};
}

static bool same(struct verdict x, struct verdict y)
{
	return x.err == y.err && x.code == y.code && x.finding == y.finding;
}

static struct addr address(bool mapped, uint32_t v4)
{
	struct addr a = addr_from_v4(v4), m = made_addr("::ffff:0.0.0.0");
	if (!mapped)
		return a;
	memcpy(m.bytes + 12, a.bytes, 4);
	return m;
}

static uint32_t noise(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8 ^ *seed << 13;
}

// Every block that is named has one verdict; `exact`: and the next larger one has not.
static void check18(const char *script, const char *bind, bool exact)
{
	static struct verdict all[BLOCK];
	const uint32_t base = 0x0a090000;
	struct host *h = made_host(script);
	struct attempt a = made_attempt(h, bind);
	bool mapped = a.family == AF_INET6;
	uint32_t seed = 1;
	for (uint32_t i = 0; i < BLOCK; i++) {
		a.addr = address(mapped, base + i);
		all[i] = verdict(h, &a);
	}
	for (unsigned n = 0; n < SAMPLES; n++) {
		uint32_t i = n < 300 ? n : noise(&seed) % BLOCK;
		struct walk w;
		char text[PREFIX_TEXT];
		a.addr = address(mapped, base + i);
		decide(made_facts(h), &a, &w);
		decide_range(made_facts(h), &w);
		assert_int_equal(w.holds_for.addr.family, a.addr.family);
		assert_true(prefix_covers(&w.holds_for, &a.addr));
		prefix_print(&w.holds_for, text);
		unsigned len = w.holds_for.len - (mapped ? 96u : 0);
		uint32_t mask = len ? ~UINT32_C(0) << (32 - len) : 0;
		uint32_t first = (base + i) & mask, last = first | ~mask;
		for (uint32_t j = first > base ? first - base : 0; j < BLOCK && base + j <= last; j++)
			if (!same(all[j], all[i]))
				fail_msg("%s on [%s] at +%u: %s, but +%u differs", bind, script, i, text, j);
		for (int k = 0; k < 30; k++) { // what lies beyond the block that we have
			a.addr = address(mapped, first | (noise(&seed) & ~mask));
			if (!same(verdict(h, &a), all[i]))
				fail_msg("%s on [%s] at +%u: %s, but %08x differs", bind, script, i, text,
					 addr_v4(&a.addr));
		}
		if (exact && len > 18) {
			uint32_t wide = mask << 1, start = ((base + i) & wide) - base;
			bool differs = false;
			for (uint32_t j = start; j <= (start | ~wide) && j < BLOCK; j++)
				differs = differs || !same(all[j], all[i]);
			if (!differs)
				fail_msg("%s on [%s] at +%u: %s could be larger", bind, script, i, text);
		}
	}
	host_free(h);
}

static void test_exact(void **state)
{
	(void)state;
	static const char routes[] =
		"lo; link v0; split; route local 10.9.0.0/24 dev lo; route blackhole 10.9.0.64/26 table local;"
		"route broadcast 10.9.0.255 table local; route local 10.9.32.0/19 dev lo;"
		"route unicast 10.9.48.0/22 table local; route multicast 10.9.4.0/23 table local;"
		"route local 10.9.19.1 dev lo";
	check18(routes, "tcp4 10.9.0.0 0", true);
	check18(routes, "udp6 ::ffff:10.9.0.0 0", true);
	check18(routes, "raw4 10.9.0.0 0", true);
	// What other tables hold, and what is never taken, cuts nothing.
	check18("lo; split; route local 10.9.3.0/24 dev lo; route local 10.9.50.0/24 table 10; route unicast 10.9.60.0/24;"
		"route local 10.9.30.0/24 tos 4 table local",
		"tcp4 10.9.0.0 0", true);
	check18("lo; vrf red 10; route local 10.9.3.0/24 table 10; route local 10.9.50.0/24 table local",
		"tcp4 10.9.0.0 0 dev=red", true);
	check18("lo; route local 10.9.3.0/24 table main; route blackhole 10.9.3.128/30 table local", "tcp4 10.9.0.0 0",
		true);
}

static void test_sound(void **state)
{
	(void)state;
	static const char routes[] =
		"lo; link v0; route local 10.9.0.0/24 dev lo; route unicast 10.9.0.32/27 dev v0;"
		"route prohibit 10.9.0.64/26 table local; route unicast default; route throw 10.9.1.0/30 table main;"
		"route anycast 10.9.2.0/25 table local; route unicast 10.8.0.0/15 dev v0";
	static const char *const binds[] = {"tcp4 10.9.0.0 0",
					    "tcp4 10.9.0.0 0 freebind",
					    "udp4 10.9.0.0 0 transparent",
					    "ping4 10.9.0.0 0",
					    "raw4 10.9.0.0 0 freebind",
					    "sctp4 10.9.0.0 0",
					    "tcp6 ::ffff:10.9.0.0 0 freebind"};
	for (size_t i = 0; i < sizeof binds / sizeof *binds; i++)
		check18(routes, binds[i], false);
	check18("", binds[0], false);
	check18("tables", binds[1], false);
	// Addresses that no route of this table stands for: their verdict has a reason of its own.
	check18("tables; link v0; vrf red 10; link d0 master red; addr 10.9.0.7/24 dev d0; addr 10.9.0.200/24 dev d0",
		"tcp4 10.9.0.0 0", false);
}

static void test_addresses_without_routes(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; addr 10.9.0.7/24 dev v0");
	struct walk w;
	host_clear_routes(h, AF_INET); // ip route flush table local
	host_sort(h);
	for (int n = 0; n < 16; n++) {
		struct attempt a = made_attempt(h, "tcp4 10.9.0.0 0");
		a.addr = addr_from_v4(0x0a090000u + (unsigned)n);
		decide(made_facts(h), &a, &w);
		decide_range(made_facts(h), &w);
		struct addr seven = made_addr("10.9.0.7");
		assert_int_equal(prefix_covers(&w.holds_for, &seven), n == 7);
		assert_int_equal(w.holds_for.len == 32, n == 7 || n == 6);
	}
	host_free(h);
}

struct named {
	const char *host, *bind, *holds_for; // NULL: no range
};

static void test_named(void **state)
{
	(void)state;
#define NET6 "lo; link v0; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v0; route local 2001:db8:2::/64 dev lo;"
	static const struct named cases[] = {
		{"lo; route local 192.168.123.0/24 dev lo", "tcp4 192.168.123.123 0", "192.168.123.0/24"},
		{"lo", "tcp4 127.0.0.1 0", "127.0.0.1"},
		{"lo", "tcp4 127.9.9.9 0", "127.8.0.0/13"},
		{"lo", "tcp4 198.51.100.1 0", "192.0.0.0/3"},
		{"lo", "tcp4 0.0.0.0 0", "0.0.0.0"},
		{"lo", "tcp4 255.255.255.255 0", "255.255.255.255"},
		{"lo", "udp4 224.0.0.1 0", "224.0.0.0/4"},
		{"", "tcp4 8.8.8.8 0", "8.0.0.0/5"},
		{"lo", "tcp6 ::ffff:224.0.0.1 0", "::ffff:224.0.0.0/100"},
		{NET6, "tcp6 :: 0", "::"},
		{NET6, "tcp6 ::1 0", "::1"},
		{NET6, "tcp6 2001:db8::1 0", "2001:db8::1"},
		{NET6, "tcp6 2001:db8::2 0", "2001:db8::2/127"},
		{NET6, "tcp6 2001:db8:2::9 0", "2001:db8:2::/64"},
		{NET6, "tcp6 4001::1 0", "4000::/2"},
		{NET6, "tcp6 fe80::1 0 scope=v0", "fe80::1"},
		{NET6, "tcp6 fe80:1::1 0 scope=v0 freebind", "fe80::/10"},
		{NET6, "tcp6 2001:db8::2 0 freebind", "2000::/3"}, // the list is not asked
		// multicast of a scope that needs a device is another matter
		{NET6, "udp6 ff0e::1 0", "ff08::/13"},
		{NET6, "udp6 ff05::1 0", "ff04::/14"},
		{NET6, "udp6 ff03::1 0", "ff03::/16"},
		{NET6, "udp6 ff00::1 0", "ff00::/16"},
		{NET6, "udp6 ff02::1 0 scope=v0", "ff02::/16"},
		// what does not rest on the address
		{"lo", "tcp4 127.0.0.1 80 uid=1000", NULL},
		{"lo", "tcp4 127.0.0.1 0 len=3", NULL},
		{"lo", "tcp4 127.0.0.1 0 twice", NULL},
		{"lo", "tcp4 127.0.0.1 0 freebind6", NULL},
		{NET6, "tcp6 fe80::1 0", NULL},
		{NET6, "tcp6 ff02::1 0", NULL},
		{"link lo; tables; unread", "tcp4 10.0.0.1 0", NULL},
		{"link lo; tables; unread", "tcp6 ::ffff:10.0.0.1 0", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		char text[PREFIX_TEXT] = "none";
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		decide_range(made_facts(h), &w);
		if (w.holds_for.addr.family)
			prefix_print(&w.holds_for, text);
		if (strcmp(text, cases[i].holds_for ? cases[i].holds_for : "none") != 0)
			fail_msg("%s on [%s]: %s", cases[i].bind, cases[i].host, text);
		host_free(h);
	}
}

// Another address of the range may be held.
static void test_holders(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind, *holds_for;
	} cases[] = {
		{"lo; ports tcp", "tcp4 127.9.0.1 80", "127.8.0.0/13"},
		{"lo; sock tcp4 127.9.9.9 80", "tcp4 127.9.0.1 80", "127.9.0.0/21"},
		{"lo; sock tcp6 ::ffff:127.9.9.9 80", "tcp4 127.9.0.1 80", "127.9.0.0/21"},
		{"lo; sock tcp4 127.9.9.9 80", "tcp6 ::ffff:127.9.0.1 80", "::ffff:127.9.0.0/117"},
		{"lo; sock tcp4 127.9.9.9 81", "tcp4 127.9.0.1 80", "127.8.0.0/13"},
		{"lo; sock udp4 127.9.9.9 80", "tcp4 127.9.0.1 80", NULL}, // who holds the port of TCP was not asked
		{"lo; sock tcp4 127.9.9.9 80 reuse", "tcp4 127.9.0.1 80 reuseaddr", "127.8.0.0/13"}, // shared
		{"lo; sock tcp4 0.0.0.0 80 reuse; sock tcp4 127.9.9.9 80", "tcp4 127.9.0.1 80 reuseaddr",
		 "127.9.0.0/21"},
		// refused for its address: whoever has the port
		{"lo; sock tcp4 9.9.9.9 80", "tcp4 9.9.9.1 80", "8.0.0.0/5"},
		{"lo; sock udp6 2001:db8::1 80", "udp4 127.0.0.5 80", "127.0.0.4/31"}, // as 127.0.0.6 it is known
		{"lo; ports udp", "udp4 127.0.0.5 80", "127.0.0.4/30"},
		// of the ports that the kernel chooses from
		{"lo; sysctl net.ipv4.ip_local_port_range=50000 50000; sock tcp4 127.9.9.9 50000", "tcp4 127.9.0.1 0",
		 "127.9.0.0/21"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		char text[PREFIX_TEXT] = "none";
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		decide_range(made_facts(h), &w);
		if (w.holds_for.addr.family)
			prefix_print(&w.holds_for, text);
		if (strcmp(text, cases[i].holds_for ? cases[i].holds_for : "none") != 0)
			fail_msg("%s on [%s]: %s", cases[i].bind, cases[i].host, text);
		host_free(h);
	}
}

// A verdict that is not the model's has no range, in whichever order it was found out.
static void test_not_the_models(void **state)
{
	(void)state;
	for (int late = 0; late < 2; late++) {
		for (int err = EPERM; err <= EADDRNOTAVAIL; err += EADDRNOTAVAIL - EPERM) {
			struct host *h;
			struct walk w;
			made_decide("lo", "tcp4 127.0.0.1 0", &h, &w);
			if (!late)
				decide_range(made_facts(h), &w);
			assert_int_equal(w.holds_for.len, late ? 0 : 32);
			walk_observe(&w, CALL_BIND, err, NULL, 0, 0);
			walk_conclude(&w);
			if (late)
				decide_range(made_facts(h), &w);
			assert_int_equal(w.holds_for.addr.family, 0);
			host_free(h);
		}
	}
}

// IPv6: random addresses of the named block, and of all of IPv6, have the verdict they should.
static void test_sound6(void **state)
{
	(void)state;
	static const char *const binds[] = {"udp6 :: 0",           "udp6 :: 0 freebind", "udp6 :: 0 scope=v0",
					    "ping6 :: 0 freebind", "raw6 :: 0 dev=v0",   "tcp6 :: 0 dev=v0",
					    "sctp6 :: 0"};
	static const char *const starts[] = {
		"::",      "::1",     "::2",     "2001:db8::1", "2001:db8::8", "2001:db8:2::1", "fe80::1", "fe80::2",
		"fec0::1", "fd00::1", "ff00::1", "ff02::1",     "ff05::1",     "ff0e::1",       "ff31::1", "ffff::1"};
	struct host *h =
		made_host(NET6 "route anycast 2001:db8:: table local; route unicast 2001:db8:4::/46 table main");
	uint32_t seed = 7;
	for (size_t b = 0; b < sizeof binds / sizeof *binds; b++) {
		struct attempt a = made_attempt(h, binds[b]);
		for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
			struct walk w;
			char text[PREFIX_TEXT];
			a.addr = made_addr(starts[i]);
			struct verdict wanted = verdict(h, &a);
			decide(made_facts(h), &a, &w);
			decide_range(made_facts(h), &w);
			if (!w.holds_for.addr.family)
				continue;
			assert_true(prefix_covers(&w.holds_for, &a.addr));
			prefix_print(&w.holds_for, text);
			for (int k = 0; k < 300; k++) {
				struct addr other = made_addr(starts[k % 16]);
				for (int n = 0; n < 16; n++)
					if (noise(&seed) % 3 == 0)
						other.bytes[n] = (uint8_t)noise(&seed);
				// into the block: its first bits, then the others
				for (unsigned bit = 0; bit < w.holds_for.len; bit++) {
					uint8_t mask = (uint8_t)(0x80 >> bit % 8);
					other.bytes[bit / 8] = (uint8_t)((other.bytes[bit / 8] & ~mask) |
									 (w.holds_for.addr.bytes[bit / 8] & mask));
				}
				a.addr = other;
				if (!same(verdict(h, &a), wanted)) {
					char odd[ADDR_TEXT];
					fail_msg("%s for %s: %s, but %s differs", binds[b], starts[i], text,
						 addr_print(&other, odd));
				}
			}
		}
	}
	host_free(h);
}

// A host with very many routes of other tables gets a smaller range at worst, and soon.
static void test_many_routes(void **state)
{
	(void)state;
	struct host *h = made_host("lo; split; link v0");
	struct walk w;
	for (uint32_t i = 0; i < 20000; i++) {
		struct prefix p = {.addr = addr_from_v4(0x0a000000 + (i << 8)), .len = 24},
			      p6 = made_prefix("2001:db8::/64");
		p6.addr.bytes[6] = (uint8_t)(i >> 8);
		p6.addr.bytes[7] = (uint8_t)i;
		struct route_info info = {.table = RT_TABLE_MAIN, .type = RTN_UNICAST};
		assert_int_equal(host_add_route(h, &p, &info), 0);
		assert_int_equal(host_add_route(h, &p6, &info), 0);
	}
	host_sort(h);
	static const struct {
		const char *bind, *holds_for;
	} cases[] = {
		{"tcp4 10.20.0.1 0", "10.16.0.0/12"}, // 4096 of them
		{"tcp4 9.0.0.1 0", "8.0.0.0/7"},
		{"tcp6 2001:db8:0:1000::1 0", "2001:db8:0:1000::/52"},
		{"tcp6 4000::1 0", "4000::/2"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct attempt a = made_attempt(h, cases[i].bind);
		char text[PREFIX_TEXT];
		decide(made_facts(h), &a, &w);
		decide_range(made_facts(h), &w);
		assert_string_equal(prefix_print(&w.holds_for, text), cases[i].holds_for);
	}
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_addresses_without_routes),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_sound6),
		cmocka_unit_test(test_many_routes),
		cmocka_unit_test(test_holders),
		cmocka_unit_test(test_not_the_models),
	};
	return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
