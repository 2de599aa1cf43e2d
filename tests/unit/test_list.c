// SPDX-License-Identifier: GPL-3.0-or-later
// Selection, scrolling and filters of long lists.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tui/list.h"

static size_t asked;

// Item n is the text "n"; data is unused.
static bool has_digits(const void *data, size_t item, const char *text)
{
	char number[24];
	(void)data;
	asked++;
	snprintf(number, sizeof number, "%zu", item);
	return strstr(number, text) != NULL;
}

static void sane(const struct list *l)
{
	assert_true(l->count == 0 ? l->selected == 0 : l->selected < l->count);
	assert_true(l->top == 0 || l->top + l->height <= l->count);
}

static void test_move(void **state)
{
	(void)state;
	struct list l = {0};
	list_update(&l, 100, has_digits, NULL);
	list_resize(&l, 10);
	list_move(&l, -1);
	assert_int_equal(l.selected, 0);
	list_move(&l, 9);
	assert_int_equal(l.top, 0); // still on the screen
	list_move(&l, 1);
	assert_int_equal(l.selected, 10);
	assert_int_equal(l.top, 1); // no further than needed
	list_move(&l, 1L << 60);
	assert_int_equal(l.selected, 99);
	assert_int_equal(l.top, 90);
	list_move(&l, -(1L << 60));
	assert_int_equal(l.selected, 0);
	assert_int_equal(l.top, 0);
	list_reveal(&l, 50);
	assert_int_equal(l.selected, 0); // seen, not selected
	assert_int_equal(l.top, 41);
	list_reveal(&l, 500);
	assert_int_equal(l.top, 41);
	list_free(&l);
}

static void test_shrink_and_empty(void **state)
{
	(void)state;
	struct list l = {0};
	list_update(&l, 100, has_digits, NULL);
	list_resize(&l, 10);
	list_select(&l, 99);
	list_update(&l, 20, has_digits, NULL);
	assert_int_equal(l.selected, 19);
	sane(&l);
	list_resize(&l, 50);
	assert_int_equal(l.top, 0);
	list_update(&l, 0, has_digits, NULL);
	sane(&l);
	list_move(&l, 5);
	list_select(&l, 3);
	list_scroll(&l, 3);
	sane(&l);
	list_free(&l);
}

static void test_scroll(void **state)
{
	(void)state;
	struct list l = {0};
	list_update(&l, 30, has_digits, NULL);
	list_resize(&l, 10);
	list_scroll(&l, 7);
	assert_int_equal(l.top, 7);
	list_scroll(&l, 100);
	assert_int_equal(l.top, 20);
	list_scroll(&l, -100);
	assert_int_equal(l.top, 0);
	list_free(&l);
}

static void test_filter(void **state)
{
	(void)state;
	struct list l = {0};
	list_update(&l, 1000, has_digits, NULL);
	list_resize(&l, 10);
	list_select(&l, 77);
	assert_int_equal(list_set_filter(&l, "7", 1000, has_digits, NULL), 0);
	assert_int_equal(l.count, 271);
	assert_int_equal(list_item(&l, l.selected), 77); // the selection stays
	// A longer text asks only what matched so far.
	asked = 0;
	list_set_filter(&l, "77", 1000, has_digits, NULL);
	assert_int_equal(asked, 271);
	assert_int_equal(l.count, 19);
	assert_int_equal(list_item(&l, list_line(&l, 770)), 770);
	assert_true(list_line(&l, 5) == SIZE_MAX);
	// A shorter one all.
	asked = 0;
	list_set_filter(&l, "7", 1000, has_digits, NULL);
	assert_int_equal(asked, 1000);
	// The items change under the filter.
	list_update(&l, 80, has_digits, NULL);
	assert_int_equal(l.count, 17); // 7, 17 ... 67, and 70 to 79
	assert_int_equal(list_item(&l, 16), 79);
	list_set_filter(&l, "nothing", 80, has_digits, NULL);
	assert_int_equal(l.count, 0);
	sane(&l);
	list_update(&l, 80, has_digits, NULL);
	assert_int_equal(l.count, 0);
	list_set_filter(&l, "", 80, has_digits, NULL);
	assert_int_equal(l.count, 80);
	assert_null(l.match);
	list_free(&l);
}

static void test_long_filter(void **state)
{
	(void)state;
	struct list l = {0};
	char text[200];
	memset(text, '1', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	list_set_filter(&l, text, 10, has_digits, NULL);
	assert_int_equal(strlen(l.filter), LIST_FILTER - 1);
	list_free(&l);
}

static void test_random(void **state)
{
	(void)state;
	struct list l = {0};
	uint64_t seed = 1;
	size_t items = 0;
	for (int i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		unsigned r = (unsigned)(seed >> 40);
		char text[8];
		switch (r % 8) {
		case 0:
			items = r % 300;
			list_update(&l, items, has_digits, NULL);
			break;
		case 1:
			snprintf(text, sizeof text, "%u", r % 40);
			list_set_filter(&l, r % 3 ? text : "", items, has_digits, NULL);
			break;
		case 2:
			list_resize(&l, 1 + r % 40);
			break;
		case 3:
			list_reveal(&l, r % 400);
			break;
		case 4:
			list_select(&l, r % 400);
			break;
		default:
			list_move(&l, (long)(r % 100) - 50);
			break;
		}
		sane(&l);
		if (l.count && l.height && r % 8 > 4)
			assert_true(l.selected >= l.top && l.selected < l.top + l.height);
	}
	list_free(&l);
}

// The last line is seen whatever the others scroll to, and each other one can be.
static void test_pinned(void **state)
{
	(void)state;
	for (size_t height = 1; height < 8; height++)
		for (size_t count = 1; count < 12; count++) {
			struct list l = {.pinned = true};
			list_update(&l, count, NULL, NULL);
			list_resize(&l, height);
			for (size_t line = 0; line < 2 * count; line++) {
				size_t wanted = line < count ? line : 2 * count - 1 - line, times = 0;
				list_select(&l, wanted);
				for (size_t at = 0; at < height && at < count; at++)
					times += list_at(&l, at) == wanted;
				assert_int_equal(times, 1);
				if (height > 1)
					assert_int_equal(list_at(&l, height < count ? height - 1 : count - 1),
							 count - 1);
			}
			list_free(&l);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pinned), cmocka_unit_test(test_move),   cmocka_unit_test(test_shrink_and_empty),
		cmocka_unit_test(test_scroll), cmocka_unit_test(test_filter), cmocka_unit_test(test_long_filter),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
