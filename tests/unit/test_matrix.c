// SPDX-License-Identifier: GPL-3.0-or-later
// One bind as three families under six ways: what the matrix says on made-up hosts, and how it is written.
#include <errno.h>

#include "core/model/host_equal.h"
#include "core/text/matrix_text.h"
#include "core/text/width.h"
#include "tests/unit/made_host.h"

static struct matrix compare(const char *script, const char *bind)
{
	struct host *h = made_host(script);
	struct attempt a = made_attempt(h, bind);
	struct matrix m;
	assert_int_equal(matrix_predict(made_facts(h), &a, &m), 0);
	host_free(h);
	return m;
}

static void expect(const struct matrix *m, enum matrix_way w, int v4, int mapped, int v6)
{
	const int want[AS_COUNT] = {v4, mapped, v6};
	for (int c = 0; c < AS_COUNT; c++)
		if (m->cells[w][c].err != want[c])
			fail_msg("%s, %s: %s", matrix_way_name(w), matrix_column_name((enum matrix_column)c),
				 errno_name(m->cells[w][c].err));
}

// The whole lesson in one table: Any-IP is what IPv6 does not have.
static void test_foreign_address(void **state)
{
	(void)state;
	struct matrix m = compare("lo; link v0; addr 192.0.2.1/24 dev v0", "tcp4 203.0.113.9 0");
	expect(&m, WAY_NOTHING, EADDRNOTAVAIL, EADDRNOTAVAIL, EADDRNOTAVAIL);
	expect(&m, WAY_CONFIGURED, 0, 0, 0);
	expect(&m, WAY_ANYIP, 0, 0, EADDRNOTAVAIL);
	expect(&m, WAY_FREEBIND, 0, 0, 0);
	expect(&m, WAY_TRANSPARENT, 0, 0, 0);
	assert_int_equal(m.cells[WAY_CONFIGURED][AS_IPV4].code, CODE_ADDR_LOCAL);
	assert_int_equal(m.cells[WAY_CONFIGURED][AS_IPV6].code, CODE_ADDR_CONFIGURED);
	expect(&m, WAY_SYSCTL, 0, 0, 0);
	assert_int_equal(m.cells[WAY_ANYIP][AS_IPV4].code, CODE_ADDR_ANYIP);
	assert_int_equal(m.cells[WAY_ANYIP][AS_IPV6].code, CODE_ADDR_ROUTED_ONLY);
	assert_int_equal(m.cells[WAY_FREEBIND][AS_IPV6].code, CODE_NONLOCAL_BY_FREEBIND);
}

static void test_rights(void **state)
{
	(void)state;
	struct matrix m = compare("lo; nocaps", "tcp6 2001:db8::9 0");
	expect(&m, WAY_FREEBIND, 0, 0, 0);
	expect(&m, WAY_TRANSPARENT, EPERM, EPERM, EPERM);
}

// Neither the host's switches nor what is set on the socket count for the row without them.
static void test_rows_are_apart(void **state)
{
	(void)state;
	struct matrix m = compare("lo; sysctl net.ipv4.ip_nonlocal_bind=1", "tcp4 203.0.113.9 0 freebind");
	expect(&m, WAY_NOTHING, EADDRNOTAVAIL, EADDRNOTAVAIL, EADDRNOTAVAIL);
	assert_false(attempt_on(&m.cells[WAY_NOTHING][AS_IPV4].attempt, OPT_FREEBIND));
	assert_true(attempt_on(&m.cells[WAY_FREEBIND][AS_IPV4].attempt, OPT_FREEBIND));
	assert_false(attempt_on(&m.cells[WAY_TRANSPARENT][AS_IPV4].attempt, OPT_FREEBIND));
}

static void column_is(const struct matrix *m, enum matrix_column c, const char *address)
{
	char text[ADDR_TEXT];
	assert_string_equal(addr_print(&m->cells[WAY_NOTHING][c].attempt.addr, text), address);
}

static void test_counterparts(void **state)
{
	const char *script =
		"lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v0";
	(void)state;
	struct matrix m = compare(script, "tcp4 192.0.2.1 80");
	column_is(&m, AS_MAPPED, "::ffff:192.0.2.1");
	column_is(&m, AS_IPV6, "2001:db8::1"); // of the same interface, and not the link-local one
	expect(&m, WAY_NOTHING, 0, 0, 0);
	m = compare(script, "tcp6 2001:db8::1 80");
	column_is(&m, AS_IPV4, "192.0.2.1");
	m = compare(script, "tcp6 ::ffff:192.0.2.1 80");
	column_is(&m, AS_IPV4, "192.0.2.1");
	column_is(&m, AS_MAPPED, "::ffff:192.0.2.1");
	column_is(&m, AS_IPV6, "2001:db8::1");
	m = compare("lo", "tcp4 127.0.0.1 0");
	column_is(&m, AS_IPV6, "::1");
	m = compare("lo", "tcp6 ::1 0");
	column_is(&m, AS_IPV4, "127.0.0.1");
	m = compare("lo", "tcp4 0.0.0.0 0");
	column_is(&m, AS_IPV6, "::");
	expect(&m, WAY_NOTHING, 0, 0, 0);
	m = compare("lo", "udp4 224.0.0.5 0");
	assert_true(addr_is_multicast(&m.cells[0][AS_IPV6].attempt.addr));
	m = compare("lo", "tcp6 2001:db8:7::9 0");
	column_is(&m, AS_IPV4, "192.168.7.9");
	// A scope belongs to the one address that it was given with.
	m = compare(script, "tcp6 fe80::1 0 scope=v0");
	assert_int_not_equal(m.cells[0][AS_IPV6].attempt.scope, 0);
	assert_int_equal(m.cells[0][AS_IPV4].attempt.scope, 0);
	assert_int_equal(m.cells[0][AS_MAPPED].attempt.scope, 0);
}

// What a row adds to a host, as a command.
static void change_is(const char *script, const char *bind, enum matrix_way w, const char *want)
{
	struct host *h = made_host(script);
	struct attempt a = made_attempt(h, bind);
	char buf[MATRIX_CHANGE];
	assert_string_equal(matrix_change(h, &a, w, buf), want);
	host_free(h);
}

static void test_changes(void **state)
{
	(void)state;
	const char *net = "lo; link v0; addr 192.0.2.1/24 dev v0; addr fe80::1/64 dev v0";
	change_is(net, "tcp4 203.0.113.9 0", WAY_CONFIGURED, "address add 203.0.113.9 dev lo");
	change_is(net, "tcp4 203.0.113.9 0", WAY_ANYIP, "route add local 203.0.113.0/24 dev lo");
	change_is(net, "tcp6 ::ffff:203.0.113.9 0", WAY_CONFIGURED, "address add 203.0.113.9 dev lo");
	change_is(net, "tcp6 2001:db8:1:2::9 0", WAY_CONFIGURED, "address add 2001:db8:1:2::9 dev lo nodad");
	change_is(net, "tcp6 2001:db8:1:2::9 0", WAY_ANYIP, "route add local 2001:db8:1:2::/64 dev lo");
	change_is(net, "tcp6 fe80::7 0 scope=v0", WAY_CONFIGURED, "address add fe80::7 dev v0 nodad");
	change_is(net, "tcp6 2001:db8::9 0 dev=v0", WAY_CONFIGURED, "address add 2001:db8::9 dev v0 nodad");
	// Nothing to add: it is there, no host can have it, or the row is about something else.
	change_is(net, "tcp4 192.0.2.1 0", WAY_CONFIGURED, "");
	change_is(net, "tcp4 0.0.0.0 0", WAY_CONFIGURED, "");
	change_is(net, "udp4 224.0.0.5 0", WAY_ANYIP, "");
	change_is(net, "tcp4 203.0.113.9 0", WAY_FREEBIND, "");
	change_is("lo; link v0 noipv6", "tcp6 2001:db8::9 0 dev=v0", WAY_CONFIGURED, "");
	// In a VRF the address is the bound device's, and the route is of the VRF's table.
	const char *vrf = "lo; vrf red 10; link v0 master red";
	change_is(vrf, "tcp4 203.0.113.9 0 dev=v0", WAY_CONFIGURED, "address add 203.0.113.9 dev v0");
	change_is(vrf, "tcp4 203.0.113.9 0 dev=v0", WAY_ANYIP, "route add local 203.0.113.0/24 dev red table 10");
	struct matrix m = compare(vrf, "tcp4 203.0.113.9 0 dev=v0");
	expect(&m, WAY_CONFIGURED, 0, 0, 0);
	expect(&m, WAY_ANYIP, 0, 0, EADDRNOTAVAIL);
}

// Whoever holds the port holds it under each change.
static void test_port_is_held(void **state)
{
	(void)state;
	struct matrix m = compare("lo; sock tcp4 0.0.0.0 80 listen", "tcp4 203.0.113.9 80");
	expect(&m, WAY_CONFIGURED, EADDRINUSE, EADDRINUSE, 0);
	expect(&m, WAY_FREEBIND, EADDRINUSE, EADDRINUSE, 0);
	expect(&m, WAY_NOTHING, EADDRNOTAVAIL, EADDRNOTAVAIL, EADDRNOTAVAIL);
}

// The base stays as it is, also where a supposed host has more.
static void test_base_stays(void **state)
{
	(void)state;
	struct host *h = made_host("lo; route local 198.51.100.0/24 dev lo");
	struct host *before = host_copy(h);
	struct attempt a = made_attempt(h, "tcp6 2001:db8::9 0");
	struct matrix m;
	assert_int_equal(matrix_predict(made_facts(h), &a, &m), 0);
	assert_true(host_equal(h, before));
	host_free(before);
	host_free(h);
}

static void line_of(const struct matrix *m, unsigned width, unsigned n, struct row *out)
{
	assert_true(matrix_text_line(m, width, n, out));
	assert_true(width_text(out->text, out->used) <= width);
}

// Every column is whole in 56 columns, with the longest errno that there is.
static void test_narrow(void **state)
{
	(void)state;
	struct matrix m = compare("lo", "tcp4 203.0.113.9 0");
	struct row r;
	line_of(&m, 56, 1, &r);
	assert_string_equal(r.text, "             IPv4           v4-mapped      IPv6");
	line_of(&m, 56, 2, &r);
	assert_string_equal(r.text, "nothing      EADDRNOTAVAIL  EADDRNOTAVAIL  EADDRNOTAVAIL");
	line_of(&m, 79, 3, &r);
	assert_non_null(strstr(r.text, "address configured"));
	// A screen of 40 columns shows one column.
	struct matrix_layout l = matrix_layout(&m, 38, AS_IPV6);
	matrix_row(&m, &l, WAY_ANYIP, AS_IPV6, &r);
	assert_string_equal(r.text, "Any-IP route       ▸ EADDRNOTAVAIL");
	for (int w = 0; w < WAY_COUNT; w++)
		for (int c = 0; c < AS_COUNT; c++)
			m.cells[w][c].err = EPROTONOSUPPORT;
	for (unsigned width = 56; width <= 120; width++)
		for (unsigned n = 2; n < 2 + WAY_COUNT; n++) {
			line_of(&m, width, n, &r);
			const char *last = r.text + r.used - strlen("EPROTONOSUPPORT");
			assert_string_equal(last, "EPROTONOSUPPORT");
			assert_non_null(strstr(r.text, "EPROTONOSUPPORT"));
		}
}

// Predicted, bound for real, and where they differ.
static void test_marks(void **state)
{
	(void)state;
	struct matrix m = compare("lo", "tcp4 203.0.113.9 0");
	struct matrix_layout l = matrix_layout(&m, 79, AS_IPV4);
	struct row r;
	m.cells[WAY_FREEBIND][AS_IPV4].live = true;
	m.cells[WAY_FREEBIND][AS_MAPPED].live = true;
	m.cells[WAY_FREEBIND][AS_MAPPED].live_err = EPERM;
	matrix_row(&m, &l, WAY_FREEBIND, AS_IPV4, &r);
	assert_non_null(strstr(r.text, "▸●bound"));
	assert_non_null(strstr(r.text, "!EPERM"));
	assert_non_null(strstr(r.text, " binds"));
	matrix_legend(&m, &r);
	assert_non_null(strstr(r.text, "not as predicted"));
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	assert_int_equal(matrix_markdown(&m, f), 0);
	fclose(f);
	assert_non_null(strstr(
		text, "| IP\\_FREEBIND | bound (live) | EPERM (live, not as predicted) | binds (predicted) |\n"));
	free(text);
	json_t *json = matrix_json(&m);
	assert_int_equal(json_array_size(json), WAY_COUNT * AS_COUNT);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign_address), cmocka_unit_test(test_rights),
		cmocka_unit_test(test_rows_are_apart),  cmocka_unit_test(test_counterparts),
		cmocka_unit_test(test_changes),         cmocka_unit_test(test_port_is_held),
		cmocka_unit_test(test_base_stays),      cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_marks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
