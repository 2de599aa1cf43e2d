// SPDX-License-Identifier: GPL-3.0-or-later
// Changes as values: what a host takes where no lab has such devices or addresses, and how edits are printed.
#include <errno.h>
#include <string.h>

#include "core/change/edit_inverse.h"
#include "core/command/command_edit.h"
#include "tests/unit/made_host.h"

static struct inventory now;

static struct edit line(const char *text)
{
	char err[COMMAND_ERROR];
	struct edit e[COMMAND_EDITS];
	if (command_edit_line(text, e, err, sizeof err) != 1)
		fail_msg("%s: %s", text, err);
	return e[0];
}

static struct edit *fact(const char *text)
{
	struct edit e = line(text);
	assert_int_equal(inventory_add(&now, &e), 0);
	return &now.edits[now.n - 1];
}

static void expect(const char *text, int rc, const char *words)
{
	char err[EDIT_ERROR] = "";
	struct inventory back = {0};
	struct edit e = line(text);
	int got = edit_inverse(&now, &e, &back, err, sizeof err);
	if (got != rc || !strstr(err, words))
		fail_msg("%s: %d %s", text, got, err);
	assert_int_equal(back.n > 0, rc == 0);
	inventory_free(&back);
}

// A VLAN goes down with what it is on, and its routes with it; the other end of a veth pair does not.
static void test_stacked(void **state)
{
	(void)state;
	fact("link set eth0 up");
	fact("link set v0 up");
	*fact("link add vlan7 type veth peer eth0")->link.type = '\0';
	fact("link add v1 type veth peer v0");
	expect("link set eth0 down", -EOPNOTSUPP, "ip link set eth0 down: only in a lab");
	expect("link set v0 down", 0, "");
	inventory_free(&now);
}

// IPv6 puts an address that comes again before those of its scope.
static void test_address_order(void **state)
{
	(void)state;
	fact("address add 2001:db8::2/64 dev eth0");
	fact("address add 2001:db8::1/64 dev eth0");
	fact("address add fe80::1/64 dev eth0");
	fact("address add 2001:db8:9::1/64 dev lo");
	expect("address del 2001:db8::2/64 dev eth0", 0, "");
	expect("address del 2001:db8::1/64 dev eth0", -EOPNOTSUPP, "2001:db8::2/64");
	expect("address del fe80::1/64 dev eth0", 0, "");
	expect("address del 2001:db8:9::1/64 dev lo", 0, "");
	inventory_free(&now);
}

static void test_printed(void **state)
{
	static const struct {
		const char *line, *print, *shell;
	} rows[] = {
		{"link set up down", NULL, NULL},
		{"link set dev up down", "link set dev up down", "ip link set up down"},
		{"link set 'a&b' up", "link set dev 'a&b' up", "ip link set 'a&b' up"},
		{"link set \"a'b\" up", "link set dev \"a'b\" up", "ip link set $'a\\'b' up"},
		{"link set l\u043e up", "link set dev l\u043e up", "ip link set $'l\\xd0\\xbe' up"},
		{"route add 10.0.0.0/8 via fe80::1", "route add 10.0.0.0/8 via fe80::1",
		 "ip route add 10.0.0.0/8 via inet6 fe80::1"},
		{"ip -6 ro del default", "route del ::/0", "ip route del ::/0"},
		{"route add 10.0.0.0/8 dev eth0 table main proto static", "route add 10.0.0.0/8 dev eth0 proto static",
		 "ip route add 10.0.0.0/8 dev eth0 proto static"},
		{"route add local 10.0.0.0/8 dev lo table main", "route add local 10.0.0.0/8 dev lo table main",
		 "ip route add local 10.0.0.0/8 dev lo table main"},
		{"sysctl net.ipv4.ip_local_port_range=1 2", "sysctl net.ipv4.ip_local_port_range '1 2'",
		 "sysctl -w net.ipv4.ip_local_port_range='1 2'"},
		{"rule add not from all to 10.0.0.0/8 fwmark 5/0xff prohibit",
		 "rule add not to 10.0.0.0/8 fwmark 0x5/0xff prohibit",
		 "ip rule add not to 10.0.0.0/8 fwmark 0x5/0xff prohibit"},
		{"address add 10.0.0.1 peer 10.0.0.2/32 dev eth0 home",
		 "address add 10.0.0.1 peer 10.0.0.2/32 dev eth0 home",
		 "ip address add 10.0.0.1 peer 10.0.0.2/32 dev eth0 home"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[EDIT_TEXT], err[COMMAND_ERROR];
		struct edit e[COMMAND_EDITS];
		int n = command_edit_line(rows[i].line, e, err, sizeof err);
		if (n != (rows[i].print ? 1 : -EINVAL))
			fail_msg("%s: %d %s", rows[i].line, n, err);
		if (!rows[i].print)
			continue;
		assert_string_equal(edit_print(e, text, sizeof text), rows[i].print);
		assert_string_equal(edit_shell(e, text, sizeof text), rows[i].shell);
	}
}

// What the parser of single arguments does not see.
static void test_wrong(void **state)
{
	static const char *const lines[] = {
		"rule add from 10.0.0.0/8 to 2001:db8::/32 lookup 5",
		"nexthop add id 0 blackhole",
		"link add d0 type dummy netns neighbour",
		"link add v0 type veth peer v1 netns elsewhere",
		"sysctl net.ipv4.ip_nonlocal_bind",
		"undo",
		"bind 10.0.0.1",
	};
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char err[COMMAND_ERROR] = "";
		struct edit e[COMMAND_EDITS];
		assert_int_equal(command_edit_line(lines[i], e, err, sizeof err), -EINVAL);
		assert_true(err[0] != '\0');
	}
	char err[COMMAND_ERROR];
	struct edit e[COMMAND_EDITS];
	assert_int_equal(command_edit_line("link set eth0 up master red", e, err, sizeof err), 2);
	assert_int_equal(e[0].kind, EDIT_MASTER);
	assert_int_equal(e[1].kind, EDIT_UP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stacked),
		cmocka_unit_test(test_address_order),
		cmocka_unit_test(test_printed),
		cmocka_unit_test(test_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
