// SPDX-License-Identifier: GPL-3.0-or-later
// The progress of a class: thousands of files, from learners who may put anything there, become one table, and nothing
// is followed, waited for or believed. clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/lesson/class_read.h"

static char folder[] = "/tmp/bindwalk-class-XXXXXX";

static const char begun[] = "2026-11-29T20:00:00Z anyip begin\n";

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static int empty(void **state)
{
	(void)state;
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static const char *at(const char *name)
{
	static char path[512];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static struct class_report read_all(void)
{
	struct class_report r;
	char err[512];
	if (class_read(folder, &r, err, sizeof err) < 0)
		fail_msg("%s", err);
	return r;
}

static void test_table(void **state)
{
	(void)state;
	put("bea.txt", "2026-11-29T20:00:00Z anyip begin\n"
		       "2026-11-29T20:00:01Z anyip answer step=2 question=1 said=binds was=refused judged=wrong\n"
		       "2026-11-29T20:00:02Z anyip answer step=2 question=1 said=refused was=refused judged=right\n"
		       "2026-11-29T20:00:03Z anyip hint step=2 degree=1\n"
		       "2026-11-29T20:00:04Z anyip done\n"
		       "2026-11-29T20:00:05Z ports begin\n");
	put("ada.progress",
	    "2026-11-30T20:00:00Z anyip begin\n"
	    "2026-11-30T20:00:01Z anyip answer step=2 question=1 said=refused was=refused judged=right\n"
	    "2026-11-30T20:00:02Z ports answer step=1 question=1 judged=wrong\ntorn");
	assert_int_equal(mkdir(at("cem"), 0700), 0);
	put("cem/progress", begun);
	assert_int_equal(mkdir(at("dan"), 0700), 0);
	assert_int_equal(mkdir(at("dan/bindwalk"), 0700), 0);
	put("dan/bindwalk/progress", begun);
	put(".hidden", begun);
	struct class_report r = read_all();
	static const char *const names[] = {"ada", "bea", "cem", "dan"};
	assert_int_equal(r.nlearners, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_string_equal(r.learners[i].name, names[i]);
	assert_int_equal(r.skipped, 1);
	assert_int_equal(r.others + r.left, 0);
	const struct class_learner *bea = &r.learners[1];
	assert_int_equal(bea->begun, 2);
	assert_int_equal(bea->done, 1);
	assert_int_equal(bea->answers, 2);
	assert_int_equal(bea->right, 1);
	assert_int_equal(bea->hints, 1);
	assert_string_equal(bea->last, "2026-11-29T20:00:05Z");
	assert_int_equal(r.nquestions, 2);
	assert_string_equal(r.questions[0].lesson, "anyip");
	assert_int_equal(r.questions[0].learners, 2);
	assert_int_equal(r.questions[0].wrong, 1); // once wrong counts, also if it was right later
	assert_string_equal(r.questions[1].lesson, "ports");
	class_free(&r);
}

static void test_hostile(void **state)
{
	(void)state;
	char name[256];
	put("good", begun);
	put("\x1b[2J\n\xff", begun);
	memset(name, 'n', 255);
	name[255] = '\0';
	put(name, begun);
	put("empty", "");
	put("rubbish", "\x1b[2J\nrm -rf /\n");
	put("large", begun);
	assert_int_equal(truncate(at("large"), (off_t)1 << 40), 0);
	assert_int_equal(mkfifo(at("fifo"), 0600), 0);
	assert_int_equal(symlink("/etc/passwd", at("link")), 0);
	assert_int_equal(symlink(folder, at("loop")), 0);
	assert_int_equal(mkdir(at("deep"), 0700), 0);
	assert_int_equal(mkfifo(at("deep/progress"), 0600), 0);
	bool device = mknod(at("device"), S_IFCHR | 0600, makedev(1, 5)) == 0; // root can
	struct class_report r = read_all();
	assert_int_equal(r.nlearners, 3);
	assert_int_equal(r.others, 6 + device);
	assert_int_equal(r.left, 1);
	assert_non_null(strstr(r.why, "larger than"));
	assert_string_equal(r.learners[0].name, "\x1b[2J\n\xff");
	class_free(&r);
}

static void test_thousands(void **state)
{
	(void)state;
	enum { MANY = 2000 };
	for (int i = 0; i < MANY; i++) {
		char name[32], text[512];
		snprintf(name, sizeof name, "learner-%04d", i);
		snprintf(text, sizeof text, "%s2026-11-29T20:00:01Z anyip answer step=%d question=1 judged=%s\n", begun,
			 1 + i % 12, i % 3 ? "right" : "wrong");
		put(name, text);
	}
	struct class_report r = read_all();
	assert_int_equal(r.nlearners, MANY);
	assert_string_equal(r.learners[MANY - 1].name, "learner-1999");
	assert_int_equal(r.nquestions, 12);
	assert_int_equal(r.questions[0].learners, MANY / 12 + 1);
	class_free(&r);
}

// One file that says as much as it can costs what it may.
static void test_greedy(void **state)
{
	(void)state;
	FILE *f = fopen(at("greedy"), "w");
	assert_non_null(f);
	for (int i = 0; ftell(f) < PROGRESS_BYTES - 128; i++)
		fprintf(f, "2026-11-29T20:00:01Z lesson-%d answer step=%d question=%d judged=right\n", i % 300,
			1 + i % 64, 1 + i / 64 % 64);
	assert_int_equal(fclose(f), 0);
	struct class_report r = read_all();
	assert_int_equal(r.nlearners, 1);
	assert_true(r.nquestions <= PROGRESS_QUESTIONS);
	class_free(&r);
}

static void test_no_folder(void **state)
{
	(void)state;
	struct class_report r;
	char err[512];
	assert_int_equal(class_read(at("nowhere"), &r, err, sizeof err), -ENOENT);
	assert_non_null(strstr(err, "nowhere: No such file"));
	put("file", begun);
	assert_int_equal(class_read(at("file"), &r, err, sizeof err), -ENOTDIR);
	assert_non_null(strstr(err, "expected a folder with progress files"));
}

static int group_begin(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int group_end(void **state)
{
	empty(state);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_table, empty),     cmocka_unit_test_teardown(test_hostile, empty),
		cmocka_unit_test_teardown(test_thousands, empty), cmocka_unit_test_teardown(test_greedy, empty),
		cmocka_unit_test_teardown(test_no_folder, empty),
	};
	return cmocka_run_group_tests_name("class report", tests, group_begin, group_end);
}
