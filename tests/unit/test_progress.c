// SPDX-License-Identifier: GPL-3.0-or-later
// A learner's progress: lines that are written and read again, files that are torn, foreign or hostile, and a process
// that is killed while it writes.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/lesson/progress_file.h"

static const char when[] = "2026-11-29T20:41:07Z";

static struct progress_event event(enum progress_kind kind, const char *lesson, unsigned step)
{
	struct progress_event e = {.kind = kind, .step = step};
	snprintf(e.when, sizeof e.when, "%s", when);
	snprintf(e.lesson, sizeof e.lesson, "%s", lesson);
	return e;
}

static struct progress_event answer(const char *lesson, unsigned step, unsigned question, bool right)
{
	struct progress_event e = event(PROGRESS_ANSWER, lesson, step);
	e.question = question;
	e.right = right;
	snprintf(e.said, sizeof e.said, "binds");
	snprintf(e.was, sizeof e.was, right ? "binds" : "refused");
	return e;
}

static struct progress fold(const char *text)
{
	struct progress p = {0};
	assert_int_equal(progress_fold(&p, text, strlen(text)), 0);
	return p;
}

static void test_line(void **state)
{
	(void)state;
	char line[PROGRESS_LINE];
	struct progress_event e = answer("anyip", 2, 1, false);
	size_t n = progress_format(&e, line);
	assert_string_equal(line, "2026-11-29T20:41:07Z anyip answer step=2 question=1 said=binds was=refused "
				  "judged=wrong\n");
	assert_int_equal(n, strlen(line));
	e = event(PROGRESS_HINT, "challenge-vip", 1);
	e.degree = 3;
	progress_format(&e, line);
	assert_string_equal(line, "2026-11-29T20:41:07Z challenge-vip hint step=1 degree=3\n");
}

// Of every kind, with every word: what is written is read as the same.
static void test_round_trip(void **state)
{
	(void)state;
	for (int k = 0; k < PROGRESS_KINDS; k++)
		for (unsigned bits = 0; bits < 32; bits++) {
			char line[PROGRESS_LINE], again[PROGRESS_LINE];
			struct progress_event e = event((enum progress_kind)k, "a.b_c-9", 1 + bits), got;
			e.question = 1 + (bits & 1);
			e.degree = bits & 2;
			e.right = bits & 4;
			snprintf(e.said, sizeof e.said, "%s", bits & 8 ? "EADDRNOTAVAIL" : "");
			snprintf(e.was, sizeof e.was, "%s", bits & 16 ? "ADDR_ROUTED_ONLY=x" : "");
			size_t n = progress_format(&e, line);
			assert_true(progress_parse(line, n - 1, &got));
			assert_int_equal(progress_format(&got, again), n);
			assert_string_equal(again, line);
			assert_int_equal(got.kind, k);
			assert_int_equal(got.step, e.step);
		}
}

// Names and predictions from outside make one line, whatever is in them.
static void test_hostile_words(void **state)
{
	(void)state;
	char line[PROGRESS_LINE];
	struct progress_event e = answer("../a b\n\x1b[2J", 64, 1, true), got;
	memset(e.said, '\n', sizeof e.said - 1);
	memset(e.was, 0xff, sizeof e.was - 1);
	size_t n = progress_format(&e, line);
	assert_ptr_equal(strchr(line, '\n'), line + n - 1);
	assert_null(strchr(line, '\x1b'));
	assert_true(progress_parse(line, n - 1, &got));
	assert_string_equal(got.lesson, ".._a_b___2J");
	assert_string_equal(got.said, "_______________________________");
	e = event(PROGRESS_BEGIN, "", 0);
	n = progress_format(&e, line);
	assert_true(progress_parse(line, n - 1, &got));
	assert_string_equal(got.lesson, "_");
}

static void test_lines_that_are_none(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		" ",
		"2026-11-29T20:41:07Z",
		"2026-11-29T20:41:07Z anyip",
		"2026-11-29T20:41:07Z anyip dance step=1",
		"2026-11-29 20:41:07 anyip begin",
		"2026-11-29T20:41:07 anyip begin",
		"x026-11-29T20:41:07Z anyip begin",
		"2026-11-29T20:41:07ZZ anyip begin",
		"2026-11-29T20:41:07Z any/ip begin",
		"2026-11-29T20:41:07Z anyip step",
		"2026-11-29T20:41:07Z anyip step step=0",
		"2026-11-29T20:41:07Z anyip step step=65",
		"2026-11-29T20:41:07Z anyip step step=99999999999999999999",
		"2026-11-29T20:41:07Z anyip step step=1x",
		"2026-11-29T20:41:07Z anyip step step=-1",
		"2026-11-29T20:41:07Z anyip step step=",
		"2026-11-29T20:41:07Z anyip answer step=1 question=1",
		"2026-11-29T20:41:07Z anyip answer step=1 question=1 judged=perhaps",
		"2026-11-29T20:41:07Z anyip answer question=1 judged=right",
		"2026-11-29T20:41:07Z anyip answer step=1 judged=right",
		"2026-11-29T20:41:07Z anyip check step=1",
		"2026-11-29T20:41:07Z anyip begin\tstep=1",
		"2026-11-29T20:41:07Z anyip begin\x1b[2J",
		"2026-11-29T20:41:07Z 0123456789012345678901234567890123456789012345678901234567890123 begin",
	};
	struct progress_event e;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (progress_parse(wrong[i], strlen(wrong[i]), &e))
			fail_msg("\"%s\" is an event", wrong[i]);
	char line[2 * PROGRESS_LINE];
	memset(line, 'a', sizeof line);
	memcpy(line, "2026-11-29T20:41:07Z anyip begin ", 33);
	assert_true(progress_parse(line, PROGRESS_LINE - 1, &e));
	assert_false(progress_parse(line, PROGRESS_LINE, &e));
}

// Other versions write other words in another order, and other events.
static void test_other_versions(void **state)
{
	(void)state;
	struct progress p =
		fold("2026-11-29T20:41:07Z anyip begin kernel=6.12.0 version=9\n"
		     "2027-01-01T00:00:00Z anyip confetti step=1 colour=red\n"
		     "2026-11-29T20:41:09Z anyip answer judged=right lang=eo question=1 was=refused step=2 mood\n");
	assert_int_equal(p.events, 2);
	assert_int_equal(p.skipped, 1);
	assert_true(progress_question(&p, "anyip", 2, 1)->right);
	progress_free(&p);
}

static void test_fold(void **state)
{
	(void)state;
	struct progress p =
		fold("2026-11-29T20:00:00Z anyip begin\n"
		     "2026-11-29T20:00:10Z anyip answer step=1 question=1 said=binds was=refused judged=wrong\n"
		     "2026-11-29T20:00:11Z anyip step step=1\n"
		     "2026-11-29T20:00:12Z anyip hint step=2 degree=1\n"
		     "2026-11-29T20:00:13Z anyip hint step=2 degree=2\n"
		     "2026-11-29T20:00:14Z anyip solution step=2\n"
		     "2026-11-29T20:00:15Z anyip check step=2 judged=wrong\n"
		     "2026-11-29T20:00:16Z anyip step step=2\n"
		     "2026-11-29T20:01:00Z refused begin\n"
		     "2026-11-29T20:01:10Z refused step step=1\n"
		     "2026-11-29T20:01:11Z refused done\n"
		     "2026-11-29T20:02:00Z anyip begin step=2\n"
		     "2026-11-29T20:02:10Z anyip answer step=1 question=1 said=refused was=refused judged=right\n");
	const struct progress_lesson *l = progress_lesson(&p, "anyip");
	assert_non_null(l);
	assert_int_equal(p.events, 13);
	assert_int_equal(p.skipped, 0);
	assert_int_equal(progress_steps(l, 12), 2);
	assert_int_equal(progress_steps(l, 1), 1);
	assert_int_equal(l->at, 1);
	assert_int_equal(l->hints, 2);
	assert_int_equal(l->solutions, 1);
	assert_int_equal(l->answers, 2);
	assert_int_equal(l->right, 1);
	assert_int_equal(l->done, 0);
	assert_string_equal(l->last, "2026-11-29T20:02:10Z");
	const struct progress_question *q = progress_question(&p, "anyip", 1, 1);
	assert_non_null(q);
	assert_true(q->right);
	assert_int_equal(q->answers, 2);
	assert_int_equal(q->wrong, 1);
	assert_string_equal(q->said, "refused");
	assert_string_equal(q->when, "2026-11-29T20:02:10Z");
	assert_null(progress_question(&p, "anyip", 1, 2));
	assert_null(progress_question(&p, "refused", 1, 1));
	assert_null(progress_lesson(&p, "anyi"));
	l = progress_lesson(&p, "refused");
	assert_int_equal(l->done, 1);
	assert_int_equal(l->at, 0);
	progress_free(&p);
}

// A line that is damaged or torn costs itself only, wherever the tear is.
static void test_torn(void **state)
{
	(void)state;
	static const char good[] = "2026-11-29T20:00:00Z anyip step step=1\n",
			  more[] = "2026-11-29T20:00:01Z anyip done\n";
	for (size_t cut = 0; cut < sizeof good - 1; cut++) {
		char text[256];
		snprintf(text, sizeof text, "%s%s%.*s", good, more, (int)cut, good);
		struct progress p = fold(text);
		assert_int_equal(p.events, 2);
		assert_int_equal(p.skipped, cut > 0);
		progress_free(&p);
		snprintf(text, sizeof text, "%.*s\n%s", (int)cut, good, more);
		p = fold(text);
		if (cut < sizeof good - 2)
			assert_int_equal(p.events, 1);
		assert_int_equal(progress_lesson(&p, "anyip")->done, 1);
		progress_free(&p);
	}
	struct progress mailed = fold("2026-11-29T20:00:00Z anyip begin\r\n\r\n2026-11-29T20:00:01Z anyip done\r\n");
	assert_int_equal(mailed.events, 2);
	assert_int_equal(mailed.skipped, 0);
	progress_free(&mailed);
	static const char zero[] = "2026-11-29T20:00:00Z anyip\0begin\n2026-11-29T20:00:01Z anyip done\n";
	struct progress p = {0};
	assert_int_equal(progress_fold(&p, zero, sizeof zero - 1), 0);
	assert_int_equal(p.events, 1);
	assert_int_equal(p.skipped, 1);
	progress_free(&p);
}

// However many lessons and questions a file speaks of.
static void test_bounds(void **state)
{
	(void)state;
	struct progress p = {0};
	for (unsigned i = 0; i < 2 * PROGRESS_LESSONS; i++) {
		char name[32], line[PROGRESS_LINE];
		snprintf(name, sizeof name, "lesson-%u", i);
		for (unsigned q = 0; q < 20; q++) {
			struct progress_event e = answer(name, 1 + q, 1, q & 1);
			assert_int_equal(progress_fold(&p, line, progress_format(&e, line)), 0);
		}
	}
	assert_int_equal(p.nlessons, PROGRESS_LESSONS);
	assert_int_equal(p.nquestions, PROGRESS_QUESTIONS);
	assert_int_equal(p.events, PROGRESS_QUESTIONS);
	assert_int_equal(p.events + p.skipped, 2 * PROGRESS_LESSONS * 20);
	assert_true(progress_question(&p, "lesson-0", 2, 1)->right);
	assert_false(progress_question(&p, "lesson-0", 1, 1)->right);
	progress_free(&p);
}

static char home[] = "/tmp/bindwalk-progress-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static int empty_home(void **state)
{
	(void)state;
	nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	setenv("HOME", home, 1);
	unsetenv("XDG_STATE_HOME");
	return 0;
}

static const char *file(void)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/.local/state/bindwalk/progress", home);
	return path;
}

static void append(const struct progress_event *e)
{
	char err[PROGRESS_ERROR];
	if (progress_append(e, err, sizeof err) < 0)
		fail_msg("%s", err);
}

static struct progress load(void)
{
	struct progress p;
	char err[PROGRESS_ERROR];
	if (progress_load(&p, err, sizeof err) < 0)
		fail_msg("%s", err);
	return p;
}

static void put(const char *text, size_t len)
{
	int fd = open(file(), O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void test_file(void **state)
{
	(void)state;
	struct progress p = load();
	assert_int_equal(p.events + p.skipped, 0);
	struct stat st;
	assert_int_equal(stat(file(), &st), -1); // to look makes no file
	struct progress_event e = event(PROGRESS_BEGIN, "anyip", 0);
	e.when[0] = '\0';
	append(&e);
	assert_int_equal(stat(file(), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	put("2026-11-29T20:00:00Z anyip st", 29); // torn; the next one stands in a line of its own
	e = event(PROGRESS_STEP, "anyip", 3);
	append(&e);
	e = answer("anyip", 4, 1, true);
	append(&e);
	p = load();
	assert_int_equal(p.events, 3);
	assert_int_equal(p.skipped, 1);
	assert_int_equal(progress_lesson(&p, "anyip")->at, 3);
	progress_free(&p);
}

// What can't be read is named, and is left as it is.
static void test_file_is_ours(void **state)
{
	(void)state;
	char err[PROGRESS_ERROR];
	struct progress p;
	struct stat st;
	struct progress_event e = event(PROGRESS_BEGIN, "anyip", 0);
	append(&e);
	assert_int_equal(chmod(file(), 0666), 0);
	assert_true(progress_load(&p, err, sizeof err) < 0);
	assert_non_null(strstr(err, "chmod go-w"));
	assert_true(progress_append(&e, err, sizeof err) < 0);
	assert_non_null(strstr(err, "progress is not kept"));
	assert_int_equal(unlink(file()), 0);
	assert_int_equal(symlink("/etc/passwd", file()), 0);
	assert_true(progress_append(&e, err, sizeof err) < 0);
	assert_non_null(strstr(err, "is a link"));
	assert_int_equal(unlink(file()), 0);
	assert_int_equal(mkfifo(file(), 0600), 0);
	assert_true(progress_load(&p, err, sizeof err) < 0);
	assert_true(progress_append(&e, err, sizeof err) < 0);
	assert_int_equal(unlink(file()), 0);
	append(&e);
	assert_int_equal(truncate(file(), PROGRESS_BYTES), 0);
	assert_int_equal(progress_append(&e, err, sizeof err), -EFBIG);
	assert_non_null(strstr(err, "move it away"));
	assert_int_equal(stat(file(), &st), 0);
	assert_int_equal(st.st_size, PROGRESS_BYTES);
	assert_int_equal(progress_load(&p, err, sizeof err), 0);
	progress_free(&p);
	assert_int_equal(truncate(file(), PROGRESS_BYTES + 1), 0);
	assert_int_equal(progress_load(&p, err, sizeof err), -EFBIG);
	assert_non_null(strstr(err, "/bindwalk/progress is full"));
}

// Killed at whatever place: all that were written before are there, and whole.
static void test_killed(void **state)
{
	(void)state;
	for (int round = 0; round < 5; round++) {
		int told[2];
		unsigned n = 0, written;
		assert_int_equal(pipe(told), 0);
		pid_t child = fork();
		for (; child == 0; n++) {
			char err[PROGRESS_ERROR];
			struct progress_event e = answer("anyip", 1 + n % 12, 1 + n / 12 % 60, n & 1);
			if (progress_append(&e, err, sizeof err) < 0 || write(told[1], &n, sizeof n) < 0)
				_exit(1);
		}
		close(told[1]);
		do
			assert_int_equal(read(told[0], &written, sizeof written), sizeof written);
		while (written < 20 + 7 * (unsigned)round);
		assert_int_equal(kill(child, SIGKILL), 0);
		while (read(told[0], &n, sizeof n) == sizeof n)
			written = n;
		close(told[0]);
		assert_int_equal(waitpid(child, NULL, 0), child);
		struct progress p = load();
		// The kernel ends a killed write() between two pages: the line that was under way may be torn.
		assert_in_range(p.skipped, 0, 1);
		assert_in_range(p.events, written + 1, written + 2 - p.skipped);
		progress_free(&p);
		empty_home(NULL);
	}
}

// A full disk costs the event it hits, and a sentence; what is there stays, and what comes later is read.
static void test_full_disk(void **state)
{
	(void)state;
	char err[PROGRESS_ERROR];
	struct progress_event e = event(PROGRESS_STEP, "anyip", 1);
	append(&e);
	struct stat st;
	assert_int_equal(stat(file(), &st), 0);
	struct rlimit before, small;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){(rlim_t)st.st_size + 10, before.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int rc = progress_append(&e, err, sizeof err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(rc < 0);
	assert_non_null(strstr(err, "not kept"));
	e.step = 2;
	append(&e);
	struct progress p = load();
	assert_int_equal(p.events, 2);
	assert_int_equal(p.skipped, 1);
	progress_free(&p);
}

static int group_begin(void **state)
{
	(void)state;
	return mkdtemp(home) ? 0 : -1;
}

static int group_end(void **state)
{
	empty_home(state);
	return rmdir(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_hostile_words),
		cmocka_unit_test(test_lines_that_are_none),
		cmocka_unit_test(test_other_versions),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test_setup(test_file, empty_home),
		cmocka_unit_test_setup(test_file_is_ours, empty_home),
		cmocka_unit_test_setup(test_killed, empty_home),
		cmocka_unit_test_setup(test_full_disk, empty_home),
	};
	return cmocka_run_group_tests_name("progress", tests, group_begin, group_end);
}
