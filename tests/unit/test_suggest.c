// SPDX-License-Identifier: GPL-3.0-or-later
// What + offers for an attempt, on hosts where other routes and addresses are in the way.
#include <errno.h>

#include "tests/unit/made_host.h"
#include "tui/app_update.h"
#include "tui/suggest.h"

#define LO "lo; link v0; "

static const struct {
	const char *host, *attempt, *route, *address;
} cases[] = {
	{LO, "tcp4 192.168.123.123 0", "192.168.123.0/24 dev lo", "192.168.123.123/32 dev v0"},
	// Not what others have a part of, and not a part of what others have.
	{LO "addr 192.0.2.2/24 dev v0", "tcp4 192.0.2.9 80", "192.0.2.9 dev lo", "192.0.2.9/24 dev v0"},
	{LO "addr 10.1.0.2/16 dev v0", "tcp4 10.1.7.9 80", "10.1.7.9 dev lo", "10.1.7.9/16 dev v0"},
	{LO "route 198.51.100.128/25 dev v0", "udp4 198.51.100.7 0", "198.51.100.7 dev lo", "198.51.100.7/32 dev v0"},
	{LO "route default dev v0", "udp4 198.51.100.7 0", "198.51.100.0/24 dev lo", "198.51.100.7/32 dev v0"},
	// It has what it needs, or can't have it.
	{LO "addr 192.0.2.2/24 dev v0", "tcp4 192.0.2.2 80", " dev lo", " dev v0"},
	{LO "route local 10.0.0.0/8 dev lo", "tcp4 10.2.3.4 80", " dev lo", "10.2.3.4/32 dev v0"},
	{LO, "tcp4 0.0.0.0 80", " dev lo", " dev v0"},
	{LO, "tcp4 127.0.0.9 80", " dev lo", " dev v0"},
	{LO, "udp4 224.0.0.9 80", " dev lo", " dev v0"},
	{LO, "tcp6 :: 80", " dev lo", " dev v0"},
	{LO, "tcp6 ::1 80", " dev lo", " dev v0"},
	{LO, "tcp6 fe80::7 80 scope=v0", " dev lo", "fe80::7/64 dev v0 nodad"},
	{LO "link v1", "tcp6 fe80::7 80 scope=v1", " dev lo", "fe80::7/64 dev v1 nodad"}, // only there it helps
	{LO, "tcp6 fe80::7 80", " dev lo", " dev v0"},
	// IPv6; an IPv4 address in an IPv6 one is looked up as IPv4.
	{LO, "tcp6 2001:db8:123::1 0", "2001:db8:123::/64 dev lo", "2001:db8:123::1/128 dev v0 nodad"},
	{LO "addr 2001:db8::2/64 dev v0", "tcp6 2001:db8::9 0", "2001:db8::9 dev lo", "2001:db8::9/64 dev v0 nodad"},
	{LO, "tcp6 ::ffff:192.168.123.123 0", "192.168.123.0/24 dev lo", "192.168.123.123/32 dev v0"},
	// In a VRF the table is another one.
	{LO "vrf red 10; link v1 master red", "tcp4 192.168.5.5 0 dev=v1", "192.168.5.0/24 dev red table 10",
	 "192.168.5.5/32 dev v0"},
};

static void test_offers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		static struct app app;
		struct host *h = made_host(cases[i].host);
		struct attempt a = made_attempt(h, cases[i].attempt);
		char line[COMMAND_ARG], wanted[COMMAND_ARG];
		app_init(&app, &a, true);
		app.caller = made_caller;
		app_set_host(&app, h);
		suggest_route(&app, line);
		snprintf(wanted, sizeof wanted, "route add local %s", cases[i].route);
		assert_string_equal(line, wanted);
		suggest_address(&app, host_link_named(h, "v0"), line);
		snprintf(wanted, sizeof wanted, "address add %s", cases[i].address);
		assert_string_equal(line, wanted);
		app_free(&app);
		host_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_offers)};
	return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
