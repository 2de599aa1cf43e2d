// SPDX-License-Identifier: GPL-3.0-or-later
// Tiers are what this process may do, with a reason where it may not; trying them changes nothing.
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/command/tier_try.h"
#include "tests/live/live.h"

static void test_table(void **state)
{
	(void)state;
	for (int t = 0; t < TIER_COUNT; t++) {
		char name[16];
		snprintf(name, sizeof name, "T%d", t);
		assert_string_equal(tier_info((enum tier)t)->name, name);
		assert_true(strlen(tier_info((enum tier)t)->about) > 10);
	}
}

static void test_here(void **state)
{
	(void)state;
	struct stat before, after;
	assert_int_equal(stat("/proc/self/ns/net", &before), 0);
	for (int t = 0; t < TIER_COUNT; t++) {
		char why[TIER_WHY] = "";
		bool has = tier_try((enum tier)t, why, sizeof why);
		assert_true(has || strlen(why) > 10);
		// In a lab everything may be changed, as its name says.
		assert_true(has || (t != TIER_USER && t != TIER_NET));
	}
	assert_int_equal(stat("/proc/self/ns/net", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
}

// A child without any capability, and without a way to get one back.
static bool without_rights(enum tier t)
{
	int status;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
		struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
		char why[TIER_WHY] = "";
		if (syscall(SYS_capset, &head, none) < 0)
			_exit(2);
		bool has = tier_try(t, why, sizeof why);
		_exit(has ? 1 : strlen(why) > 10 ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 1;
}

static void test_without_rights(void **state)
{
	(void)state;
	assert_true(without_rights(TIER_USER));
	assert_false(without_rights(TIER_NET));
	assert_false(without_rights(TIER_TRACE));
	assert_false(without_rights(TIER_BPF));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_here),
		cmocka_unit_test(test_without_rights),
	};
	if (!live_enter())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
