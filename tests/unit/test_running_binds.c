// SPDX-License-Identifier: GPL-3.0-or-later
// Binds put together from the moments of many threads, and processes known by their forks.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>

#include "core/evidence/process_tree.h"
#include "core/evidence/running_binds.h"

static struct running_binds *binds;

static int set_up(void **state)
{
	(void)state;
	binds = running_binds_new();
	return binds ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	running_binds_free(binds);
	return 0;
}

// A moment of thread `thread`, which in our pid namespace has a number that is 1000 less.
static struct trace_moment at(uint64_t time, uint32_t thread, enum bind_point point)
{
	return (struct trace_moment){.time = time,
				     .pid = thread - 1000,
				     .thread = thread - 1000,
				     .cgroup = 7,
				     .said = {.point = point, .thread = thread, .fd = 3, .addrlen = 16}};
}

static struct trace_moment lookup(uint64_t time, uint32_t thread, uint32_t dst, int err)
{
	struct trace_moment m = at(time, thread, POINT_FIB4);
	m.said.dst = dst;
	m.said.table = 255;
	m.said.err = err;
	return m;
}

static void goes_on(struct trace_moment m)
{
	struct bind_event e;
	assert_false(running_binds_take(binds, &m, &e));
}

static struct bind_event ends(uint64_t time, uint32_t thread, long ret)
{
	struct bind_event e;
	struct trace_moment m = at(time, thread, POINT_EXIT);
	m.said.ret = ret;
	assert_true(running_binds_take(binds, &m, &e));
	return e;
}

static void test_whole(void **state)
{
	(void)state;
	struct addr addr = addr_from_v4(0xc6336401);
	goes_on(at(100, 1005, POINT_ENTER));
	goes_on(at(110, 1006, POINT_ENTER));
	goes_on(lookup(130, 1005, 0xc6336401, -EAGAIN));
	struct bind_event e = ends(160, 1005, -EADDRNOTAVAIL);
	assert_int_equal(e.source, SOURCE_TRACEPOINTS);
	assert_int_equal(e.when, 100);
	assert_int_equal(e.ns, 60);
	assert_int_equal(e.pid, 5);
	assert_int_equal(e.thread, 5);
	assert_int_equal(e.cgroup, 7);
	assert_int_equal(e.fd, 3);
	assert_int_equal(e.addrlen, 16);
	assert_int_equal(e.err, EADDRNOTAVAIL);
	assert_true(e.addr_known);
	assert_false(e.socket_known);
	assert_false(e.uid_known);
	assert_memory_equal(&e.attempt.addr, &addr, sizeof addr);
	assert_int_equal(e.attempt.family, AF_INET);
	assert_true(e.inner.present);
	assert_int_equal(e.inner.ncalls, 1);
	assert_int_equal(e.inner.calls[0].function, KF_fib_table_lookup);
	assert_int_equal(e.inner.calls[0].returned, -EAGAIN);
	assert_int_equal(e.inner.calls[0].ns, 30);
	assert_int_equal(e.inner.calls[0].table, 255);
	e = ends(170, 1006, 0);
	assert_int_equal(e.err, 0);
	assert_false(e.addr_known);
	assert_true(e.inner.present);
	assert_int_equal(e.inner.ncalls, 0);
}

static void test_lookups(void **state)
{
	(void)state;
	goes_on(lookup(90, 1005, 1, 0)); // before bind
	goes_on(at(100, 1005, POINT_ENTER));
	struct trace_moment other = lookup(110, 1005, 2, 0);
	other.said.interrupted = true;
	goes_on(other);
	for (int i = 0; i < 70000; i++)
		goes_on(lookup(120, 1005, 3, 0));
	struct bind_event e = ends(130, 1005, 0);
	assert_true(e.addr_known);
	assert_int_equal(addr_v4(&e.attempt.addr), 3);
	assert_int_equal(e.inner.counts[KF_fib_table_lookup], UINT16_MAX);
	assert_int_equal(e.inner.ncalls, KERNEL_CALLS_EACH);

	goes_on(at(200, 1005, POINT_ENTER));
	goes_on(lookup(210, 1005, 4, 0));
	goes_on(lookup(220, 1005, 5, 0));
	e = ends(230, 1005, 0);
	assert_false(e.addr_known);
	assert_int_equal(e.inner.ncalls, 2);
}

// A filter answered, or the record was lost.
static void test_no_beginning(void **state)
{
	(void)state;
	struct bind_event e = ends(100, 1005, -EPERM);
	assert_int_equal(e.when, 100);
	assert_int_equal(e.pid, 5);
	assert_int_equal(e.err, EPERM);
	assert_int_equal(e.fd, -1);
	assert_int_equal(e.addrlen, -1);
	assert_false(e.addr_known);
	assert_false(e.inner.present);
}

static void test_no_end(void **state)
{
	(void)state;
	goes_on(at(100, 1005, POINT_ENTER));
	goes_on(lookup(110, 1005, 1, 0));
	goes_on(at(200, 1005, POINT_ENTER)); // another thread with that number, or a record was lost
	struct bind_event e = ends(250, 1005, 0);
	assert_int_equal(e.when, 200);
	assert_false(e.addr_known);
}

static void test_doubt(void **state)
{
	(void)state;
	goes_on(at(100, 1005, POINT_ENTER));
	running_binds_doubt(binds);
	goes_on(at(110, 1006, POINT_ENTER));
	struct bind_event e = ends(120, 1005, 0);
	assert_false(e.inner.present);
	assert_true(e.inner.why_not[0]);
	assert_true(ends(130, 1006, 0).inner.present);
}

// Threads that die in bind: there are ever more of them, and the latest ones are known.
static void test_dying_threads(void **state)
{
	(void)state;
	enum { DYING = 1000000, LATEST = 100 };
	for (uint32_t i = 0; i < DYING; i++)
		goes_on(at(i, 2000 + i, POINT_ENTER));
	for (uint32_t i = DYING - LATEST; i < DYING; i++)
		assert_int_equal(ends(DYING, 2000 + i, 0).when, i);
	assert_int_equal(ends(DYING, 2000, 0).fd, -1);
}

static void test_tree(void **state)
{
	(void)state;
	struct process_tree *t = process_tree_new();
	assert_non_null(t);
	assert_false(process_tree_has(t, 10));
	assert_int_equal(process_tree_add(t, 10), 0);
	process_tree_fork(t, 10, 11);
	process_tree_fork(t, 11, 4194303);
	process_tree_fork(t, 9, 12);
	assert_true(process_tree_has(t, 10) && process_tree_has(t, 11) && process_tree_has(t, 4194303));
	assert_false(process_tree_has(t, 12) || process_tree_has(t, 9));
	process_tree_fork(t, 9, 11); // the number was given out again
	assert_false(process_tree_has(t, 11));
	assert_int_equal(process_tree_add(t, 0), -EINVAL);
	assert_int_equal(process_tree_add(t, 4194304), -EINVAL);
	process_tree_fork(t, 10, UINT32_MAX); // outside of our pid namespace
	process_tree_fork(t, 0, 0);
	assert_false(process_tree_has(t, 0) || process_tree_has(t, UINT32_MAX));
	process_tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lookups, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_beginning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_doubt, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dying_threads, set_up, tear_down),
		cmocka_unit_test(test_tree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
