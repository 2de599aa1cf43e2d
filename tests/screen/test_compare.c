// SPDX-License-Identifier: GPL-3.0-or-later
// Two walks side by side, the counterpart and the matrix, end to end on a pseudo-terminal.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/screen/pty_lab.h"

#define ESCAPE "\033"

static void test_other_family(void **state)
{
	(void)state;
	struct pty *p = start_lab(36, 120);
	pty_type(p, "=");
	pty_until(p, "The other family");
	pty_until(p, "IPv4 tcp4 192.168.123.123:0");
	pty_until(p, "IPv6 tcp6 [2001:db8:123::123]:0");
	pty_until(p, "≠ First difference: classify (IPv4 step 5, IPv6 step 11)");
	pty_until(p, "│ ≠ –  5 classify");
	pty_until(p, "│ ≠ · 11 classify");
	pty_until(p, "Step 5 of 11 · classify of tcp4 192.168.123.123:0");
	pty_type(p, "\033[C"); // the details of the other one
	pty_until(p, "Step 11 of 15 · classify of tcp6 [2001:db8:123::123]:0");
	pty_type(p, "n");
	pty_until(p, "Step 12 of 15 · nonlocal");
	// The present walk is bound; the other one stays predicted.
	pty_type(p, "b");
	pty_until(p, "live: EADDRNOTAVAIL");
	pty_until(p, "predicted: EADDRNOTAVAIL");
	pty_type(p, ESCAPE);
	pty_until(p, "Local routes");
	quit(p);
}

static void test_counterpart(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "i");
	pty_until(p, "bind tcp6 [2001:db8:123::123]:0");
	pty_until(p, "the counterpart is tcp6 [2001:db8:123::123]:0; press i to go back");
	pty_type(p, "i");
	pty_until(p, "bind tcp4 192.168.123.123:0");
	// Two that were typed one after the other belong together if they are of one kind.
	pty_type(p, ":address 2001:db8:77::9\r");
	pty_until(p, "bind tcp6 [2001:db8:77::9]:0");
	pty_type(p, "i");
	pty_until(p, "bind tcp4 192.168.123.123:0");
	pty_type(p, ":address 127.0.0.1:8080\r");
	pty_until(p, "bind tcp4 127.0.0.1:8080");
	pty_type(p, "i");
	pty_until(p, "bind tcp6 [::1]:8080");
	pty_type(p, "=");
	pty_until(p, "IPv4 tcp4 127.0.0.1:8080");
	pty_type(p, "i"); // in any view
	pty_until(p, "IPv4 tcp4 127.0.0.1:8080");
	pty_until(p, "the counterpart is tcp4 127.0.0.1:8080");
	pty_type(p, ESCAPE);
	pty_until(p, "bind tcp4 127.0.0.1:8080");
	quit(p);
}

static void test_before_and_pinned(void **state)
{
	(void)state;
	struct pty *p = start_lab(36, 120);
	pty_type(p, "b");
	pty_until(p, "refused (live)");
	pty_type(p, ":ip route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "RTN_LOCAL");
	pty_type(p, "=");
	pty_until(p, "The other family");
	pty_type(p, "=");
	pty_until(p, "Before the last change  What changed: ip route add local 192.168.123.0/24 dev lo");
	pty_until(p, "live: EADDRNOTAVAIL");
	pty_until(p, "predicted: binds");
	pty_until(p, "First difference: classify (before step 5, now step 5)");
	pty_type(p, "P");
	pty_until(p, "pinned the walk");
	pty_type(p, "f");
	pty_until(p, "What changed: IP_FREEBIND set");
	pty_type(p, "=");
	pty_until(p, "Since it was pinned  Different since it was pinned: IP_FREEBIND set");
	pty_until(p, "First difference: nonlocal (pinned step 6, now step 7)");
	pty_type(p, "=");
	pty_until(p, "The other family");
	pty_type(p, ":compare with 127.0.0.1:80\r");
	pty_until(p, "Another address");
	pty_until(p, "other tcp4 127.0.0.1:80 freebind");
	pty_type(p, ESCAPE);
	pty_until(p, "Local routes");
	pty_type(p, ":compare with nonsense\r");
	pty_until(p, "nonsense");
	pty_type(p, "\003");
	quit(p);
}

// The interfaces have no room there.
static struct pty *start_small(void)
{
	const char *argv[] = {program, "lab", NULL};
	struct pty *p = pty_start(18, 60, "xterm-256color", argv);
	pty_until(p, "Walk  bind tcp4 192.168.123.123:0");
	pty_until(p, "model+asked");
	return p;
}

// One above the other, with both marks and both ends, and nothing essential out of sight.
static void test_small(void **state)
{
	(void)state;
	struct pty *p = start_small();
	pty_type(p, "=");
	pty_until(p, "IPv4 tcp4 192.168.123.123:0     predicted: EADDRNOTAVAIL");
	pty_until(p, "IPv6 tcp6 [2001:db8:123::123]:0 predicted: EADDRNOTAVAIL");
	pty_until(p, "≠ –  5 classify");
	pty_until(p, "≠ · 11 classify");
	pty_until(p, "✗  7 acceptable");
	pty_until(p, "✗ 13 address-list");
	pty_until(p, "≠ First difference: classify (IPv4 step 5, IPv6 step 11)");
	pty_type(p, "x");
	pty_until(p, "What does the routing table (FIB) say this address is?");
	pty_type(p, ESCAPE);
	pty_until(p, "≠ –  5 classify");
	pty_type(p, ESCAPE);
	pty_until(p, "Walk  bind tcp4");
	quit(p);
}

// Each column whole at 60 columns, each cell opens its walk on the host that it supposes.
static void test_matrix(void **state)
{
	(void)state;
	struct pty *p = start_small();
	pty_type(p, "M");
	pty_until(p, "nothing    ▸ EADDRNOTAVAIL  EADDRNOTAVAIL  EADDRNOTAVAIL │");
	pty_until(p, "configured   binds          binds          binds");
	pty_until(p, "IPv4 without any of these, predicted: ADDRESS");
	pty_type(p, "jj\033[C\033[C");
	pty_until(p, "Any-IP       binds          binds        ▸ EADDRNOTAVAIL");
	pty_until(p, "IPv6 with an Any-IP route, predicted: ADDRESS");
	pty_type(p, "\r");
	pty_until(p, "Supposed: IPv6 with an Any-IP route");
	pty_until(p, "✗ 13 address-list");
	pty_type(p, "x");
	pty_until(p, "route       local 2001:db8:123::/64 dev lo");
	pty_type(p, ESCAPE);
	pty_until(p, "Supposed: IPv6 with an Any-IP route");
	pty_type(p, ESCAPE);
	pty_until(p, "┌ Matrix");
	// The present host has no such route.
	pty_type(p, ESCAPE);
	pty_until(p, "Walk  bind tcp4 192.168.123.123:0");
	pty_until(p, "no route");
	quit(p);
}

static void test_matrix_live(void **state)
{
	char path[256];
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "M");
	pty_until(p, "predicted for this host under each change");
	pty_type(p, "b");
	pty_until(p, "bound for real under each change, and changed back");
	pty_until(p, "address configured  ●bound            ●bound            ●bound");
	pty_until(p, "live, as predicted: ADDRESS EADDRNOTAVAIL");
	pty_until(p, "192.168.123.123 is not an address of this host"); // it was one for a moment only
	pty_type(p, "\033[<0;62;6M\033[<0;62;6m");                      // a click on a cell
	pty_until(p, "Supposed: IPv6 with an Any-IP route");
	pty_type(p, ":write ~/m.md\r");
	pty_until(p, "matrix saved to");
	snprintf(path, sizeof path, "%s/m.md", home);
	assert_int_equal(unlink(path), 0);
	// There is nothing that it was before.
	pty_type(p, ESCAPE);
	pty_until(p, "Local routes");
	pty_type(p, ":compare with before\r");
	pty_until(p, "nothing has changed yet");
	pty_type(p, "\003");
	quit(p);
}

// A comparison would tell what is covered: until that is seen there is none.
static void test_cover(void **state)
{
	(void)state;
	struct pty *p = start_lab(60, 200);
	pty_until(p, "≠ · 11 classify");
	pty_type(p, "c");
	pty_until_gone(p, "≠ · 11 classify");
	pty_until_gone(p, "EADDRNOTAVAIL");
	pty_type(p, "=");
	pty_until_gone(p, "Local routes");
	pty_until(p, "Covered: will this bind succeed?");
	pty_until_gone(p, "EADDRNOTAVAIL");
	pty_type(p, "c");
	pty_until(p, "IPv6 tcp6 [2001:db8:123::123]:0");
	quit(p);
}

// A wide screen has both walks from the first picture on.
static void test_wide(void **state)
{
	(void)state;
	struct pty *p = start_lab(60, 200);
	pty_until(p, "The other family  tcp6 [2001:db8:123::123]:0");
	pty_until(p, "≠–  5 classify"); // in both walks
	pty_until(p, "≠ · 11 classify");
	pty_type(p, "f");
	pty_until(p, "Before the last change  What changed: IP_FREEBIND set");
	pty_until(p, "≠ –  6 nonlocal");
	pty_type(p, "i");
	pty_until(p, "The other family  tcp4 192.168.123.123:0 freebind");
	quit(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_family),
		cmocka_unit_test(test_counterpart),
		cmocka_unit_test(test_before_and_pinned),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_matrix_live),
		cmocka_unit_test(test_cover),
		cmocka_unit_test(test_wide),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
