// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson's file becomes steps and items, errors point at line and column, and the state goes through it: what waits,
// what is judged, what is opened.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/lesson/lesson_state.h"

static struct lesson lesson;
static struct lesson_error error;
static struct lesson_state state;

static int read_on(const char *release, const char *text)
{
	lesson_free(&lesson);
	return lesson_read(&lesson, "test", text, strlen(text), release, &error);
}

static int read_text(const char *text)
{
	return read_on("6.12", text);
}

static void refuses(const char *text, unsigned line, size_t column, const char *part)
{
	assert_int_equal(read_text(text), -EINVAL);
	if (error.line != line || (line && error.column != column) || !strstr(error.text, part))
		fail_msg("%s: line %u, column %zu, %s", text, error.line, error.column, error.text);
}

static const char four[] = "# a comment\n"
			   "lesson \"Four\"\n"
			   "goal \"See it.\"\n"
			   "time 4\n"
			   "lab anyip\n"
			   "address 127.0.0.1\n"
			   "step \"one\"\n"
			   "say \"First.\"\n"
			   "do  ip route add local 198.51.100.0/24 dev lo # now\n"
			   "note Ask them.\n"
			   "step \"two\"\n"
			   "ask \"Will it?\" [binds refused]\n"
			   "do bind\n"
			   "check refused EADDRNOTAVAIL\n"
			   "step \"three\"\n"
			   "hint a\n"
			   "hint b\n"
			   "hint c\n"
			   "solution set freebind\n"
			   "check bind 203.0.113.1:80 ok\n"
			   "say \"Well done.\"\n"
			   "done That is all.\n"
			   "read anyip dad\n";

static void test_read(void **unused)
{
	(void)unused;
	assert_int_equal(read_text(four), 0);
	assert_string_equal(lesson.title, "Four");
	assert_string_equal(lesson.goal, "See it.");
	assert_string_equal(lesson.done, "That is all.");
	assert_string_equal(lesson.read, "anyip dad");
	assert_string_equal(lesson.lab, "anyip");
	assert_int_equal(lesson.minutes, 4);
	assert_int_equal(lesson.nsetup, 1);
	assert_int_equal(lesson.nsteps, 3);
	assert_string_equal(lesson.steps[1].title, "two");
	assert_int_equal(lesson.steps[1].line, 11);
	assert_false(lesson.steps[1].is_task);
	assert_true(lesson.steps[2].is_task);
	assert_string_equal(lesson_hint(&lesson, 2, 1), "b");
	assert_null(lesson_hint(&lesson, 2, 3));
	const struct lesson_item *route = &lesson.items[lesson.steps[0].first + 1];
	assert_int_equal(route->kind, ITEM_DO);
	assert_int_equal(route->line, 9);
}

static void test_before(void **unused)
{
	static const char *const want[] = {"address 127.0.0.1", "ip route add local 198.51.100.0/24 dev lo # now",
					   "bind", "set freebind"};
	static const unsigned n[] = {1, 2, 3, 4};
	(void)unused;
	assert_int_equal(read_text(four), 0);
	for (unsigned step = 0; step <= lesson.nsteps; step++) {
		unsigned at = 0, count = 0;
		const struct lesson_item *i;
		for (; (i = lesson_before(&lesson, step, &at)); count++)
			assert_string_equal(i->text, want[count]);
		assert_int_equal(count, n[step]);
	}
}

static void test_versions(void **unused)
{
	static const char text[] = "lesson \"V\"\nstep \"s\"\nsince 6.3 say new\nbefore 6.3 say old\n";
	(void)unused;
	assert_int_equal(read_on("6.2.1", text), 0);
	assert_string_equal(lesson.items[0].text, "old");
	assert_int_equal(lesson.nitems, 1);
	assert_int_equal(read_on("6.3", text), 0);
	assert_string_equal(lesson.items[0].text, "new");
	assert_int_equal(read_on(NULL, text), 0);
	assert_string_equal(lesson.items[0].text, "new");
}

static void test_errors(void **unused)
{
	(void)unused;
	refuses("", 0, 0, "lesson \"TITLE\"");
	refuses("say x\n", 1, 0, "begins with");
	refuses("lesson \"x\"\n", 0, 0, "no step");
	refuses("lesson \"x\"\nlesson \"y\"\n", 2, 0, "twice");
	refuses("lesson \"x\"\nstep \"s\"\ndo bnd 1.2.3.4\n", 3, 3, "did you mean bind");
	refuses("lesson \"x\"\nstep \"s\"\ndo bind 1.2.3\n", 3, 8, "1.2.3");
	refuses("lesson \"x\"\nstep \"s\"\nsince 6.3 do bind 1.2.3\n", 3, 18, "1.2.3");
	refuses("lesson \"x\"\nstep \"s\"\nsince six do bind\n", 3, 6, "6.3");
	refuses("lesson \"x\"\nstep \"s\"\nask \"What?\"\n", 3, 4, "choices");
	refuses("lesson \"x\"\nstep \"s\"\nask \"What?\" [a b]\n", 3, 12, "mark the right choice");
	refuses("lesson \"x\"\nstep \"s\"\nask \"What?\" [+a +b]\n", 3, 16, "only one");
	refuses("lesson \"x\"\nstep \"s\"\nask \"What?\" [a a]\n", 3, 15, "twice");
	refuses("lesson \"x\"\nhint now\n", 2, 0, "belongs to a step");
	refuses("lesson \"x\"\nstep \"s\"\nhint a\nhint b\nhint c\nhint d\n", 6, 0, "at most 3");
	refuses("lesson \"x\"\nstep \"s\"\nquit\n", 3, 0, "quit");
	refuses("lesson \"x\"\nstep \"s\"\ndo say x\nlab host\n", 4, 0, "before the first command");
	refuses("lesson \"x\"\nstep \"s\"\ndo check ok\n", 3, 3, "cannot stand behind");
	refuses("lesson \"x\"\nstep \"s\"\ndo quit\n", 3, 3, "quit cannot stand behind do");
	refuses("lesson \"x\"\nstep \"s\"\nsolution undo\n", 3, 9, "undo cannot stand behind solution");
	refuses("lesson \"x\"\nwrite .bashrc force\n", 2, 0, "write cannot stand in a lesson");
	refuses("lesson \"x\"\nstep \"s\"\nbefore 9.0 write .bashrc force\n", 3, 11, "write cannot stand in a lesson");
	refuses("lesson \"x\"\nstep \"s\"\nlesson next\n", 3, 0, "for keys");
	refuses("lesson \"x\"\nstep \"s\"\ncheck\n", 3, 5, "check needs");
}

static void waits(enum lesson_wait wait, const char *text)
{
	const struct lesson_item *now = lesson_now(&state);
	assert_int_equal(state.wait, wait);
	if (text)
		assert_string_equal(now->text, text);
	else
		assert_null(now);
}

static struct walk walk_of(int err)
{
	struct walk w = {.code = err ? CODE_ADDR_NOT_LOCAL : CODE_ADDR_LOCAL, .decisive = 6, .agreement = AGREES};
	w.observed.present = true;
	w.observed.err = err;
	return w;
}

static void test_way(void **unused)
{
	(void)unused;
	assert_int_equal(read_text(four), 0);
	lesson_start(&state, &lesson, false);
	waits(LESSON_CARRY, "address 127.0.0.1");
	lesson_carried(&state, true);
	waits(LESSON_RUN, "ip route add local 198.51.100.0/24 dev lo # now");
	assert_true(lesson_go_on(&state));
	waits(LESSON_CARRY, "ip route add local 198.51.100.0/24 dev lo # now");
	lesson_carried(&state, false); // is offered again
	assert_true(state.failed);
	waits(LESSON_RUN, "ip route add local 198.51.100.0/24 dev lo # now");
	assert_true(lesson_go_on(&state));
	lesson_carried(&state, true);
	waits(LESSON_GO_ON, NULL);
	assert_true(lesson_go_on(&state));
	waits(LESSON_ANSWER, "\"Will it?\" [binds refused]");
	assert_false(lesson_go_on(&state));
	assert_false(lesson_answer(&state, 2));
	assert_true(lesson_answer(&state, 0));
	waits(LESSON_RUN, "bind");
	assert_int_equal(lesson_back(&state), 1);
	lesson_go_on(&state);
	struct walk w = walk_of(EADDRNOTAVAIL);
	assert_int_equal(lesson_judge(&state, &w), 1);
	assert_int_equal(lesson_judge(&state, &w), 0);
	assert_int_equal(lesson_predicted(&state)->judgement, JUDGED_WRONG);
	assert_string_equal(lesson_predicted(&state)->said, "binds");
	lesson_carried(&state, true);
	waits(LESSON_CARRY, "check refused EADDRNOTAVAIL");
	lesson_carried(&state, true);
	waits(LESSON_GO_ON, NULL);
	lesson_go_on(&state);
	waits(LESSON_TASK, "check bind 203.0.113.1:80 ok");
	assert_false(lesson_open_solution(&state));
	for (unsigned i = 0; i < LESSON_HINTS; i++)
		assert_true(lesson_open_hint(&state));
	assert_false(lesson_open_hint(&state));
	assert_true(lesson_open_solution(&state));
	lesson_go_on(&state);
	lesson_carried(&state, false);
	waits(LESSON_TASK, "check bind 203.0.113.1:80 ok");
	lesson_go_on(&state);
	lesson_carried(&state, true);
	assert_true(state.solved);
	waits(LESSON_GO_ON, NULL);
	lesson_go_on(&state);
	waits(LESSON_END, NULL);
	assert_false(lesson_go_on(&state));
}

static void test_paced(void **unused)
{
	(void)unused;
	assert_int_equal(read_text(four), 0);
	lesson_start(&state, &lesson, true);
	lesson_carried(&state, true);
	unsigned first = lesson.steps[0].first;
	waits(LESSON_SHOW, "ip route add local 198.51.100.0/24 dev lo # now");
	assert_true(lesson_shows(&state, first));
	assert_false(lesson_shows(&state, first + 1));
	lesson_go_on(&state);
	assert_true(lesson_shows(&state, first + 1));
	waits(LESSON_RUN, "ip route add local 198.51.100.0/24 dev lo # now");
}

// A jump leads to what the straight way leads to.
static void test_enter(void **unused)
{
	(void)unused;
	assert_int_equal(read_text(four), 0);
	lesson_start(&state, &lesson, false);
	lesson_enter(&state, 2);
	waits(LESSON_TASK, "check bind 203.0.113.1:80 ok");
	assert_int_equal(lesson_back(&state), 1);
	lesson_enter(&state, 0);
	waits(LESSON_RUN, "ip route add local 198.51.100.0/24 dev lo # now");
	assert_int_equal(lesson_back(&state), 0);
}

// Neither set-up that comes first nor a command that is only shown is a place to stop at on the way back.
static void test_back(void **unused)
{
	(void)unused;
	assert_int_equal(read_text("lesson x\nstep \"A\"\nset freebind\nsay Words.\nstep \"B\"\nunset freebind\n"
				   "ask \"And?\" [binds refused]\ndo bind 127.0.0.1\nstep \"C\"\nset freebind\n"
				   "do bind\n"),
			 0);
	lesson_start(&state, &lesson, true);
	lesson_enter(&state, 2);
	lesson_carried(&state, true);
	waits(LESSON_SHOW, "bind");
	assert_int_equal(lesson_back(&state), 1);
	lesson_go_on(&state);
	assert_int_equal(lesson_back(&state), 1);
	lesson_go_on(&state);
	lesson_carried(&state, false);
	assert_int_equal(lesson_back(&state), 2); // it ran, well or not
	lesson_enter(&state, 1);
	lesson_carried(&state, true);
	waits(LESSON_ANSWER, "\"And?\" [binds refused]");
	assert_int_equal(lesson_back(&state), 0);
	lesson_answer(&state, 0);
	assert_int_equal(lesson_back(&state), 1);
	lesson_enter(&state, 0);
	lesson_carried(&state, true);
	waits(LESSON_GO_ON, NULL);
	assert_int_equal(lesson_back(&state), 0);
}

// Nobody is judged by a question that is passed over.
static void test_pass(void **unused)
{
	(void)unused;
	assert_int_equal(read_text("lesson x\nstep \"A\"\nask \"And?\" [binds refused]\ndo bind 127.0.0.1\n"), 0);
	lesson_start(&state, &lesson, false);
	assert_true(lesson_pass(&state));
	waits(LESSON_RUN, "bind 127.0.0.1");
	assert_false(lesson_pass(&state));
	assert_null(lesson_predicted(&state));
}

static enum judgement judged(const char *question, unsigned choice, int err)
{
	char text[256];
	struct walk w = walk_of(err);
	snprintf(text, sizeof text, "lesson \"x\"\nstep \"s\"\nask %s\ndo bind\n", question);
	assert_int_equal(read_text(text), 0);
	lesson_start(&state, &lesson, false);
	assert_true(lesson_answer(&state, choice));
	lesson_judge(&state, &w);
	return lesson_predicted(&state)->judgement;
}

static void test_judgement(void **unused)
{
	(void)unused;
	assert_int_equal(judged("a? [binds refused]", 0, 0), JUDGED_RIGHT);
	assert_int_equal(judged("a? [binds refused]", 1, 0), JUDGED_WRONG);
	assert_int_equal(judged("a? [ok EACCES EADDRNOTAVAIL]", 2, EADDRNOTAVAIL), JUDGED_RIGHT);
	assert_int_equal(judged("a? [ok EACCES EADDRNOTAVAIL]", 1, EADDRNOTAVAIL), JUDGED_WRONG);
	assert_int_equal(judged("a? [ADDR_NOT_LOCAL PORT_TAKEN]", 0, EADDRNOTAVAIL), JUDGED_RIGHT);
	assert_int_equal(judged("a? [step]", 6, EADDRNOTAVAIL), JUDGED_RIGHT);
	assert_int_equal(judged("a? [step]", 5, EADDRNOTAVAIL), JUDGED_WRONG);
	assert_int_equal(judged("a? [step]", 6, 0), JUDGED_WRONG);
	assert_int_equal(judged("a? [route +device]", 1, 0), JUDGED_RIGHT);
	assert_int_equal(judged("a? [route +device]", 0, 0), JUDGED_WRONG);
	unsigned of;
	assert_int_equal(lesson_score(&state, &of), 0);
	assert_int_equal(of, 1);
	// What was only predicted is no proof.
	struct walk w = {.predicted = {.err = EACCES}};
	assert_int_equal(read_text("lesson \"x\"\nstep \"s\"\nask a? [binds refused]\ndo bind\n"), 0);
	lesson_start(&state, &lesson, false);
	lesson_answer(&state, 1);
	assert_int_equal(lesson_judge(&state, &w), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),      cmocka_unit_test(test_before), cmocka_unit_test(test_versions),
		cmocka_unit_test(test_errors),    cmocka_unit_test(test_way),    cmocka_unit_test(test_paced),
		cmocka_unit_test(test_back),      cmocka_unit_test(test_pass),   cmocka_unit_test(test_enter),
		cmocka_unit_test(test_judgement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
