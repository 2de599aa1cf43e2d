// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses, prefixes, endpoints and numbers: which are accepted, which are refused, and the messages.
#include <errno.h>

#include "tests/unit/made_host.h"

static void test_addr_text(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} good[] = {
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"192.168.123.123", "192.168.123.123"},
		{"::", "::"},
		{"::1", "::1"},
		{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
		{"fe80::1", "fe80::1"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"::ffff:c000:201", "::ffff:192.0.2.1"},
		{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
		{"1:2:3:4:5:6:255.255.255.255", "1:2:3:4:5:6:ffff:ffff"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char text[ADDR_TEXT];
		struct addr a = made_addr(good[i].in);
		assert_ptr_equal(addr_print(&a, text), text);
		assert_string_equal(text, good[i].out);
		struct addr again = made_addr(text);
		assert_true(addr_equal(&a, &again));
	}
}

static void test_addr_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		" 1.2.3.4",
		"1.2.3.4 ",
		"1.2.3",
		"1.2.3.4.5",
		"300.1.1.1",
		"256.0.0.1",
		"1.2.3.-4",
		"01.2.3.4",
		"0x1.2.3.4",
		"1.2.3.4/32",
		"1.2..4",
		"16909060",
		":",
		":::",
		"1::2::3",
		"12345::",
		"::g",
		"::1%lo",
		"[::1]",
		"1:2:3:4:5:6",
		"::1/128",
		"localhost",
		"::300.1.1.1",
		"1:2:3:4:5:6:7:8:9",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct addr a = made_addr("192.0.2.77"), before = a;
		if (addr_parse(bad[i], &a) != -EINVAL)
			fail_msg("%s was taken", bad[i]);
		assert_true(addr_equal(&a, &before));
	}
	struct addr none = {0};
	char text[ADDR_TEXT];
	assert_string_equal(addr_print(&none, text), "-");
	none.family = 77;
	assert_string_equal(addr_print(&none, text), "-");
}

static void test_addr_values(void **state)
{
	(void)state;
	struct in_addr in = {.s_addr = htonl(0xc0000201)};
	struct in6_addr in6 = IN6ADDR_LOOPBACK_INIT, back;
	struct addr v4 = addr_from_v4(0xc0000201), v4too = addr_from_in(&in), one = addr_from_in6(&in6);
	struct addr mapped = made_addr("::ffff:192.0.2.1"), zero6 = made_addr("::"), zero = made_addr("0.0.0.0");

	assert_true(addr_equal(&v4, &v4too));
	assert_int_equal(addr_v4(&v4), 0xc0000201);
	assert_int_equal(addr_v4(&mapped), 0xc0000201);
	addr_to_in6(&one, &back);
	assert_memory_equal(&back, &in6, sizeof back);

	assert_true(addr_is_any(&zero6) && addr_is_any(&zero));
	assert_false(addr_is_any(&one) || addr_is_any(&v4));
	assert_true(addr_is_mapped(&mapped));
	assert_false(addr_is_mapped(&v4) || addr_is_mapped(&zero6) || addr_is_mapped(&one));

	assert_false(addr_equal(&v4, &mapped));
	assert_false(addr_equal(&zero, &zero6)); // same bytes, other family
	assert_true(addr_compare(&zero, &zero6) < 0 && addr_compare(&zero6, &zero) > 0);
	assert_true(addr_compare(&zero, &v4) < 0 && addr_compare(&v4, &zero) > 0);
}

static void test_multicast(void **state)
{
	(void)state;
	static const struct {
		const char *addr;
		bool is;
	} cases[] = {
		{"223.255.255.255", false}, {"224.0.0.0", true},        {"239.255.255.255", true},
		{"240.0.0.0", false},       {"255.255.255.255", false}, {"ff00::", true},
		{"ffff::1", true},          {"feff::", false},          {"::ffff:224.0.0.1", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct addr a = made_addr(cases[i].addr);
		assert_int_equal(addr_is_multicast(&a), cases[i].is);
	}
}

// The classes of ipv6_addr_type() at the edges of their ranges.
static void test_class6(void **state)
{
	(void)state;
	static const struct {
		const char *addr;
		unsigned class;
		bool scoped;
	} cases[] = {
		{"::", ADDR6_ANY, false},
		{"::1", ADDR6_LOOPBACK | ADDR6_UNICAST, false},
		{"::2", ADDR6_COMPATV4 | ADDR6_UNICAST, false},
		{"::1.2.3.4", ADDR6_COMPATV4 | ADDR6_UNICAST, false},
		{"::100:1", ADDR6_COMPATV4 | ADDR6_UNICAST, false},
		{"::1:0:0", ADDR6_UNICAST, false},
		{"::fffe:1.2.3.4", ADDR6_UNICAST, false},
		{"::ffff:0.0.0.0", ADDR6_MAPPED, false},
		{"::ffff:255.255.255.255", ADDR6_MAPPED, false},
		{"2001:db8::1", ADDR6_UNICAST, false},
		{"fc00::", ADDR6_UNICAST, false},
		{"fdff::1", ADDR6_UNICAST, false},
		{"fe7f:ffff::", ADDR6_UNICAST, false},
		{"fe80::", ADDR6_LINKLOCAL | ADDR6_UNICAST, true},
		{"febf:ffff::1", ADDR6_LINKLOCAL | ADDR6_UNICAST, true},
		{"fec0::", ADDR6_SITELOCAL | ADDR6_UNICAST, false},
		{"feff::1", ADDR6_SITELOCAL | ADDR6_UNICAST, false},
		{"ff00::1", ADDR6_MULTICAST, false},
		{"ff01::1", ADDR6_MULTICAST | ADDR6_LOOPBACK, true},
		{"ff02::1", ADDR6_MULTICAST | ADDR6_LINKLOCAL, true},
		{"ff32::1", ADDR6_MULTICAST | ADDR6_LINKLOCAL, true}, // the flags do not count
		{"ff03::1", ADDR6_MULTICAST, false},
		{"ff05::1", ADDR6_MULTICAST | ADDR6_SITELOCAL, false},
		{"ff0e::1", ADDR6_MULTICAST, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct addr a = made_addr(cases[i].addr);
		assert_int_equal(addr6_class(&a), cases[i].class);
		assert_int_equal(addr6_needs_scope(&a), cases[i].scoped);
	}
}

static void test_prefix(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} good[] = {
		{"10.1.2.3/8", "10.0.0.0/8"},
		{"10.1.2.3", "10.1.2.3"},
		{"10.1.2.3/32", "10.1.2.3"},
		{"10.1.2.3/0", "0.0.0.0/0"},
		{"10.255.2.3/9", "10.128.0.0/9"},
		{"10.1.2.3/31", "10.1.2.2/31"},
		{"2001:db8:ffff::1/33", "2001:db8:8000::/33"},
		{"2001:db8::1", "2001:db8::1"},
		{"::/0", "::/0"},
		{"::1/127", "::/127"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct prefix p;
		char text[PREFIX_TEXT];
		assert_int_equal(prefix_parse(good[i].in, &p), 0);
		assert_ptr_equal(prefix_print(&p, text), text);
		assert_string_equal(text, good[i].out);
	}
	static const char *const bad[] = {"",
					  "/8",
					  "10.0.0.0/",
					  "10.0.0.0/33",
					  "10.0.0.0/-1",
					  "10.0.0.0/8 ",
					  "10/8",
					  "::/129",
					  "::/x",
					  "::/64/64",
					  "10.0.0.0/+8",
					  "::/18446744073709551617",
					  "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/64"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct prefix p = made_prefix("192.0.2.0/24"), before = p;
		if (prefix_parse(bad[i], &p) != -EINVAL)
			fail_msg("%s was taken", bad[i]);
		assert_memory_equal(&p, &before, sizeof p);
	}
}

static void test_covers(void **state)
{
	(void)state;
	static const struct {
		const char *prefix, *addr;
		bool covers;
		unsigned common;
	} cases[] = {
		{"10.0.0.0/8", "10.255.255.255", true, 8},
		{"10.0.0.0/8", "11.0.0.0", false, 7},
		{"0.0.0.0/0", "255.255.255.255", true, 0},
		{"10.0.0.4/30", "10.0.0.7", true, 30},
		{"10.0.0.4/30", "10.0.0.8", false, 28},
		{"10.0.0.1", "10.0.0.1", true, 32},
		{"10.0.0.1", "10.0.0.0", false, 31},
		{"::/0", "ff02::1", true, 0},
		{"2001:db8::/33", "2001:db8:7fff::", true, 33},
		{"2001:db8::/33", "2001:db8:8000::", false, 32},
		{"2001:db8::1", "2001:db8::1", true, 128},
		{"::/0", "10.0.0.1", false, 0},
		{"0.0.0.0/0", "::", false, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prefix p = made_prefix(cases[i].prefix);
		struct addr a = made_addr(cases[i].addr);
		assert_int_equal(prefix_covers(&p, &a), cases[i].covers);
		unsigned bits = addr_common_bits(&p.addr, &a);
		assert_int_equal(bits >= p.len ? p.len : bits, cases[i].common > p.len ? p.len : cases[i].common);
	}
	struct addr x = made_addr("2001:db8::1"), y = made_addr("2001:db8::3");
	assert_int_equal(addr_common_bits(&x, &y), 126);
}

static void test_number(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned long max;
		int err;
		unsigned long value;
	} cases[] = {
		{"0", 0, 0, 0},
		{"1", 0, -EINVAL, 7},
		{"1", 1, 0, 1},
		{"2", 1, -EINVAL, 7}, // a digit above the maximum
		{"9", 1, -EINVAL, 7},
		{"007", 10, 0, 7},
		{"65535", 65535, 0, 65535},
		{"65536", 65535, -EINVAL, 7},
		{"70000", 65535, -EINVAL, 7},
		{"4294967295", UINT32_MAX, 0, UINT32_MAX},
		{"4294967296", UINT32_MAX, -EINVAL, 7},
		{"18446744073709551615", UINT64_MAX, 0, UINT64_MAX},
		{"18446744073709551616", UINT64_MAX, -EINVAL, 7},
		{"99999999999999999999999", UINT64_MAX, -EINVAL, 7},
		{"", 9, -EINVAL, 7},
		{" 1", 9, -EINVAL, 7},
		{"1 ", 9, -EINVAL, 7},
		{"-1", 9, -EINVAL, 7},
		{"+1", 9, -EINVAL, 7},
		{"0x1", 99, -EINVAL, 7},
		{"1/", 99, -EINVAL, 7},
		{"1:", 99, -EINVAL, 7},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned long n = 7;
		if (number_parse(cases[i].text, cases[i].max, &n) != cases[i].err || n != cases[i].value)
			fail_msg("number_parse(\"%s\", %lu) gave %lu", cases[i].text, cases[i].max, n);
	}
}

static void test_endpoint(void **state)
{
	(void)state;
	static const struct {
		const char *text, *addr, *scope;
		int port; // -1: none
	} cases[] = {
		{"192.0.2.1", "192.0.2.1", "", -1},
		{"192.0.2.1:80", "192.0.2.1", "", 80},
		{"0.0.0.0:0", "0.0.0.0", "", 0},
		{"192.0.2.1:65535", "192.0.2.1", "", 65535},
		{"2001:db8::1", "2001:db8::1", "", -1},
		{"::", "::", "", -1},
		{"::1", "::1", "", -1},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1", "", -1},
		{"[::1]", "::1", "", -1},
		{"[::1]:443", "::1", "", 443},
		{"[::ffff:192.0.2.1]:1", "::ffff:192.0.2.1", "", 1},
		{"fe80::1%eth0", "fe80::1", "eth0", -1},
		{"fe80::1%999", "fe80::1", "999", -1},
		{"[fe80::1%eth0]:53", "fe80::1", "eth0", 53},
		{"fe80::1%a12345678901234", "fe80::1", "a12345678901234", -1}, // 15 bytes: as long as a name gets
		{"[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%a12345678901234]:65535",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "a12345678901234", 65535},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct endpoint ep;
		struct addr a = made_addr(cases[i].addr);
		char err[256] = "";
		if (endpoint_parse(cases[i].text, &ep, err, sizeof err) != 0)
			fail_msg("%s: %s", cases[i].text, err);
		assert_true(addr_equal(&ep.addr, &a));
		assert_string_equal(ep.scope, cases[i].scope);
		assert_int_equal(ep.has_port, cases[i].port >= 0);
		assert_int_equal(ep.port, cases[i].port < 0 ? 0 : cases[i].port);
		assert_string_equal(err, "");
	}
}

static void test_endpoint_refused(void **state)
{
	(void)state;
	static const char four[] = "four numbers from 0 to 255";
	static const char groups[] = "hexadecimal";
	static const char port[] = "0 to 65535";
	static const char name[] = "bindwalk explain";
	static const char bracket[] = ":PORT";
	static const char scope[] = "interface name or number";
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", four},
		{"300.1.1.1", four},
		{"nonsense", name},
		{"1.2.3", four},
		{"1.2.3:80", four},
		{"localhost:80", name},
		{"www.example.com", name},
		{"1.2.3.4.5", four},
		{"0x7f.1", four},
		{"a b", four},
		{" ::1", groups},
		{"[]:80", four},
		{"[nonsense]:80", four},
		{"fe80::1 %eth0", groups},
		{"1:2:3:4:5:6:7:8:80", groups},
		{"1.2.3.4:", port},
		{"1.2.3.4:70000", port},
		{"1.2.3.4:-1", port},
		{"1.2.3.4:http", port},
		{"1.2.3.4: 80", port},
		{"[::1]:", port},
		{"[::1]:65536", port},
		{"[::1]:8x", port},
		{"[::1", bracket},
		{"[::1]80", bracket},
		{"[::1]]:80", bracket},
		{"fe80::1%", scope},
		{"[fe80::1%]:80", scope},
		{"fe80::1%a123456789012345", scope},
		{"192.0.2.1%eth0", "IPv6"},
		{"192.0.2.1%eth0:80", "IPv6"},
		{"11111111112222222222333333333344444444445555555555666666666677777777778888888888", "too long"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct endpoint ep, before;
		char err[512] = "", quoted[128];
		memset(&ep, 0x5a, sizeof ep);
		before = ep;
		if (endpoint_parse(cases[i].text, &ep, err, sizeof err) != -EINVAL)
			fail_msg("%s was taken", cases[i].text);
		assert_memory_equal(&ep, &before, sizeof ep);
		snprintf(quoted, sizeof quoted, "'%.80s'", cases[i].text);
		if (strncmp(err, quoted, strlen(quoted)) != 0)
			fail_msg("not named: %s in: %s", quoted, err);
		if (!strstr(err, cases[i].why))
			fail_msg("%s: not said: %s in: %s", quoted, cases[i].why, err);
		assert_non_null(strstr(err, " 192.0.2.1, 192.0.2.1:80, 2001:db8::1, fe80::1%eth0, [2001:db8::1]:80"));
	}
	char little[16];
	struct endpoint ep;
	assert_int_equal(endpoint_parse("300.1.1.1", &ep, little, sizeof little), -EINVAL);
	assert_string_equal(little, "'300.1.1.1' is "); // cut, and ended
}

static void test_host_name(void **state)
{
	(void)state;
	static const char *const names[] = {
		"localhost", "a", "example.com", "example.com.", "xn--bcher-kva.example", "1.a", "a_b-c.2x"};
	static const char *const others[] = {"",       "127.0.0.1", "1",    "1.2.3",   "0x7f000001", "1.0xff", "-a",
					     ".",      ".a",        "a..b", "a b",     "a:1",        "a%lo",   "a/8",
					     "1.2.3.", "[::1]",     "é",    "\x1b[2J", "::1"};
	char longest[256];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!is_host_name(names[i]))
			fail_msg("%s", names[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (is_host_name(others[i]))
			fail_msg("%s", others[i]);
	memset(longest, 'a', sizeof longest);
	longest[253] = '\0';
	assert_true(is_host_name(longest));
	longest[253] = 'a';
	longest[254] = '\0';
	assert_false(is_host_name(longest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addr_text),   cmocka_unit_test(test_addr_refused),
		cmocka_unit_test(test_addr_values), cmocka_unit_test(test_multicast),
		cmocka_unit_test(test_class6),      cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_covers),      cmocka_unit_test(test_number),
		cmocka_unit_test(test_endpoint),    cmocka_unit_test(test_endpoint_refused),
		cmocka_unit_test(test_host_name),
	};
	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
