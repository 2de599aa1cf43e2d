// SPDX-License-Identifier: GPL-3.0-or-later
// Whose bind it is: an ordinary user's in our place, and how it is said.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "core/text/report_caller.h"

static const struct caller root = {
	.net_bind_service = YES, .net_raw = YES, .net_admin = YES, .ping_group = YES, .ordinary_uid = 1000};

static void test_unprivileged(void **state)
{
	(void)state;
	struct caller c = caller_unprivileged(&root);
	assert_true(c.uid == 1000 && c.unprivileged && c.net_raw == NO && c.net_admin == NO &&
		    c.net_bind_service == NO);
	// Who made the user namespace keeps them, but another uid did not make it.
	struct caller owner = root;
	owner.as_owner = true;
	c = caller_unprivileged(&owner);
	assert_true(!c.as_owner && c.net_raw == NO);
	owner.ordinary_uid = 0;
	c = caller_unprivileged(&owner);
	assert_true(c.as_owner && c.net_raw == YES && c.uid == 0);
	// An unknown value may match; a different one does not.
	struct caller unread = root;
	unread.net_raw = UNKNOWN;
	assert_int_equal(caller_unprivileged(&unread).net_raw, NO);
	unread.ordinary_uid = 0;
	assert_int_equal(caller_unprivileged(&unread).net_raw, UNKNOWN);
	assert_int_equal(caller_unprivileged(&unread).net_admin, NO);
}

// With a capability in the bounding set only, and as an ambient one.
static void test_lowered(void **state)
{
	(void)state;
	struct caller c = caller_lowered(&root, UNPRIVILEGED_OFF);
	assert_true(caller_equal(&c, &root));
	c = caller_lowered(&root, UNPRIVILEGED_BOUNDING);
	assert_true(c.uid == 1000 && c.net_bind_service == NO && c.lack_bind_service == LACK_BOUNDING);
	c = caller_lowered(&root, UNPRIVILEGED_AMBIENT);
	assert_true(c.uid == 1000 && c.net_bind_service == YES && c.net_raw == NO && c.net_admin == NO);
	// Nobody hands on what they lack.
	struct caller poor = root;
	poor.net_bind_service = NO;
	poor.lack_bind_service = LACK_DROPPED;
	assert_int_equal(caller_lowered(&poor, UNPRIVILEGED_AMBIENT).net_bind_service, NO);
	assert_int_equal(caller_lowered(&poor, UNPRIVILEGED_BOUNDING).lack_bind_service, LACK_DROPPED);
}

static void test_equal(void **state)
{
	(void)state;
	struct caller c = root;
	assert_true(caller_equal(&c, &root));
	c.differs = DIFFERS(UID);
	assert_false(caller_equal(&c, &root));
	c = root;
	c.net_raw = UNKNOWN;
	assert_false(caller_equal(&c, &root));
}

static void expect(const struct caller *c, bool bound, const char *wanted)
{
	char text[CALLER_TEXT];
	assert_string_equal(report_caller_say(c, bound, text, sizeof text), wanted);
}

// Each difference is named exactly once.
static void test_said(void **state)
{
	(void)state;
	struct caller c = root;
	char text[CALLER_TEXT];
	expect(&c, true, "");
	c.pid = 77;
	strcpy(c.comm, "nginx");
	expect(&c, true, ""); // its network, and it is like us
	c.stand_in = ASKED_AS_IT;
	c.uid = 33;
	expect(&c, true, "asked as process 77 (nginx), uid 33");
	c.differs = DIFFERS(SECCOMP);
	expect(&c, true, "asked as process 77 (nginx), uid 33, but without its seccomp filters");
	c.stand_in = SEEN_OF_IT;
	c.differs = 0;
	expect(&c, true, "the bind of process 77 (nginx), uid 33");
	for (int s = ASKED_AS_OURSELVES; s <= PREDICTED_AS_IT; s++) {
		char all[CALLER_TEXT];
		c.stand_in = (enum stand_in)s;
		c.differs = (1U << DIFFERS_COUNT) - 1;
		report_caller_say(&c, true, all, sizeof all);
		assert_true(strlen(all) < sizeof all - 1);
		for (int d = 0; d < DIFFERS_COUNT; d++) {
			c.differs = 1U << d;
			report_caller_say(&c, true, text, sizeof text);
			assert_true(strlen(text) > 20 && !strstr(text, "(null)") && !strstr(text, " and "));
		}
	}
}

// Lines no wider than asked for, of all the words.
static void test_lines(void **state)
{
	(void)state;
	struct caller c = {.pid = 1, .comm = "x", .differs = (1U << DIFFERS_COUNT) - 1};
	char text[CALLER_TEXT], joined[CALLER_TEXT] = "";
	struct row row;
	unsigned n = 0;
	for (; report_caller_line(&c, true, 40, n, &row); n++) {
		assert_true(row.used <= 40);
		if (n)
			strcat(joined, " ");
		strcat(joined, row.text);
	}
	assert_true(n > 3);
	assert_string_equal(joined, report_caller_say(&c, true, text, sizeof text));
	assert_false(report_caller_line(&(struct caller){0}, true, 40, 0, &row));
}

static void test_json(void **state)
{
	(void)state;
	struct caller c = root;
	c.pid = 7;
	strcpy(c.comm, "x\x9by");
	c.differs = DIFFERS(CGROUP) | DIFFERS(UID);
	c.net_raw = NO;
	json_t *j = report_caller_json(&c), *differs = json_object_get(j, "differs");
	assert_int_equal(json_integer_value(json_object_get(j, "pid")), 7);
	assert_int_equal(json_array_size(json_object_get(j, "capabilities")), 2);
	assert_int_equal(json_array_size(differs), 2);
	assert_string_equal(json_string_value(json_array_get(differs, 0)), "uid");
	assert_string_equal(json_string_value(json_object_get(j, "program")), "x\\x9by");
	json_decref(j);
	c.net_admin = UNKNOWN;
	c.hooks.seccomp = UNKNOWN;
	j = report_caller_json(&c);
	assert_true(json_is_null(json_object_get(j, "capabilities")));
	assert_true(json_is_null(json_object_get(j, "seccomp")));
	json_decref(j);
	for (int d = 0; d < DIFFERS_COUNT; d++)
		assert_non_null(differs_name((enum differs)d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unprivileged), cmocka_unit_test(test_lowered), cmocka_unit_test(test_equal),
		cmocka_unit_test(test_said),         cmocka_unit_test(test_lines),   cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests_name("caller", tests, NULL, NULL);
}
