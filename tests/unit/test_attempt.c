// SPDX-License-Identifier: GPL-3.0-or-later
// Attempts and their settings: parsed, printed, compared, and put into a sockaddr.
#include <errno.h>

#include "tests/unit/made_host.h"

static void test_new(void **state)
{
	(void)state;
	struct addr v4 = made_addr("192.0.2.1"), v6 = made_addr("::ffff:192.0.2.1");
	struct attempt a = attempt_new(&v4), b = attempt_new(&v6);
	assert_int_equal(a.family, AF_INET);
	assert_int_equal(b.family, AF_INET6);
	assert_int_equal(a.kind, KIND_TCP);
	assert_int_equal(a.sa_family, SA_FAMILY_AS_ADDRESS);
	assert_int_equal(a.binds, 1);
	assert_int_equal(a.addrlen, ADDRLEN_WHOLE);
	assert_int_equal(a.port + a.nsettings + a.scope, 0);
	assert_false(attempt_equal(&a, &b));
}

static void test_kinds(void **state)
{
	(void)state;
	static const struct {
		enum kind kind;
		const char *name, *type;
		int sock_type, protocol, protocol6;
	} rows[] = {
		{KIND_TCP, "tcp", "stream", SOCK_STREAM, 6, 6},
		{KIND_UDP, "udp", "dgram", SOCK_DGRAM, 17, 17},
		{KIND_RAW, "raw", "raw", SOCK_RAW, 253, 253},
		{KIND_PING, "icmp", "ping", SOCK_DGRAM, 1, 58},
		{KIND_UDPLITE, "udplite", "dgram", SOCK_DGRAM, 136, 136},
		{KIND_MPTCP, "mptcp", "stream", SOCK_STREAM, 262, 262},
		{KIND_SCTP, "sctp", "stream", SOCK_STREAM, 132, 132},
	};
	assert_int_equal(sizeof rows / sizeof *rows, KIND_COUNT);
	for (size_t i = 0; i < KIND_COUNT; i++) {
		const struct kind_info *k = kind_info(rows[i].kind);
		assert_string_equal(k->name, rows[i].name);
		assert_string_equal(k->type, rows[i].type);
		assert_int_equal(k->sock_type, rows[i].sock_type);
		assert_int_equal(k->protocol, rows[i].protocol);
		assert_int_equal(k->protocol6, rows[i].protocol6);
		assert_int_equal(kind_find(k->name), rows[i].kind);
	}
	assert_int_equal(kind_find("TCP"), -1);
	assert_int_equal(kind_find(""), -1);
}

static void test_equal(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0");
	const struct attempt base = made_attempt(h, "tcp6 fe80::1 80 freebind dev=v0");
	struct attempt a = base;
	assert_true(attempt_equal(&a, &base));
#define HAS_OTHER(change)                                                                                              \
	a = base;                                                                                                      \
	change;                                                                                                        \
	assert_false(attempt_equal(&a, &base) || attempt_equal(&base, &a))
	HAS_OTHER(a.family = AF_INET);
	HAS_OTHER(a.kind = KIND_UDP);
	HAS_OTHER(a.raw_protocol = 1);
	HAS_OTHER(a.addr.bytes[15]++);
	HAS_OTHER(a.scope++);
	HAS_OTHER(a.port++);
	HAS_OTHER(a.nsettings--);
	HAS_OTHER(a.settings[0].option = OPT_TRANSPARENT);
	HAS_OTHER(a.settings[0].value = 0);
	HAS_OTHER(strcpy(a.settings[1].device, "v1"));
	HAS_OTHER(a.sa_family = AF_INET);
	HAS_OTHER(a.addrlen = 24);
	HAS_OTHER(a.binds = 2);
	host_free(h);
}

static void test_settings(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0");
	struct attempt a = made_attempt(h, "tcp6 ::1 0 freebind v6only=0 freebind6=0 dev=lo ifindex=7");
	assert_int_equal(a.nsettings, 5);
	// One bit for both levels: the last one counts.
	assert_int_equal(attempt_setting(&a, OPT_FREEBIND)->option, OPT_FREEBIND6);
	assert_false(attempt_on(&a, OPT_FREEBIND));
	assert_false(attempt_on(&a, OPT_V6ONLY));
	assert_non_null(attempt_setting(&a, OPT_V6ONLY));
	assert_int_equal(attempt_setting(&a, OPT_DEVICE)->option, OPT_IFINDEX);
	assert_null(attempt_setting(&a, OPT_TRANSPARENT));
	assert_false(attempt_on(&a, OPT_TRANSPARENT));

	assert_int_equal(attempt_toggle(&a, OPT_FREEBIND), 0); // it was off in the end, so on
	assert_true(attempt_on(&a, OPT_FREEBIND6));
	assert_int_equal(a.nsettings, 4);
	assert_int_equal(attempt_toggle(&a, OPT_FREEBIND), 0);
	assert_null(attempt_setting(&a, OPT_FREEBIND));
	assert_int_equal(a.nsettings, 3);
	assert_int_equal(a.settings[0].option, OPT_V6ONLY); // the others keep their order
	assert_int_equal(a.settings[1].option, OPT_DEVICE);
	attempt_unset(&a, OPT_DEVICE);
	assert_int_equal(a.nsettings, 1);

	while (a.nsettings < ATTEMPT_SETTINGS)
		assert_int_equal(attempt_set(&a, &(struct setting){.option = OPT_MARK, .value = a.nsettings}), 0);
	assert_int_equal(attempt_set(&a, &(struct setting){.option = OPT_MARK}), -ENOSPC);
	assert_int_equal(attempt_toggle(&a, OPT_FREEBIND), -ENOSPC);
	assert_int_equal(a.nsettings, ATTEMPT_SETTINGS);
	assert_int_equal(attempt_toggle(&a, OPT_MARK), 0); // removing needs no room
	host_free(h);
}

static void test_setting_text(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		enum option_id id;
		uint32_t value;
		const char *device, *out;
	} good[] = {
		{"freebind", OPT_FREEBIND, 1, "", "freebind"},
		{"freebind=1", OPT_FREEBIND, 1, "", "freebind"},
		{"freebind=0", OPT_FREEBIND, 0, "", "freebind=0"},
		{"v6only=0", OPT_V6ONLY, 0, "", "v6only=0"},
		{"device=eth0", OPT_DEVICE, 1, "eth0", "device=eth0"},
		{"device=a12345678901234", OPT_DEVICE, 1, "a12345678901234", "device=a12345678901234"},
		{"device=a=b", OPT_DEVICE, 1, "a=b", "device=a=b"},
		{"ifindex=999", OPT_IFINDEX, 999, "", "ifindex=999"},
		{"ifindex=4294967295", OPT_IFINDEX, UINT32_MAX, "", "ifindex=4294967295"},
		{"mark=0", OPT_MARK, 0, "", "mark=0"},
		{"portrange=50000-50010", OPT_PORTRANGE, 50010u << 16 | 50000, "", "portrange=50000-50010"},
		{"portrange=0-65535", OPT_PORTRANGE, 65535u << 16, "", "portrange=0-65535"},
		{"portrange=9-8", OPT_PORTRANGE, 8u << 16 | 9, "", "portrange=9-8"}, // the kernel refuses it, not we
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct setting s;
		char err[256] = "", text[48];
		if (setting_parse(good[i].in, &s, err, sizeof err) != 0)
			fail_msg("%s: %s", good[i].in, err);
		assert_int_equal(s.option, good[i].id);
		assert_int_equal(s.value, good[i].value);
		assert_string_equal(s.device, good[i].device);
		assert_string_equal(setting_print(&s, text), good[i].out);
	}
}

static void test_setting_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"nosuch", " freebind, freebind6, transparent, transparent6, v6only, reuseaddr, reuseport, device, "
			   "ifindex, noport, portrange, mark"},
		{"", " freebind"},
		{"=1", " freebind"},
		{"Freebind", " freebind"},
		{"averyveryverylongnamethatdoesnotfitanywhere=1", " freebind"},
		{"freebind=2", "IP_FREEBIND takes 0 or 1, as in freebind=1"},
		{"freebind=", "takes 0 or 1"},
		{"freebind=yes", "takes 0 or 1"},
		{"v6only=-1", "IPV6_V6ONLY takes 0 or 1"},
		{"mark", "SO_MARK takes a number from 0 to 4294967295, as in mark=1"},
		{"mark=4294967296", "a number from 0 to 4294967295"},
		{"ifindex=x", "SO_BINDTOIFINDEX takes a number from 0 to 4294967295"},
		{"device", "SO_BINDTODEVICE takes the name of an interface, as in device=eth0"},
		{"device=", "takes the name of an interface"},
		{"device=a123456789012345", "takes the name of an interface"},
		{"portrange", "IP_LOCAL_PORT_RANGE takes LOW-HIGH, both from 0 to 65535, as in portrange=50000-50010"},
		{"portrange=5", "takes LOW-HIGH"},
		{"portrange=5-", "takes LOW-HIGH"},
		{"portrange=-5", "takes LOW-HIGH"},
		{"portrange=1-65536", "takes LOW-HIGH"},
		{"portrange=65536-1", "takes LOW-HIGH"},
		{"portrange=00000001-2", "takes LOW-HIGH"},
		{"portrange=1-2-3", "takes LOW-HIGH"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct setting s, before;
		char err[512] = "", quoted[80];
		memset(&s, 0x5a, sizeof s);
		before = s;
		if (setting_parse(cases[i].text, &s, err, sizeof err) != -EINVAL)
			fail_msg("%s was taken", cases[i].text);
		assert_memory_equal(&s, &before, sizeof s);
		snprintf(quoted, sizeof quoted, "'%.60s'", cases[i].text);
		if (strncmp(err, quoted, strlen(quoted)) != 0 || !strstr(err, cases[i].why))
			fail_msg("%s: %s", cases[i].text, err);
		char little[24];
		assert_int_equal(setting_parse(cases[i].text, &s, little, sizeof little), -EINVAL);
		assert_true(strlen(little) < sizeof little);
	}
}

static void test_print(void **state)
{
	(void)state;
	static const struct {
		const char *line, *text;
	} cases[] = {
		{"tcp4 192.168.123.123 0", "tcp4 192.168.123.123:0"},
		{"udp6 fe80::1 53 scope=v0", "udp6 [fe80::1%v0]:53"},
		{"udp6 fe80::1 53 scope=999", "udp6 [fe80::1%999]:53"},
		{"tcp6 ::ffff:192.0.2.1 80", "tcp6 [::ffff:192.0.2.1]:80"},
		{"ping4 127.0.0.1 14", "ping4 127.0.0.1:14"},
		{"raw4 127.0.0.1 0", "raw4 127.0.0.1"},
		{"raw6 ::1 0", "raw6 [::1]"},
		{"mptcp4 0.0.0.0 65535", "mptcp4 0.0.0.0:65535"},
		{"udplite4 127.0.0.1 1", "udplite4 127.0.0.1:1"},
		{"sctp6 :: 9", "sctp6 [::]:9"},
	};
	struct host *h = made_host("lo; link v0");
	char text[ATTEMPT_TEXT];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct attempt a = made_attempt(h, cases[i].line);
		assert_string_equal(attempt_print(&a, text), cases[i].text);
	}
	struct attempt a = made_attempt(h, "udp6 fe80::1 53");
	a.scope = 7; // an index without a name
	assert_string_equal(attempt_print(&a, text), "udp6 [fe80::1%7]:53");
	a = made_attempt(h, "mptcp6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535");
	strcpy(a.scope_name, "a12345678901234");
	assert_string_equal(attempt_print(&a, text),
			    "mptcp6 [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%a12345678901234]:65535");
	a = made_attempt(h, "tcp4 127.0.0.1 80 len=28 family=10 twice");
	a.family = AF_INET6;
	assert_string_equal(attempt_print(&a, text), "tcp6 127.0.0.1:80 sa_family AF_INET6 addrlen 28 again");
	a = made_attempt(h, "udp6 ::1 53 len=0 family=77");
	a.family = AF_INET;
	assert_string_equal(attempt_print(&a, text), "udp4 [::1]:53 sa_family 77 addrlen 0");
	host_free(h);
}

static void test_sockaddr(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0");
	struct sockaddr_storage sa;
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;
	struct attempt a = made_attempt(h, "tcp4 192.0.2.1 258");
	memset(&sa, 0xff, sizeof sa);
	assert_int_equal(attempt_sockaddr(&a, &sa), 16);
	memcpy(&sin, &sa, sizeof sin);
	assert_int_equal(sin.sin_family, AF_INET);
	assert_int_equal(ntohs(sin.sin_port), 258);
	assert_int_equal(ntohl(sin.sin_addr.s_addr), 0xc0000201);
	for (size_t i = sizeof sin; i < sizeof sa; i++)
		assert_int_equal(((unsigned char *)&sa)[i], 0);

	a = made_attempt(h, "udp6 fe80::1 258 scope=v0");
	assert_int_equal(attempt_sockaddr(&a, &sa), 28);
	memcpy(&sin6, &sa, sizeof sin6);
	assert_int_equal(sin6.sin6_family, AF_INET6);
	assert_int_equal(ntohs(sin6.sin6_port), 258);
	assert_int_equal(sin6.sin6_scope_id, 2);
	assert_int_equal(sin6.sin6_flowinfo, 0);
	assert_memory_equal(&sin6.sin6_addr, a.addr.bytes, 16);

	a = made_attempt(h, "tcp6 ::ffff:192.0.2.1 1 len=24 family=77");
	assert_int_equal(attempt_sockaddr(&a, &sa), 24);
	assert_int_equal(sa.ss_family, 77);
	a.sa_family = AF_UNSPEC;
	attempt_sockaddr(&a, &sa);
	assert_int_equal(sa.ss_family, AF_UNSPEC);
	host_free(h);
}

// What a socket of the one family reads from a sockaddr of the other.
static void test_dest(void **state)
{
	(void)state;
	struct addr v4 = made_addr("192.0.2.1"), v6 = made_addr("2001:db8::1");
	struct attempt a = attempt_new(&v4), b = attempt_new(&v6);
	struct sockaddr_storage to;
	a.addrlen = 3; // of bind() alone
	a.then.dest = b.then.dest = (struct endpoint){.addr = v4, .port = 443};
	assert_int_equal(attempt_dest(&a, &to), sizeof(struct sockaddr_in));
	assert_int_equal(to.ss_family, AF_INET);
	assert_int_equal(attempt_dest(&b, &to), sizeof(struct sockaddr_in6));
	assert_int_equal(to.ss_family, AF_INET6);
}

static void test_as_read(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0");
	static const struct {
		const char *line;
		uint8_t family;
		const char *read;
		int sa_family, addrlen;
	} cases[] = {
		{"tcp4 192.0.2.1 80", AF_INET, "192.0.2.1", AF_INET, 16},
		{"tcp6 fe80::1 80 scope=v0", AF_INET6, "fe80::1", AF_INET6, 28},
		{"tcp4 192.0.2.1 80", AF_INET6, "::", AF_INET, 16}, // where sin6_addr is, there are zeros
		{"tcp4 192.0.2.1 80 len=28 family=10", AF_INET6, "::", AF_INET6, 28},
		{"tcp6 2001:db8::1 80 scope=v0 family=0", AF_INET, "0.0.0.0", AF_UNSPEC, 28}, // sin6_flowinfo
		{"sctp4 192.0.2.1 80", AF_INET6, "::ffff:192.0.2.1", AF_INET, 16},
		{"sctp6 2001:db8::1 80 family=2", AF_INET6, "::ffff:0.0.0.0", AF_INET, 28},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct attempt a = made_attempt(h, cases[i].line);
		a.family = cases[i].family;
		struct attempt read = attempt_as_read(&a);
		struct addr expected = made_addr(cases[i].read);
		assert_true(addr_equal(&read.addr, &expected));
		assert_int_equal(read.sa_family, cases[i].sa_family);
		assert_int_equal(read.addrlen, cases[i].addrlen);
		assert_int_equal(read.port, 80);
		assert_int_equal(read.scope, i == 1 ? 2 : 0);
	}
	host_free(h);
}

static void test_sa_family(void **state)
{
	(void)state;
	assert_int_equal(sa_family_parse("inet"), AF_INET);
	assert_int_equal(sa_family_parse("inet6"), AF_INET6);
	assert_int_equal(sa_family_parse("unspec"), AF_UNSPEC);
	assert_int_equal(sa_family_parse("65535"), 65535);
	assert_int_equal(sa_family_parse("65536"), -1);
	assert_int_equal(sa_family_parse("AF_INET"), -1);
	assert_string_equal(sa_family_symbol(AF_UNSPEC), "AF_UNSPEC");
	assert_null(sa_family_symbol(77));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),          cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_equal),        cmocka_unit_test(test_settings),
		cmocka_unit_test(test_setting_text), cmocka_unit_test(test_setting_refused),
		cmocka_unit_test(test_print),        cmocka_unit_test(test_sockaddr),
		cmocka_unit_test(test_dest),         cmocka_unit_test(test_as_read),
		cmocka_unit_test(test_sa_family),
	};
	return cmocka_run_group_tests_name("attempt", tests, NULL, NULL);
}
