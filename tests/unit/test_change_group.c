// SPDX-License-Identifier: GPL-3.0-or-later
// Causes with their consequences, from two readings of a host.
#include "core/model/change_group.h"

#include "core/observe/host_adopt.h"
#include "tests/unit/made_host.h"

static struct host *host;
static struct host_changes changes;
static struct change_groups groups;

static void begin(const char *script)
{
	host_free(host);
	host = made_host(script);
	groups = (struct change_groups){0};
}

static bool is_own(const void *data, const struct host *h, const struct host_change *c)
{
	const char *name = data;
	char text[CHANGE_TEXT];
	return name && strstr(change_print(h, c, text), name);
}

static void turns_into(const char *script, const char *own, int64_t now)
{
	struct host *fresh = made_host(script);
	host_changes_clear(&changes);
	host_adopt(host, fresh, DUMP_ALL, &changes);
	host_free(fresh);
	change_group(&groups, host, &changes, is_own, own, now);
}

// All fresh groups, a line each.
static const char *said(void)
{
	static char all[4096];
	char text[CHANGE_GROUP_TEXT];
	int n = 0;
	all[0] = '\0';
	for (size_t i = 0; i < groups.n; i++)
		if (groups.at[i].fresh)
			n += snprintf(all + n, sizeof all - (size_t)n, "%s%s%s", n ? "\n" : "",
				      groups.at[i].own ? "own " : "", change_group_print(host, &groups.at[i], text));
	return all;
}

static void test_causes(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *said;
	} cases[] = {
		{"lo", "lo; route local 192.168.123.0/24 dev lo", "route added: local 192.168.123.0/24 dev lo"},
		{"lo; route local 10.0.0.0/8 dev lo", "lo", "route deleted: local 10.0.0.0/8 dev lo"},
		{"lo; link v0", "lo; link v0; addr 192.0.2.1/24 dev v0",
		 "192.0.2.1/24 was added to v0: 3 routes came with it"},
		{"lo; link v0; addr 192.0.2.1/24 dev v0", "lo; link v0", "192.0.2.1/24 left v0: 3 routes went with it"},
		// A secondary address goes with its primary one.
		{"lo; link v0; addr 192.0.2.1/24 dev v0; addr 192.0.2.2/24 dev v0 secondary", "lo; link v0",
		 "192.0.2.1/24 left v0: 192.0.2.2/24 and 6 routes went with it"},
		{"lo; link v0; addr 192.0.2.1/24 dev v0; addr 192.0.2.2/24 dev v0 secondary",
		 "lo; link v0; addr 192.0.2.1/24 dev v0", "192.0.2.2/24 left v0: 3 routes went with it"},
		// The link down: its routes and its IPv6 addresses.
		{"lo; link v0; addr 2001:db8::1/64 dev v0; route local 10.9.0.0/16 dev v0", "lo; link v0 down",
		 "v0 went down: 2001:db8::1/64 and 2 routes went with it"},
		{"lo; link v0; route local 10.9.0.0/16 dev v0; route local 10.8.0.0/16 dev lo",
		 "lo; link v0 down; route local 10.7.0.0/16 dev lo",
		 "v0 went down: 1 route went with it\n"
		 "route added: local 10.7.0.0/16 dev lo\nroute deleted: local 10.8.0.0/16 dev lo"},
		// Away: with all that it had.
		{"lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0", "lo",
		 "v0 was deleted: 192.0.2.1/24, 2001:db8::1/64 and 4 routes went with it"},
		// Two things at once, neither because of the other.
		{"lo; link v0 down", "lo; link v0; addr 192.0.2.1/24 dev v0",
		 "v0 went up\n192.0.2.1/24 was added to v0: 3 routes came with it"},
		{"lo", "lo; sysctl net.ipv4.ip_nonlocal_bind=1", "net.ipv4.ip_nonlocal_bind is now 1"},
		{"lo", "lo; sysctl net.ipv4.ip_local_port_range=5000",
		 "net.ipv4.ip_local_port_range is now 5000 60999"},
		{"lo; link v0; addr fe80::1/64 dev v0 tentative", "lo; link v0; addr fe80::1/64 dev v0",
		 "duplicate address detection of fe80::1 on v0 has finished: 1 route came with it"},
		{"lo; link v0", "lo; link v0 noipv6", "v0 lost IPv6: disable_ipv6 is on"},
		// A few stand alone.
		{"lo", "lo; route local 10.1.0.0/16 dev lo; route local 10.2.0.0/16 dev lo",
		 "route added: local 10.1.0.0/16 dev lo\nroute added: local 10.2.0.0/16 dev lo"},
		{"lo; link a down; link b down; link c down; link d down", "lo; link a; link b; link c; link d",
		 "4 interfaces went up"},
		{"lo", "lo; link a; link b; link c; link d", "4 interfaces created"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin(cases[i].before);
		turns_into(cases[i].after, NULL, 1000);
		assert_string_equal(said(), cases[i].said);
	}
}

// Adds local routes 10.0.N.N/32 as the kernel announces them, and groups them.
static void add_routes(unsigned from, unsigned n, const char *own, int64_t now)
{
	host_changes_clear(&changes);
	for (unsigned i = from; i < from + n; i++) {
		union host_value v = {.route = {.dst = {addr_from_v4(0x0a000000 + i), 32},
						.info = {.table = RT_TABLE_LOCAL, .type = RTN_LOCAL, .oif = 1}}};
		assert_int_equal(host_insert(host, HOST_ROUTES4, i, &v, &changes), 0);
	}
	change_group(&groups, host, &changes, is_own, own, now);
}

// However many come, they are a few lines, and one of them says how many.
static void test_burst(void **state)
{
	(void)state;
	begin("lo");
	add_routes(0, 10000, NULL, 1000);
	assert_string_equal(said(), "10000 IPv4 routes added, all of them in 10.0.0.0/18");
	add_routes(10000, 1, NULL, 1500); // soon after
	assert_string_equal(said(), "10001 IPv4 routes added, all of them in 10.0.0.0/18");
	assert_int_equal(groups.n, 1);
	add_routes(10001, 2, NULL, 9000); // another story
	assert_string_equal(said(), "route added: local 10.0.39.17 dev lo\nroute added: local 10.0.39.18 dev lo");
	// One after the other, again and again.
	begin("lo");
	for (unsigned i = 0; i < 100; i++)
		add_routes(i, 1, NULL, 1000 + i);
	assert_string_equal(said(), "97 IPv4 routes added, all of them in 10.0.0.0/25");
	assert_int_equal(groups.n, 4);
	// What we do ourselves in the midst of it is told for itself.
	begin("lo");
	add_routes(0, 5, "local 10.0.0.2 ", 1000);
	assert_string_equal(said(), "4 IPv4 routes added, all of them in 10.0.0.0/29\n"
				    "own route added: local 10.0.0.2 dev lo");
}

// What follows a moment later is still a consequence, and makes the cause fresh again.
static void test_later(void **state)
{
	(void)state;
	begin("lo; link v0; addr fe80::1/64 dev v0; route local 10.9.0.0/16 dev v0");
	turns_into("lo; link v0 down; route local 10.9.0.0/16 dev v0", NULL, 1000);
	assert_string_equal(said(), "v0 went down: fe80::1/64 and 1 route went with it");
	turns_into("lo; link v0 down", NULL, 1200);
	assert_string_equal(said(), "v0 went down: fe80::1/64 and 2 routes went with it");
	assert_ptr_equal(change_group_of(&groups, 0), &groups.at[0]);
	assert_null(change_group_of(&groups, 1));
	turns_into("lo; link v0", NULL, 5000);
	assert_string_equal(said(), "v0 went up");
	assert_int_equal(groups.n, 1);
}

// A sysctl that is set again at once is told again: what was told of the first time stays true.
static void test_twice(void **state)
{
	(void)state;
	begin("lo");
	turns_into("lo; sysctl net.ipv4.ip_nonlocal_bind=1", NULL, 1000);
	assert_string_equal(said(), "net.ipv4.ip_nonlocal_bind is now 1");
	turns_into("lo", NULL, 1100);
	assert_string_equal(said(), "net.ipv4.ip_nonlocal_bind is now 0");
	assert_int_equal(groups.n, 2);
	// One that has two numbers, of which the first alone may change.
	turns_into("lo; sysctl net.ipv4.ip_local_port_range=5000", NULL, 1200);
	turns_into("lo; sysctl net.ipv4.ip_local_port_range=6000 7000", NULL, 1300);
	assert_int_equal(groups.n, 4);
	// The switch of each interface goes with the switch for all that it follows.
	begin("lo; link v0");
	turns_into("lo; link v0 noipv6; sysctl net.ipv6.conf.all.disable_ipv6=1", NULL, 1000);
	assert_string_equal(said(), "net.ipv6.conf.all.disable_ipv6 is now 1");
	turns_into("lo; link v0", NULL, 1100);
	assert_string_equal(said(), "net.ipv6.conf.all.disable_ipv6 is now 0");
}

// A rule that splits local and main deletes no route.
static void test_split(void **state)
{
	(void)state;
	const union host_value rule = {.rule = {.family = AF_INET, .priority = 77}};
	static const char before[] =
		"lo; link v0; route 10.0.0.0/8 dev v0 table 254; route 11.0.0.0/8 dev v0 table 254";
	begin(before);
	turns_into("lo; link v0; split", NULL, 1000);
	assert_string_equal(said(), "");
	begin(before);
	host_changes_clear(&changes);
	assert_int_equal(host_insert(host, HOST_RULES, 0, &rule, &changes), 0);
	change_group(&groups, host, &changes, is_own, NULL, 1000);
	assert_string_equal(said(), "IPv4 rule 77 added");
	struct host *fresh = made_host("lo; link v0; split");
	host_add_rule(fresh, &rule.rule);
	host_changes_clear(&changes);
	host_adopt(host, fresh, DUMP_ALL, &changes);
	host_free(fresh);
	change_group(&groups, host, &changes, is_own, NULL, 1100);
	assert_string_equal(said(), "IPv4 rule 77 added: local and main are split, "
				    "2 routes of main no longer count");
}

// More causes than are kept.
static void test_many_causes(void **state)
{
	(void)state;
	char script[MADE_TEXT] = "lo";
	begin("lo");
	for (int i = 0; i < 40; i++) {
		size_t used = strlen(script);
		snprintf(script + used, sizeof script - used, "; link v%d%s", i, i % 2 ? " down" : "");
		turns_into(script, NULL, 1000 + i * 400);
		assert_in_range(groups.n, 1, CHANGE_GROUPS);
	}
	assert_string_equal(said(), "v39 was created");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_causes), cmocka_unit_test(test_burst), cmocka_unit_test(test_later),
		cmocka_unit_test(test_split),  cmocka_unit_test(test_twice), cmocka_unit_test(test_many_causes),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	host_free(host);
	return failed;
}
