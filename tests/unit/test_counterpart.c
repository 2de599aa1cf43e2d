// SPDX-License-Identifier: GPL-3.0-or-later
// The same idea in the other family: which address it is, on made-up hosts, and the way back.
#include "core/model/counterpart.h"
#include "tests/unit/made_host.h"

#define NET "lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v0;"

static struct attempt other(const char *script, const char *bind)
{
	struct host *h = made_host(script);
	struct attempt a = made_attempt(h, bind), out = counterpart(h, &a);
	host_free(h);
	assert_int_not_equal(out.family, a.family);
	return out;
}

static void is(const char *script, const char *bind, const char *want)
{
	char text[ATTEMPT_TEXT];
	struct attempt a = other(script, bind);
	if (strcmp(attempt_print(&a, text), want) != 0)
		fail_msg("%s: %s, and not %s", bind, text, want);
}

static void test_kinds(void **state)
{
	(void)state;
	is(NET, "tcp4 0.0.0.0 80", "tcp6 [::]:80");
	is(NET, "tcp6 :: 80", "tcp4 0.0.0.0:80");
	is(NET, "udp4 127.0.0.1 53", "udp6 [::1]:53");
	is(NET, "udp4 127.1.2.3 53", "udp6 [::1]:53");
	is(NET, "tcp6 ::1 0", "tcp4 127.0.0.1:0");
	is(NET, "tcp6 ::ffff:203.0.113.9 0", "tcp4 203.0.113.9:0");
	is(NET, "udp4 224.0.0.251 5353", "udp6 [ff02::fb%v0]:5353");
	is(NET, "udp6 ff02::fb 5353 scope=v0", "udp4 224.0.0.251:5353");
	is(NET, "udp4 239.1.2.3 0", "udp6 [ff0e::ef01:203]:0");
	is(NET, "udp6 ff0e::9 0", "udp4 239.255.0.9:0");
	is("lo", "udp4 224.0.0.5 0", "udp6 [ff0e::e000:5]:0"); // no link to mean
	is(NET, "udp4 192.0.2.255 0", "udp6 [ff02::1%v0]:0");
	is(NET, "udp4 255.255.255.255 0", "udp6 [ff02::1%v0]:0");
}

static void test_configured(void **state)
{
	(void)state;
	is(NET, "tcp4 192.0.2.1 80", "tcp6 [2001:db8::1]:80"); // and not the link-local one
	is(NET, "tcp6 2001:db8::1 80", "tcp4 192.0.2.1:80");
	is(NET, "tcp6 fe80::1 80 scope=v0", "tcp4 192.0.2.1:80");
	// Of several the one with the same number, and none that can't be bound.
	is(NET "addr 192.0.2.7/24 dev v0; addr 2001:db8::7/64 dev v0", "tcp4 192.0.2.7 0", "tcp6 [2001:db8::7]:0");
	is("lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::9/64 dev v0 tentative; addr 2001:db8::a/64 dev v0",
	   "tcp4 192.0.2.1 0", "tcp6 [2001:db8::a]:0");
	// Link-local ones belong together.
	is("lo; link v0; addr 169.254.7.7/16 dev v0; addr fe80::1/64 dev v0", "tcp4 169.254.7.7 0",
	   "tcp6 [fe80::1%v0]:0");
	// Its own interface comes before the number.
	is("lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8:a::5/64 dev v0; link v1; addr 2001:db8:b::1/64 dev v1",
	   "tcp4 192.0.2.1 0", "tcp6 [2001:db8:a::5]:0");
	// Where its interface has none, another one does; but no other VRF's.
	is("lo; link v0; addr 192.0.2.1/24 dev v0; link v1; addr 2001:db8::1/64 dev v1", "tcp4 192.0.2.1 0",
	   "tcp6 [2001:db8::1]:0");
	is("lo; link v0; addr 192.0.2.1/24 dev v0; vrf red 10; link v1 master red; addr 2001:db8::1/64 dev v1",
	   "tcp4 192.0.2.1 0", "tcp6 [2001:db8:2::1]:0");
}

static void test_routed(void **state)
{
	(void)state;
	const char *both = NET "route local 192.168.123.0/24 dev lo; route local 2001:db8:77::/64 dev lo";
	is(both, "tcp4 192.168.123.123 0", "tcp6 [2001:db8:77::123]:0");
	is(both, "tcp6 2001:db8:77::123 0", "tcp4 192.168.123.123:0");
	is(both, "tcp6 2001:db8:77::ff 0", "tcp4 192.168.123.255:0");
	is(both, "tcp4 192.168.123.0 0", "tcp6 [2001:db8:77::1]:0"); // the first one is an anycast address
	// There is no such route in the other family: an address that might have one.
	is(NET "route local 192.168.123.0/24 dev lo", "tcp4 192.168.123.123 0", "tcp6 [2001:db8:123::123]:0");
	is(NET "route local 198.51.100.4/30 dev lo; route local 2001:db8:77::/64 dev lo", "tcp6 2001:db8:77::ff 0",
	   "tcp4 198.51.100.7:0");
}

static void test_elsewhere(void **state)
{
	(void)state;
	is(NET, "tcp4 192.168.123.123 0", "tcp6 [2001:db8:123::123]:0");
	is(NET, "tcp6 2001:db8:123::123 0", "tcp4 192.168.123.123:0");
	is(NET, "tcp4 203.0.113.9 443", "tcp6 [2001:db8:113::9]:443");
	is(NET, "tcp6 2001:db8:abcd::1:ffff 0", "tcp4 203.0.113.255:0");
	// The first choice is the host's own: another one that is not.
	is(NET "addr 2001:db8:123::123/64 dev v0", "tcp4 192.168.123.123 0", "tcp6 [2001:db8:ffff::123]:0");
	is(NET, "tcp6 fe80::77 0 scope=v0", "tcp4 169.254.1.77:0");
	is(NET, "tcp4 169.254.9.9 0", "tcp6 [fe80::9%v0]:0");
	struct host *h = made_host(NET);
	for (unsigned last = 0; last < 256; last++) {
		char bind[64];
		snprintf(bind, sizeof bind, "tcp4 198.51.100.%u 0", last);
		struct attempt a = made_attempt(h, bind), there = counterpart(h, &a);
		assert_int_equal(relation_of(h, &there), RELATION_ELSEWHERE);
	}
	host_free(h);
}

// What one family alone has goes, what is one bit under two names stays.
static void test_options(void **state)
{
	(void)state;
	struct attempt a = other(NET, "tcp6 2001:db8::1 80 freebind6 v6only reuseaddr dev=v0");
	assert_true(attempt_on(&a, OPT_FREEBIND));
	assert_true(attempt_on(&a, OPT_REUSEADDR));
	assert_null(attempt_setting(&a, OPT_V6ONLY));
	assert_non_null(attempt_setting(&a, OPT_DEVICE));
	assert_int_equal(a.nsettings, 3);
	a = other(NET, "udp4 192.0.2.1 53 freebind transparent");
	assert_true(attempt_on(&a, OPT_FREEBIND) && attempt_on(&a, OPT_TRANSPARENT));
	a = other(NET, "tcp4 192.0.2.1 80 len=16 family=10");
	assert_int_equal(a.addrlen, 28);
	assert_int_equal(a.sa_family, AF_INET);
}

static bool same(const struct attempt *a, const struct attempt *b)
{
	return addr_equal(&a->addr, &b->addr) && a->scope == b->scope && strcmp(a->scope_name, b->scope_name) == 0;
}

// There and back again is where one came from, for any address.
static void test_pairs(void **state)
{
	static const char *const binds[] = {"tcp4 203.0.113.200 80", "tcp6 fe80::1 80 scope=v0", "tcp4 127.9.9.9 0",
					    "tcp6 ::ffff:192.0.2.1 0", "tcp6 2001:db8:abcd::1:ffff 1"};
	(void)state;
	struct host *h = made_host(NET);
	struct pairs p = {0};
	for (size_t i = 0; i < sizeof binds / sizeof *binds; i++) {
		struct attempt a = made_attempt(h, binds[i]), there = pairs_counterpart(&p, h, &a);
		pairs_note(&p, h, &a, &there, true);
		struct attempt back = pairs_counterpart(&p, h, &there);
		assert_true(same(&a, &back));
		assert_int_equal(back.port, a.port);
		pairs_note(&p, h, &there, &back, true);
		struct attempt again = pairs_counterpart(&p, h, &back);
		assert_true(same(&there, &again));
	}
	// Addresses that were typed one after the other are a pair if they are of one kind.
	struct attempt four = made_attempt(h, "tcp4 198.51.100.77 0"), six = made_attempt(h, "tcp6 2001:db8:9::1 0");
	pairs_note(&p, h, &four, &six, false);
	struct attempt back = pairs_counterpart(&p, h, &six);
	assert_true(same(&back, &four));
	struct attempt loopback = made_attempt(h, "tcp6 ::1 0");
	pairs_note(&p, h, &four, &loopback, false);
	back = pairs_counterpart(&p, h, &loopback);
	assert_int_equal(back.addr.bytes[0], 127);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),     cmocka_unit_test(test_configured), cmocka_unit_test(test_routed),
		cmocka_unit_test(test_elsewhere), cmocka_unit_test(test_options),    cmocka_unit_test(test_pairs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
