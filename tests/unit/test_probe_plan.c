// SPDX-License-Identifier: GPL-3.0-or-later
// In which way each of the kernel's functions is watched, by what a kernel says of itself.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "core/evidence/probe_plan.h"

static const int arguments[] = {
#define FUNCTION(name, step, takes, gives, arguments, quiet) arguments,
#include "core/model/kernel_functions.def"
#undef FUNCTION
};

enum { FIRST_PIDNS = 0xEFFFFFFC };

// A kernel that has all functions, as Linux 5.10 has them, and those of SCTP in a module.
static struct probe_types old_kernel(void)
{
	struct probe_types t = {.of_modules = 1ull << KF_sctp_bind};
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		t.arguments[f] = f == KF_sctp_bind ? -1 : arguments[f];
	return t;
}

static struct probe_plan plan(const struct probe_types *types, struct bind_probe_how how)
{
	struct probe_plan p;
	probe_plan_make(types, &how, &p);
	return p;
}

static void test_fexit_where_the_arguments_are_known(void **state)
{
	(void)state;
	struct probe_types t = old_kernel();
	struct probe_plan p = plan(&t, (struct bind_probe_how){0});
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		assert_int_equal(p.way[f], f == KF_sctp_bind ? BY_KPROBE : BY_FEXIT);
	t.arguments[KF___inet_bind]++; // the value would stand elsewhere
	assert_int_equal(plan(&t, (struct bind_probe_how){0}).way[KF___inet_bind], BY_KPROBE);
	t.tells_values = true;
	assert_int_equal(plan(&t, (struct bind_probe_how){0}).way[KF___inet_bind], BY_FEXIT);
}

static void test_kprobes_where_types_say_nothing_or_they_are_wanted(void **state)
{
	(void)state;
	struct probe_types t = old_kernel();
	t.arguments[KF_mptcp_bind] = -1;
	t.many = true;
	assert_int_equal(plan(&t, (struct bind_probe_how){.own_thread = true}).way[KF_mptcp_bind], BY_KPROBE);
	struct probe_plan p = plan(&t, (struct bind_probe_how){.own_thread = true, .kprobes = true});
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		assert_int_equal(p.way[f], BY_KPROBE);
}

static void test_many_for_the_own_thread_only(void **state)
{
	(void)state;
	struct probe_types t = old_kernel();
	assert_int_equal(plan(&t, (struct bind_probe_how){.own_thread = true}).way[KF_inet_bind], BY_FEXIT);
	t.many = true;
	assert_int_equal(plan(&t, (struct bind_probe_how){0}).way[KF_inet_bind], BY_FEXIT);
	struct probe_plan p = plan(&t, (struct bind_probe_how){.own_thread = true});
	assert_int_equal(p.way[KF___sys_bind], BY_FEXIT); // what begins a record
	assert_int_equal(p.way[KF_inet_bind], BY_MANY);
	assert_int_equal(p.way[KF_sctp_bind], BY_MANY);
	assert_int_equal(p.way[KF_fib_table_lookup], BY_FEXIT); // for each packet
}

static void test_many_where_threads_are_stopped_anywhere(void **state)
{
	(void)state;
	struct probe_types t = old_kernel();
	t.preempts = true;
	assert_int_equal(plan(&t, (struct bind_probe_how){0}).way[KF_inet_bind], BY_FEXIT); // there is no other
	t.many = true;
	struct probe_plan p = plan(&t, (struct bind_probe_how){.quiet = true});
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		assert_int_equal(p.way[f], kernel_function_info((enum kernel_function)f)->quiet ? BY_MANY : BY_NONE);
	assert_int_equal(plan(&t, (struct bind_probe_how){.own_thread = true}).way[KF___sys_bind], BY_FEXIT);
}

static void test_which_kernels_stop_threads(void **state)
{
	(void)state;
	const char *dynamic = "#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-14)";
	assert_false(probe_preempts("#1 SMP Debian 6.1.192-2 (2026-11-02)", ""));
	assert_true(probe_preempts("#1 SMP PREEMPT Debian", ""));
	assert_true(probe_preempts("#1 SMP PREEMPT_RT Debian", ""));
	assert_true(probe_preempts(dynamic, ""));
	assert_false(probe_preempts(dynamic, "none (voluntary) full \n"));
	assert_false(probe_preempts(dynamic, "(none) voluntary full \n"));
	assert_true(probe_preempts(dynamic, "none voluntary (full) \n"));
	assert_true(probe_preempts(dynamic, "none voluntary full (lazy) \n"));
}

static void test_quiet_leaves_out_what_packets_pass(void **state)
{
	(void)state;
	const struct probe_types t = old_kernel();
	struct probe_plan p = plan(&t, (struct bind_probe_how){.quiet = true});
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		assert_int_equal(p.way[f] == BY_NONE, !kernel_function_info((enum kernel_function)f)->quiet);
	p = plan(&t, (struct bind_probe_how){.quiet = true, .kprobes = true});
	assert_int_equal(p.way[KF_fib_table_lookup], BY_NONE);
}

static void test_another_way(void **state)
{
	(void)state;
	struct probe_plan p = {.way = {[KF_inet_bind] = BY_MANY, [KF_inet6_bind] = BY_FEXIT}};
	assert_true(probe_plan_instead(&p, BY_MANY, BY_KPROBE));
	assert_int_equal(p.way[KF_inet_bind], BY_KPROBE);
	assert_int_equal(p.way[KF_inet6_bind], BY_FEXIT);
	assert_int_equal(p.way[KF_raw_bind], BY_NONE);
	assert_false(probe_plan_instead(&p, BY_MANY, BY_KPROBE));
}

static void test_which_kernels_may_hang(void **state)
{
	(void)state;
	const struct {
		const char *release;
		bool hang;
	} kernels[] = {{"5.10.0", false}, {"5.17.9", false}, {"5.18.0", true},
		       {"6.8.12", true},  {"6.9.0", false},  {"7.3.0", false}};
	for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
		struct kernel k;
		assert_int_equal(kernel_parse(kernels[i].release, &k), 0);
		assert_int_equal(probe_may_hang(&k, FIRST_PIDNS - 1), kernels[i].hang);
		assert_false(probe_may_hang(&k, FIRST_PIDNS));
	}
	assert_true(probe_may_hang(NULL, 1)); // not known
	assert_false(probe_may_hang(NULL, FIRST_PIDNS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fexit_where_the_arguments_are_known),
		cmocka_unit_test(test_kprobes_where_types_say_nothing_or_they_are_wanted),
		cmocka_unit_test(test_many_for_the_own_thread_only),
		cmocka_unit_test(test_many_where_threads_are_stopped_anywhere),
		cmocka_unit_test(test_which_kernels_stop_threads),
		cmocka_unit_test(test_quiet_leaves_out_what_packets_pass),
		cmocka_unit_test(test_another_way),
		cmocka_unit_test(test_which_kernels_may_hang),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
