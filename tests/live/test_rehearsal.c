// SPDX-License-Identifier: GPL-3.0-or-later
// A rehearsal in a lab: what would fail in front of the room is found and told by its line, whatever kind of failure it
// is; what would not is not; and no step waits.
#include <errno.h>
#include <string.h>

#include "core/change/editor_undo.h"
#include "core/lesson/rehearsal.h"
#include "tests/live/live.h"

static struct session session;
static struct editor *editor;
static struct lesson lesson;
static struct rehearsal r;

static void play(const char *text)
{
	struct lesson_error error;
	char err[COMMAND_ERROR];
	if (lesson_read(&lesson, "talk", text, strlen(text), NULL, &error) < 0)
		fail_msg("%u:%zu: %s", error.line, error.column, error.text);
	assert_int_equal(session_open(&session, editor, NULL, err, sizeof err), 0);
	rehearse(&lesson, &session, &r);
	session_close(&session);
	assert_true(editor_undo(editor, true, err, sizeof err) >= -ENODATA);
}

static void expect_failure(unsigned step, unsigned line, const char *wrong)
{
	const struct rehearsed_step *s = &r.step[step - 1];
	if (!s->command)
		fail_msg("step %u does not fail", step);
	if (s->line != line || !strstr(s->wrong, wrong))
		fail_msg("step %u fails at line %u: %s", step, s->line, s->wrong);
}

static void test_good(void **state)
{
	(void)state;
	play("lesson \"T\"\n"
	     "step \"One\"\n"
	     "say Words.\n"
	     "do bind 127.0.0.1:8080\n"
	     "check ok ADDR_LOCAL\n"
	     "step \"Two\"\n"
	     "ask \"Will it bind?\" [binds refused]\n"
	     "do bind 203.0.113.9\n"
	     "check refused EADDRNOTAVAIL\n"
	     "step \"Three\"\n"
	     "ask \"What ends it?\" [step]\n"
	     "do bind\n"
	     "view matrix\n" // of the screen
	     "step \"A task\"\n"
	     "solution set freebind\n"
	     "check bind 203.0.113.9 ok\n");
	for (unsigned i = 0; i < lesson.nsteps; i++)
		if (r.step[i].command)
			fail_msg("step %u: %s: %s", i + 1, r.step[i].command, r.step[i].wrong);
	assert_int_equal(r.failed, 0);
	lesson_free(&lesson);
}

// Each kind of failure; the steps after it are played.
static void test_kinds(void **state)
{
	(void)state;
	play("lesson \"T\"\n"
	     "step \"A check that does not hold\"\n"
	     "do bind 203.0.113.9:80\n"
	     "check ok\n"
	     "step \"A change that the kernel refuses\"\n"
	     "do ip link set nowhere up\n"
	     "do ip link set nobody up\n"
	     "step \"Set-up that fails\"\n"
	     "ip route del local 203.0.113.0/24 dev lo\n"
	     "step \"All is well\"\n"
	     "set freebind\n"
	     "step \"A task that its solution does not solve\"\n"
	     "unset freebind\n"
	     "solution port 81\n"
	     "check bind 203.0.113.9 ok\n"
	     "step \"Nothing is bound after the question\"\n"
	     "ask \"Will it bind?\" [binds refused]\n");
	assert_int_equal(r.failed, 5);
	expect_failure(1, 4, "expected ok, the kernel says EADDRNOTAVAIL");
	assert_string_equal(r.step[0].expected, "ok");
	assert_string_equal(r.step[0].found, "EADDRNOTAVAIL ADDR_NOT_LOCAL");
	expect_failure(2, 6, "nowhere");
	expect_failure(3, 9, "");
	assert_null(r.step[3].command);
	expect_failure(5, 15, "expected ok");
	expect_failure(6, 17, "no bind comes after this question");
	lesson_free(&lesson);
}

static void test_fast(void **state)
{
	(void)state;
	enum { STEPS = 30, BUDGET_US = 10000000 }; // a wait in each step would be more, an emulated kernel is not
	static char text[8192] = "lesson \"T\"\n";
	for (int i = 0; i < STEPS; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			 "step \"Step no. %d\"\n"
			 "do ip route add local 10.%d.0.0/16 dev lo\n"
			 "ask \"Will it bind?\" [binds refused]\n"
			 "bind 10.%d.0.1\n"
			 "check ok ADDR_ANYIP\n",
			 i, i, i);
	play(text);
	assert_int_equal(lesson.nsteps, STEPS);
	assert_int_equal(r.failed, 0);
	printf("# %d steps: %.3f s\n", STEPS, (double)r.us / 1e6);
	assert_true(r.us < BUDGET_US);
	lesson_free(&lesson);
}

int main(void)
{
	char err[EDIT_ERROR];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_fast),
	};
	if (!live_enter())
		return 0;
	if (editor_open(&editor, false, err, sizeof err) < 0) {
		printf("Bail out! %s\n", err);
		return 1;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	editor_close(editor, err, sizeof err);
	return failed;
}
