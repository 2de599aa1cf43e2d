// SPDX-License-Identifier: GPL-3.0-or-later
// What changes shows: marks until the next key, events with what they did, and the panes of events and sockets. What
// others change, they change inside the lab.
#include <sys/socket.h>

#include "tests/screen/outside.h"

// A command's row has a mark, the heading a count, and both are gone with the next key; the event says what it did.
static void test_own_change(void **state)
{
	(void)state;
	struct pty *p = start_lab(40, 100);
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "Local routes +1");
	pty_until(p, "+192.168.123.0/24");
	pty_type(p, "n");
	pty_until_gone(p, "Local routes +1");
	pty_type(p, "f");
	pty_until(p, "*[x] IP_FREEBIND");
	pty_type(p, "E");
	pty_until(p, "route added: local 192.168.123.0/24 dev lo: 192.168.123.123 now binds");
	pty_until(p, "IP_FREEBIND on: 192.168.123.123 still binds");
	pty_type(p, "/added\r");
	pty_until(p, "/added 1 of ");
	pty_until_gone(p, "IP_FREEBIND on");
	pty_type(p, "\r"); // goes to the route
	pty_until(p, "Interfaces");
	pty_until(p, "here: route added: local 192.168.123.0/24 dev lo");
	pty_type(p, ":undo\r");
	pty_until(p, "Local routes -1");
	pty_type(p, "n:show events\r");
	pty_until(p, "undo: 1 change");
	pty_until(p, "route deleted: local 192.168.123.0/24 dev lo");
	assert_false(pty_shows(p, "outside"));
	pty_type(p, "\r"); // closes it
	quit(p);
}

// Others: what they changed stays marked until a key comes, also what the list did not show.
static void test_change_from_outside(void **state)
{
	(void)state;
	struct pty *p = start_lab(40, 120);
	change_outside(p, "address add 198.51.100.7/24 dev eth0");
	pty_until(p, "Interfaces +1");
	pty_until(p, "+  198.51.100.7/24");
	change_outside(p, "sysctl net.ipv4.ip_nonlocal_bind 1");
	pty_until(p, "*[x] nonlocal_bind v4");
	change_outside(p, "route add local 192.168.123.0/24 dev lo; rule add pref 77 lookup 77");
	pty_until(p, "+192.168.123.0/24");
	pty_until(p, "split from main");
	assert_true(pty_shows(p, "+  198.51.100.7/24"));
	change_outside(p, "link set eth0 down");
	pty_until(p, "*eth0 veth");
	pty_type(p, "E");
	pty_until(p, "outside 198.51.100.7/24 was added to eth0: 3 routes came with it");
	pty_until(p, "outside net.ipv4.ip_nonlocal_bind is now 1: 192.168.123.123 now binds");
	pty_until(p, "outside route added: local 192.168.123.0/24 dev lo");
	pty_until(p, "outside IPv4 rule 77 added: local and main are split, 2 routes of main no longer count");
	pty_until(p, "outside eth0 went down: ");
	pty_until(p, " routes went with it");
	quit(p);
}

// Without a key between them, the newest of two changes that have no room together is in sight. What is changed back
// at once leaves two events, and each keeps its effect.
static void test_newest(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 120);
	change_outside(p, "address add 127.0.0.9/8 dev lo");
	pty_until(p, "+  127.0.0.9/8");
	change_outside(p, "link add late type veth peer later");
	pty_until(p, "+later veth");
	pty_type(p, ":sysctl -w net.ipv4.ip_nonlocal_bind=1\r");
	pty_until(p, "OK  192.168.123.123");
	pty_type(p, "U");
	pty_until(p, "1 change undone");
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, "E");
	pty_until(p, "net.ipv4.ip_nonlocal_bind is now 1");
	pty_until(p, "net.ipv4.ip_nonlocal_bind is now 0");
	pty_until(p, "now binds");
	pty_until(p, "now fails with EADDRNOTAVAIL");
	quit(p);
}

// A secondary address goes with its primary one: one event.
static void test_secondary(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 120);
	change_outside(p, "address add 198.51.100.7/24 dev eth0; address add 198.51.100.8/24 dev eth0");
	pty_until(p, "Interfaces +2");
	pty_type(p, ":address 198.51.100.8\r");
	pty_until(p, "OK  198.51.100.8");
	change_outside(p, "address del 198.51.100.7/24 dev eth0");
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, "E");
	pty_until(p, "0: 198.51.100.8/24 and 4 routes went with it; 198.51.100.8 now fails with EADDRNOTAVAIL");
	pty_until(p, "198.51.100.7/24 was added to eth0: 3 routes came with it");
	pty_until(p, "198.51.100.8/24 was added to eth0: 1 route came with it");
	pty_until(p, "address 198.51.100.8: it binds");
	pty_type(p, "\r"); // the whole of it
	pty_until(p, "outside: 198.51.100.7/24 left eth0: 198.51.100.8/24 and ");
	quit(p);
}

// However many: one line, which says how many, and marks.
static void test_burst(void **state)
{
	(void)state;
	enum { MANY = 2000 };
	struct pty *p = start_lab(24, 80);
	routes_outside(p, MANY);
	pty_until(p, "Local routes +2000");
	pty_type(p, "E");
	pty_until(p, "IPv4 routes added, all of them in 10.0.");
	pty_type(p, "/outside\r");
	pty_until(p, " of ");
	assert_false(pty_shows(p, "10.0.7.200"));
	quit(p);
}

// K: the sockets, and the one that is chosen stands in the way.
static void test_sockets(void **state)
{
	(void)state;
	const struct held one = {SOCK_STREAM, "127.0.0.1", 7001}, other = {SOCK_DGRAM, "192.0.2.2", 7002};
	struct pty *p = start_lab(24, 150);
	pid_t holder = in_lab(p, hold, &one);
	pty_type(p, "K");
	pty_until(p, "Sockets · 1 as of ");
	pty_until(p, "127.0.0.1:7001");
	pty_until(p, "(test_events)");
	pid_t second = in_lab(p, hold, &other);
	pty_type(p, "\x0c"); // Ctrl-L
	pty_until(p, "Sockets +1 · 2 as of ");
	pty_until(p, "+udp4");
	pty_type(p, "/7001\r");
	pty_until(p, "/7001 1 of 2");
	pty_type(p, "\r");
	pty_until(p, "EADDRINUSE");
	pty_until(p, "Port 7001 is held by another socket");
	end(holder); // whose port is shown: that is heard
	pty_until(p, "OK  127.0.0.1");
	pty_until(p, "/7001 0 of 1");
	end(second);
	pty_type(p, "E");
	pty_until(p, "outside port released: tcp 127.0.0.1:7001 LISTEN");
	quit(p);
}

// A wide screen has both panes beside everything else.
static void test_wide(void **state)
{
	(void)state;
	const struct held held = {SOCK_STREAM, "127.0.0.1", 7001};
	struct pty *p = start_lab(50, 180);
	pty_until(p, "Sockets · 0 as of ");
	pty_until(p, "join this lab from another shell");
	pid_t holder = in_lab(p, hold, &held);
	pty_type(p, "b");
	pty_until(p, "Sockets +1 · 1 as of ");
	pty_until(p, "bind tcp4 192.168.123.123:0: EADDRNOTAVAIL");
	end(holder);
	quit(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_change), cmocka_unit_test(test_change_from_outside),
		cmocka_unit_test(test_secondary),  cmocka_unit_test(test_newest),
		cmocka_unit_test(test_burst),      cmocka_unit_test(test_sockets),
		cmocka_unit_test(test_wide),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
