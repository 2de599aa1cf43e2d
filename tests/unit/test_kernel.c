// SPDX-License-Identifier: GPL-3.0-or-later
// Releases and what changed between them.
#include <errno.h>

#include "core/model/kernel.h"
#include "tests/unit/made_host.h"

static struct kernel at(const char *release)
{
	struct kernel k;
	if (kernel_parse(release, &k) != 0)
		fail_msg("%s was refused", release);
	return k;
}

static void test_parse(void **state)
{
	(void)state;
	static const struct {
		const char *release;
		unsigned major, minor, patch;
	} good[] = {
		{"6.18.44-fc-v595", 6, 18, 44},
		{"5.10", 5, 10, 0},
		{"7.3.4", 7, 3, 4},
		{"5.10.0-28-amd64", 5, 10, 0},
		{"6.8.0-1010-azure", 6, 8, 0},
		{"4.19.325+", 4, 19, 325},
		{"6.1-rc3", 6, 1, 0},
		{"10.0.12345", 10, 0, 12345},
	};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct kernel k = at(good[i].release);
		assert_int_equal(k.major, good[i].major);
		assert_int_equal(k.minor, good[i].minor);
		assert_int_equal(k.patch, good[i].patch);
		assert_string_equal(k.release, good[i].release);
	}
	static const char *const bad[] = {"",         "6",   "6.",   "linux", ".5",   "6.x",  "v6.1",
					  "123456.5", "6,1", "-6.1", " 6.1",  "+6.1", "6.-1", "6. 1"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct kernel k = at("5.15.1");
		if (kernel_parse(bad[i], &k) != -EINVAL)
			fail_msg("'%s' was taken", bad[i]);
		assert_string_equal(k.release, "5.15.1"); // untouched
	}
	char longest[200];
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	memcpy(longest, "6.1.2", 5);
	struct kernel k = at(longest);
	assert_int_equal(strlen(k.release), KERNEL_TEXT - 1);
}

static void test_compare(void **state)
{
	(void)state;
	struct kernel k = at("6.1.99");
	assert_true(kernel_compare(&k, 6, 1) == 0);
	assert_true(kernel_compare(&k, 6, 2) < 0 && kernel_compare(&k, 7, 0) < 0);
	assert_true(kernel_compare(&k, 6, 0) > 0 && kernel_compare(&k, 5, 19) > 0);
}

// Each trait just before and just at its change, and on the branches that got it later.
static void test_traits(void **state)
{
	(void)state;
	static const struct {
		enum trait trait;
		const char *release;
		bool has;
	} cases[] = {
		{TRAIT_LINKDOWN_ALL, "5.10.223", false},
		{TRAIT_LINKDOWN_ALL, "5.11.0", true},
		{TRAIT_RAW6_OPTIONS, "5.10.222", false},
		{TRAIT_RAW6_OPTIONS, "5.10.223", true},
		{TRAIT_RAW6_OPTIONS, "5.11", false},
		{TRAIT_RAW6_OPTIONS, "5.14", true},
		{TRAIT_RAW4_NONLOCAL, "5.10.223", false},
		{TRAIT_RAW4_NONLOCAL, "5.15.55", false},
		{TRAIT_RAW4_NONLOCAL, "5.17", true},
		{TRAIT_RAW4_NONLOCAL, "7.3.4", true},
		{TRAIT_PING_NETNS, "6.1.191", false},
		{TRAIT_PING_NETNS, "6.1.192", true},
		{TRAIT_PING_NETNS, "6.12.116", false},
		{TRAIT_PING_NETNS, "6.12.117", true},
		{TRAIT_PING_NETNS, "6.14.0", false},
		{TRAIT_PING_NETNS, "6.18.2", true},
		{TRAIT_PING_LIKE_UDP, "5.15.55", false},
		{TRAIT_PING_LIKE_UDP, "5.17.0", true},
		{TRAIT_PING_LIKE_UDP, "5.19.0", false},
		{TRAIT_PING_VRF, "5.10.222", false},
		{TRAIT_PING_VRF, "5.10.223", true},
		{TRAIT_PING_VRF, "5.14.0", false},
		{TRAIT_PING_VRF, "5.15.54", false},
		{TRAIT_PING_VRF, "5.15.55", true},
		{TRAIT_PING_VRF, "5.17.0", false},
		{TRAIT_PING_VRF, "5.18.11", false},
		{TRAIT_PING_VRF, "5.18.12", true},
		{TRAIT_PING_VRF, "5.19.0", true},
		{TRAIT_MARK_NET_RAW, "5.15.55", false},
		{TRAIT_MARK_NET_RAW, "5.17", true},
		{TRAIT_REUSE_MEMORY, "5.10", true},
		{TRAIT_REUSE_MEMORY, "6.7.3", true},
		{TRAIT_REUSE_MEMORY, "6.8.1", false},
		{TRAIT_BHASH2, "6.0.19", false},
		{TRAIT_BHASH2, "6.1.192", true},
		{TRAIT_BHASH2_MAPPED, "6.0.19", false},
		{TRAIT_BHASH2_MAPPED, "6.1.192", true},
		{TRAIT_BHASH2_MAPPED, "6.7.3", true},
		{TRAIT_BHASH2_MAPPED, "6.8.1", false},
		{TRAIT_BHASH2_MAPPED, "5.10.223", false},
		{TRAIT_SCTP_VRF, "6.1.192", false},
		{TRAIT_SCTP_VRF, "6.2", true},
		{TRAIT_PORT_RANGE, "6.1.191", false},
		{TRAIT_PORT_RANGE, "6.1.192", true},
		{TRAIT_PORT_RANGE, "6.2.0", false},
		{TRAIT_PORT_RANGE, "6.3.8", true},
		{TRAIT_PORT_RANGE_MPTCP, "6.7.3", false},
		{TRAIT_PORT_RANGE_MPTCP, "6.8.1", true},
		{TRAIT_PORT_RANGE_MPTCP, "6.1.192", false},
		{TRAIT_BIND_SK, "6.5.0", false},
		{TRAIT_BIND_SK, "6.7.3", true},
		{TRAIT_BOUND_DIAG, "6.7.3", false},
		{TRAIT_BOUND_DIAG, "6.8.1", true},
		{TRAIT_UDP_WILDCARD, "5.10.223", false},
		{TRAIT_UDP_WILDCARD, "6.1.167", false},
		{TRAIT_UDP_WILDCARD, "6.1.168", true},
		{TRAIT_UDP_WILDCARD, "6.6.131", true},
		{TRAIT_UDP_WILDCARD, "6.12.80", true},
		{TRAIT_UDP_WILDCARD, "6.18.15", false},
		{TRAIT_UDP_WILDCARD, "6.18.21", true},
		{TRAIT_UDP_WILDCARD, "6.19.10", false},
		{TRAIT_UDP_WILDCARD, "6.19.11", true},
		{TRAIT_UDP_WILDCARD, "7.0.13", true},
		{TRAIT_UDPLITE, "5.10", true},
		{TRAIT_UDPLITE, "7.0.13", true},
		{TRAIT_UDPLITE, "7.1.13", false},
		{TRAIT_MPTCP_OPTIONS, "5.15.55", false},
		{TRAIT_MPTCP_OPTIONS, "5.17", true},
		{TRAIT_RULE_DEL_SPLITS, "5.10", true},
		{TRAIT_RULE_DEL_SPLITS, "7.1.13", true},
		{TRAIT_RULE_DEL_SPLITS, "7.2.12", false},
		{TRAIT_RULE_DEL_SPLITS, "7.3.4", false},
	};
	bool seen[TRAIT_COUNT][2] = {{false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kernel k = at(cases[i].release);
		if (kernel_has(&k, cases[i].trait) != cases[i].has)
			fail_msg("%s on %s", trait_info(cases[i].trait)->name, cases[i].release);
		seen[cases[i].trait][cases[i].has] = true;
	}
	for (int t = 0; t < TRAIT_COUNT; t++)
		assert_true(seen[t][0] && seen[t][1]); // each trait was seen both ways
}

// Where distributions hide the patch level.
static void test_refine(void **state)
{
	(void)state;
	static const struct {
		const char *release, *text;
		unsigned patch;
	} cases[] = {
		{"6.1.0-56-cloud-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-02)", 192},
		{"6.8.0-1010-azure", "Ubuntu 6.8.0-1010.10-azure 6.8.12", 12},
		{"6.1.0-56-cloud-amd64", "Debian 5.10.223-1", 0}, // another release
		{"6.1.0", "gcc-6.1.192 v6.1.192", 0},             // not the start of a word
		{"6.1.200", "6.1.192", 200},                      // never back
		{"6.1.0", "", 0},
		{"6.1.0", "6.1.5", 5},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kernel k = at(cases[i].release);
		kernel_refine(&k, cases[i].text);
		assert_int_equal(k.patch, cases[i].patch);
		assert_string_equal(k.release, cases[i].release);
	}
}

static void test_table(void **state)
{
	(void)state;
	for (int t = 0; t < TRAIT_COUNT; t++) {
		const struct trait_info *info = trait_info((enum trait)t);
		assert_true(info->name && *info->name && info->effect && *info->effect);
		for (int u = 0; u < t; u++)
			assert_string_not_equal(info->name, trait_info((enum trait)u)->name);
		assert_true(*info->since || *info->until); // else it would be no difference
		if (*info->since)
			at(info->since);
		if (*info->until)
			at(info->until);
	}
}

static void test_unchecked(void **state)
{
	(void)state;
	static const struct {
		const char *release;
		bool unchecked;
	} cases[] = {{"5.10", false}, {"7.2.9", false}, {KERNEL_CHECKED, false}, {KERNEL_CHECKED ".99", false},
		     {"7.4", true},   {"9.9", true}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kernel k;
		assert_int_equal(kernel_parse(cases[i].release, &k), 0);
		assert_int_equal(kernel_unchecked(&k), cases[i].unchecked);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),  cmocka_unit_test(test_compare), cmocka_unit_test(test_traits),
		cmocka_unit_test(test_refine), cmocka_unit_test(test_table),   cmocka_unit_test(test_unchecked),
	};
	return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
