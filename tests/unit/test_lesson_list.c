// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons that are compiled in: all files of help/lessons/, each as it is, found by name and number.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lesson/lesson_list.h"

static const char *folder(void)
{
	static char path[4096];
	const char *src = getenv("top_srcdir");
	snprintf(path, sizeof path, "%s/help/lessons", src ? src : ".");
	return path;
}

// Each text is its file, byte for byte: what errors say about lines and columns is true of the file.
static void test_texts(void **state)
{
	(void)state;
	const struct listed_lesson *l;
	for (size_t n = 0; (l = listed_lesson(n)); n++) {
		char path[4096 + 64];
		size_t len = strlen(l->text), got;
		char *text = malloc(len + 2);
		assert_non_null(text);
		snprintf(path, sizeof path, "%s/%s", folder(), l->file);
		FILE *f = fopen(path, "r");
		if (!f)
			fail_msg("%s cannot be opened", path);
		got = fread(text, 1, len + 1, f);
		fclose(f);
		assert_int_equal(got, len);
		assert_memory_equal(text, l->text, len);
		free(text);
	}
}

static void test_all_files(void **state)
{
	(void)state;
	DIR *d = opendir(folder());
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));) {
		const char *suffix = strrchr(e->d_name, '.');
		const struct listed_lesson *l;
		size_t n = 0;
		if (!suffix || (strcmp(suffix, ".lesson") != 0 && strcmp(suffix, ".stage") != 0))
			continue;
		while ((l = listed_lesson(n)) && strcmp(l->file, e->d_name) != 0)
			n++;
		if (!l)
			fail_msg("help/lessons/%s is not in LESSONS of Makefile.am", e->d_name);
	}
	closedir(d);
}

// Core lessons are numbered from 1 in their order; the others have no number.
static void test_find(void **state)
{
	(void)state;
	unsigned core = 0;
	const struct listed_lesson *l;
	for (size_t n = 0; (l = listed_lesson(n)); n++) {
		char number[16];
		assert_ptr_equal(listed_lesson_find(l->name), l);
		assert_int_equal(l->number, l->kind == LESSON_CORE ? ++core : 0);
		assert_int_equal(l->kind == LESSON_STAGE, strstr(l->file, ".stage") != NULL);
		assert_int_equal(l->kind == LESSON_CHALLENGE, strncmp(l->name, "challenge-", 10) == 0);
		snprintf(number, sizeof number, "%u", l->number);
		if (l->number)
			assert_ptr_equal(listed_lesson_find(number), l);
	}
	assert_true(core > 0);
	static const char *const none[] = {"0", "99", "01", "1 ", "", "refuse", "1-refused", "1-refused.lesson"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_null(listed_lesson_find(none[i]));
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(listed_lesson_nearest("refusd"), "refused");
	assert_string_equal(listed_lesson_nearest("1-refused"), "refused");
	assert_string_equal(listed_lesson_nearest("table"), "local-table");
	assert_null(listed_lesson_nearest("something-else"));
	assert_null(listed_lesson_nearest("fu"));
	assert_null(listed_lesson_nearest(""));
}

// Going on from the first of a kind meets all of that kind, and after the lessons the challenges.
static void test_next(void **state)
{
	(void)state;
	const struct listed_lesson *l, *first[3] = {0};
	size_t of[3] = {0};
	for (size_t n = 0; (l = listed_lesson(n)); n++) {
		if (!first[l->kind])
			first[l->kind] = l;
		of[l->kind]++;
	}
	for (size_t kind = 0; kind < 3; kind++) {
		size_t met = 0;
		for (l = first[kind]; l && l->kind == (enum lesson_kind)kind; l = listed_lesson_next(l))
			met++;
		assert_ptr_equal(l, kind == LESSON_CORE ? first[LESSON_CHALLENGE] : NULL);
		assert_int_equal(met, of[kind]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),   cmocka_unit_test(test_all_files), cmocka_unit_test(test_find),
		cmocka_unit_test(test_nearest), cmocka_unit_test(test_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
