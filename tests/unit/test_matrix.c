// SPDX-License-Identifier: GPL-3.0-or-later
// One bind as three families under five ways: what the matrix says on made-up hosts.
#include <errno.h>

#include "core/model/matrix.h"
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
	expect(&m, WAY_ANYIP, 0, 0, EADDRNOTAVAIL);
	expect(&m, WAY_FREEBIND, 0, 0, 0);
	expect(&m, WAY_TRANSPARENT, 0, 0, 0);
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
	column_is(&m, AS_IPV4, "203.0.113.9");
	// A scope belongs to the one address that it was given with.
	m = compare(script, "tcp6 fe80::1 0 scope=v0");
	assert_int_not_equal(m.cells[0][AS_IPV6].attempt.scope, 0);
	assert_int_equal(m.cells[0][AS_IPV4].attempt.scope, 0);
	assert_int_equal(m.cells[0][AS_MAPPED].attempt.scope, 0);
}

static void test_names(void **state)
{
	(void)state;
	for (int w = 0; w < WAY_COUNT; w++)
		assert_true(strlen(matrix_way_name((enum matrix_way)w)) > 3);
	struct addr a;
	addr_parse("192.0.2.77", &a);
	struct prefix p = matrix_anyip(&a);
	char text[PREFIX_TEXT];
	assert_string_equal(prefix_print(&p, text), "192.0.2.0/24");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign_address), cmocka_unit_test(test_rights),
		cmocka_unit_test(test_rows_are_apart),  cmocka_unit_test(test_counterparts),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
