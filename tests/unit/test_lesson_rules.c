// SPDX-License-Identifier: GPL-3.0-or-later
// The rules for the texts of lessons, each broken and kept; words and sentences; the reading speed; and every text that
// the program brings, on the oldest kernel and the newest.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lesson/lesson_event.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_rules.h"
#include "core/lesson/prose.h"
#include "core/lesson/review.h"

static void test_words(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned words;
	} all[] = {{"", 0},
		   {"one", 1},
		   {" one  two ", 2},
		   {"192.0.2.2 and [::1]:80", 3},
		   {"IPv4 \xe2\x80\x93 or \xe2\x80\x94 IPv6", 3},
		   {"a / b - c", 3},
		   {"\xc3\xa9t\xc3\xa9", 1},
		   {"bind() says: no.", 3}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		assert_int_equal(prose_words(all[i].text, strlen(all[i].text)), all[i].words);
}

static void test_sentences(void **state)
{
	(void)state;
	static const char text[] = "  It is 192.0.2.2. See e.g. bind(2), i.e. this (no. 3). Why? \"Because.\" It ends";
	static const char *const parts[] = {"It is 192.0.2.2.", "See e.g. bind(2), i.e. this (no. 3).", "Why?",
					    "\"Because.\"", "It ends"};
	struct sentence s = {0};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		assert_true(prose_sentence(text, &s));
		assert_int_equal(s.len, strlen(parts[i]));
		assert_memory_equal(text + s.at, parts[i], s.len);
	}
	assert_false(prose_sentence(text, &s));
	s = (struct sentence){0};
	assert_false(prose_sentence(" ", &s));
}

static struct lesson lesson;

static void read_text(const char *name, const char *text, const char *release)
{
	struct lesson_error error;
	lesson_free(&lesson);
	if (lesson_read(&lesson, name, text, strlen(text), release, &error) < 0)
		fail_msg("%s:%u:%zu: %s", name, error.line, error.column + 1, error.text);
}

static char said[8192];

static void note(void *data, unsigned line, size_t column, const char *text)
{
	size_t used = strlen(said);
	(void)data;
	snprintf(said + used, sizeof said - used, "%u:%zu: %s\n", line, column + 1, text);
}

static unsigned check_named(const char *name, const char *text)
{
	said[0] = '\0';
	read_text(name, text, "6.12");
	return lesson_rules_check(&lesson, name, text, strlen(text), note, NULL);
}

static const char good[] = "lesson \"Good\"\n"
			   "goal \"See it.\"\n"
			   "time 1\n"
			   "step \"one\"\n"
			   "ask \"Will it?\" [binds refused]\n"
			   "do bind 127.0.0.1\n"
			   "step \"two\"\n"
			   "ask \"And this?\" [step]\n"
			   "do bind 203.0.113.1\n"
			   "done It ends.\n"
			   "read anyip bind\n";

// The good lesson with a line put in before `line`, or instead of it.
static const char *with(unsigned line, const char *put, bool instead)
{
	static char text[4096];
	size_t used = 0;
	unsigned n = 1;
	for (const char *at = good, *end; (end = strchr(at, '\n')); at = end + 1, n++) {
		if (n == line)
			used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", put);
		if (n != line || !instead)
			used += (size_t)snprintf(text + used, sizeof text - used, "%.*s", (int)(end + 1 - at), at);
	}
	return text;
}

static void complains(const char *text, const char *expected)
{
	unsigned n = check_named("x.lesson", text);
	if (n == 0 || !strstr(said, expected))
		fail_msg("expected \"%s\", said:\n%s\nof:\n%s", expected, said, text);
}

static void test_good(void **state)
{
	(void)state;
	if (check_named("x.lesson", good))
		fail_msg("%s", said);
}

#define TEN "one two three four five six seven eight nine ten "

static void test_each_rule(void **state)
{
	(void)state;
	complains(with(5, "say \"Short. " TEN TEN "and six more words stand here.\"", false),
		  "5:13: this sentence has 26 words; at most 25");
	complains(with(5, "hint " TEN TEN "and six more words stand here", false), "5:6: this sentence has 26");
	complains(with(2, "goal " TEN TEN "and six more words stand here", true), "2:6: this sentence has 26");
	complains(with(10, "done " TEN TEN "and six more words stand here", true), "10:6: this sentence has 26");
	complains(with(5, "say " TEN TEN ". " TEN TEN ". " TEN TEN ".", false),
		  "4:1: this step has 63 words to read; at most 60");
	complains(with(6, "do bind 127.0.0.1", false), "7:4: a step has at most one command (do)");
	complains(with(6, "ask \"Really?\" [binds refused]", false), "6:5: a step has at most one question (ask)");
	complains(with(9, "say \"No bind.\"", true), "8:5: no bind comes after this question");
	complains(with(5, "say \"Only one question.\"", true),
		  "1:1: a lesson has at least 2 questions (ask); this one has 1");
	complains(with(2, "# no goal", true), "1:1: the file does not say what it is for: goal TEXT");
	complains(with(2, "goal One. Two.", true), "2:1: the goal is one sentence; this has 2");
	complains(with(3, "# no time", true), "1:1: the file does not say how long it takes: time 1");
	complains(with(3, "time 9", true), "3:1: it takes only 0:");
	complains(with(10, "# no last words", true), "1:1: the lesson has no last words");
	complains(with(11, "read anyip nonsense", true), "11:12: help has no text on nonsense");
	complains(with(4, "step \"three\"\ncheck bind 127.0.0.1 ok", false),
		  "4:1: this step asks for something and has no solution");
}

// Where `since` stands before it, the place is still that of the words.
static void test_place_behind_version(void **state)
{
	(void)state;
	complains(with(5, "since 5.10 say \"Short. " TEN TEN "and six more words stand here.\"", false),
		  "5:24: this sentence has 26 words");
}

static void test_length(void **state)
{
	(void)state;
	char text[16384];
	size_t used = (size_t)snprintf(text, sizeof text, "lesson \"Long\"\ngoal G.\ntime 4\n");
	for (int i = 0; i < 13; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "step \"s\"\nsay \"" TEN TEN ". " TEN TEN ". " TEN
					 ".\"\nask Q [binds refused]\ndo bind ::1\n");
	snprintf(text + used, sizeof text - used, "done D.\n");
	assert_true(check_named("x.lesson", text) >= 3);
	assert_non_null(strstr(said, "a lesson has at most 12 steps; this is one more"));
	assert_non_null(strstr(said, "52:1: a lesson has at most 12 steps"));
	assert_non_null(strstr(said, "1:1: the lesson takes 7:30 by reading speed"));
	assert_non_null(strstr(said, "3:1: it takes 7:30 by reading speed, more than that: time 8"));
	// A talk is as long as its speaker likes.
	check_named("x.stage", text);
	assert_null(strstr(said, "steps"));
	assert_null(strstr(said, "the lesson takes"));
}

static const char challenge[] = "lesson \"C\"\ngoal Make it bind.\ntime 5\naddress 203.0.113.9\nstep \"Go\"\n"
				"hint A.\nhint B.\nhint Try set freebind now.\nsolution set freebind\n"
				"check bind 203.0.113.9 ok\n";

static void test_challenges(void **state)
{
	(void)state;
	char text[1024];
	if (check_named("x.lesson", challenge))
		fail_msg("%s", said);
	assert_int_equal(lesson_size(&lesson, "x.lesson").sort, SORT_CHALLENGE);
	snprintf(text, sizeof text, "%.*s%s", (int)(strstr(challenge, "hint A") - challenge), challenge,
		 strstr(challenge, "hint B"));
	complains(text, "5:1: a challenge has 3 hints; this one has 2");
	snprintf(text, sizeof text, "%s", challenge);
	memcpy(strstr(text, "set freebind now"), "set nothing  now", 16);
	complains(text, "5:1: the third hint must say a command of the solution");
}

// 160 words a minute, 5 seconds for a command and 10 for a question.
static void test_reading_speed(void **state)
{
	(void)state;
	char text[4096];
	size_t used = (size_t)snprintf(text, sizeof text, "lesson \"T\"\ngoal G.\ntime 1\nstep \"S\"\n");
	for (int i = 0; i < 3; i++) // 150 words, and 10 of the rest
		used += (size_t)snprintf(text + used, sizeof text - used, "say \"" TEN TEN TEN TEN TEN "\"\n");
	snprintf(text + used, sizeof text - used,
		 "ask \"one two\" [binds refused]\ndo bind ::1\ndone one two three four five.\n");
	read_text("t", text, NULL);
	struct lesson_size s = lesson_size(&lesson, "t");
	assert_int_equal(s.words, 160);
	assert_int_equal(s.commands, 1);
	assert_int_equal(s.questions, 1);
	assert_int_equal(s.seconds, 60 + 5 + 10);
	assert_int_equal(lesson_minutes(&s), 2);
}

// Every text of ours keeps the rules, whatever kernel it is read for.
static void test_shipped(void **state)
{
	(void)state;
	static const char *const releases[] = {"5.10", "6.1", "6.12", NULL};
	const struct listed_lesson *at;
	for (size_t n = 0; (at = listed_lesson(n)); n++)
		for (size_t r = 0; r < sizeof releases / sizeof *releases; r++) {
			said[0] = '\0';
			read_text(at->file, at->text, releases[r]);
			if (lesson_rules_check(&lesson, at->file, at->text, strlen(at->text), note, NULL))
				fail_msg("%s, Linux %s:\n%s", at->file, releases[r] ? releases[r] : "newest", said);
			enum lesson_sort sort = lesson_size(&lesson, at->file).sort;
			assert_int_equal(sort, at->kind == LESSON_CHALLENGE ? SORT_CHALLENGE
					       : at->kind == LESSON_STAGE   ? SORT_STAGE
									    : SORT_LESSON);
		}
}

static void test_names(void **state)
{
	(void)state;
	char name[PROGRESS_NAME];
	assert_string_equal(lesson_short_name("4-ipv6.lesson", name), "ipv6");
	assert_string_equal(lesson_short_name("help/lessons/challenge-vip.lesson", name), "challenge-vip");
	assert_string_equal(lesson_short_name("demo.stage", name), "demo");
	assert_string_equal(lesson_short_name("ipv6", name), "ipv6");
	assert_string_equal(lesson_short_name("12", name), "12");
	assert_string_equal(lesson_short_name("/tmp/my lesson.txt", name), "my_lesson.txt");
	assert_string_equal(lesson_short_name(".lesson", name), ".lesson");
}

// What a lesson's events say is found again in the progress.
static void test_events(void **state)
{
	(void)state;
	char line[PROGRESS_LINE];
	struct progress p = {0};
	read_text("4-good.lesson", good, NULL);
	struct prediction q = {
		.item = lesson.steps[1].first, .judgement = JUDGED_WRONG, .said = "step 3", .truth = "step 7"};
	struct progress_event e = lesson_event_answer(&lesson, &q);
	memcpy(e.when, "2026-11-29T20:41:07Z", sizeof e.when);
	progress_format(&e, line);
	assert_string_equal(line,
			    "2026-11-29T20:41:07Z good answer step=2 question=1 said=step_3 was=step_7 judged=wrong\n");
	assert_int_equal(progress_fold(&p, line, strlen(line)), 0);
	const struct progress_question *found = progress_question(&p, "good", 2, 1);
	assert_non_null(found);
	assert_false(found->right);
	progress_free(&p);
	assert_int_equal(lesson_event(&lesson, PROGRESS_BEGIN, 0).step, 0);
	assert_int_equal(lesson_event(&lesson, PROGRESS_BEGIN, 1).step, 2);
	assert_int_equal(lesson_event(&lesson, PROGRESS_STEP, 1).step, 2);
	assert_int_equal(lesson_event(&lesson, PROGRESS_DONE, 1).step, 0);
}

// Those that were answered wrongly come first, then those that are longest ago, then those that were never asked.
static void test_review(void **state)
{
	(void)state;
	static const char text[] =
		"lesson \"R\"\nstep \"p\"\nask A [binds refused]\ndo bind ::1\nstep \"q\"\nask B [binds refused]\n"
		"do bind ::1\nstep \"s\"\nask C [binds refused]\ndo bind ::1\nstep \"t\"\nask D [binds refused]\n"
		"do bind ::1\nstep \"u\"\nask E [one +two]\nask F [step]\ndo bind ::9\n";
	static const char past[] = "2026-11-03T00:00:00Z r answer step=1 question=1 judged=right\n"
				   "2026-11-01T00:00:00Z r answer step=2 question=1 judged=right\n"
				   "2026-11-01T00:00:00Z r answer step=3 question=1 judged=wrong\n"
				   "2026-11-02T00:00:00Z r answer step=3 question=1 judged=wrong\n"
				   "2026-11-01T00:00:00Z r answer step=5 question=2 judged=right\n"
				   "2026-11-01T00:00:01Z r answer step=5 question=2 judged=wrong\n";
	static const unsigned order[] = {5, 3, 2, 1, 4}; // steps
	static struct review r;
	struct progress p = {0};
	assert_int_equal(progress_fold(&p, past, sizeof past - 1), 0);
	read_text("r.lesson", text, NULL);
	r.n = 0;
	review_add(&r, &lesson, "r", &p);
	assert_int_equal(r.n, 5); // the author's own question has no bind to judge it
	review_choose(&r, REVIEW_QUESTIONS);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(r.questions[i].step + 1, order[i]);
	assert_int_equal(r.questions[0].why, REVIEW_WRONG);
	assert_int_equal(r.questions[2].why, REVIEW_RIGHT);
	assert_int_equal(r.questions[4].why, REVIEW_NEW);
	review_choose(&r, 2);
	assert_int_equal(r.n, 2);
	progress_free(&p);
}

static int forget(void **state)
{
	(void)state;
	lesson_free(&lesson);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_each_rule),
		cmocka_unit_test(test_place_behind_version),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_challenges),
		cmocka_unit_test(test_reading_speed),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_review),
	};
	return cmocka_run_group_tests_name("lesson rules", tests, NULL, forget);
}
