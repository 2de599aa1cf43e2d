// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of UTF-8 text: decoding, clipping, wrapping, eliding.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <locale.h>
#include <string.h>

#include "core/text/width.h"

static void test_decode(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t len, bytes;
		uint32_t c;
	} cases[] = {
		{"a", 1, 1, 'a'},
		{"é", 2, 2, 0xe9},
		{"界", 3, 3, 0x754c},
		{"\xf0\x9f\x98\x80", 4, 4, 0x1f600},
		// Cut off, stray, overlong, a surrogate, beyond the last: one byte each, as a replacement.
		{"\xc3", 1, 1, 0xfffd},
		{"\xe7\x95", 2, 1, 0xfffd},
		{"\x80", 1, 1, 0xfffd},
		{"\xc0\xaf", 2, 1, 0xfffd},
		{"\xe0\x80\xaf", 3, 1, 0xfffd},
		{"\xed\xa0\x80", 3, 1, 0xfffd},
		{"\xf4\x90\x80\x80", 4, 1, 0xfffd},
		{"\xc3(", 2, 1, 0xfffd},
		{"\xff", 1, 1, 0xfffd},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t c = 0;
		assert_int_equal(width_decode(cases[i].text, cases[i].len, &c), cases[i].bytes);
		assert_int_equal(c, cases[i].c);
	}
}

static void test_encode(void **state)
{
	(void)state;
	static const uint32_t all[] = {0x24, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		char bytes[4];
		uint32_t back;
		size_t n = width_encode(all[i], bytes);
		assert_int_equal(width_decode(bytes, n, &back), n);
		assert_int_equal(back, all[i]);
	}
}

static void test_columns(void **state)
{
	(void)state;
	assert_int_equal(width_text("", 0), 0);
	assert_int_equal(width_text("abc", 3), 3);
	assert_int_equal(width_text("é→", strlen("é→")), 2);
	assert_int_equal(width_text("世界", 6), 4);
	assert_int_equal(width_text("e\xcc\x81", 3), 1); // an accent of its own
	assert_int_equal(width_text("\x01\xff", 2), 2);
}

static void test_clip(void **state)
{
	(void)state;
	unsigned used;
	assert_int_equal(width_clip("abcdef", 6, 3, &used), 3);
	assert_int_equal(used, 3);
	assert_int_equal(width_clip("a世界", 7, 4, &used), 4); // half a character is none
	assert_int_equal(used, 3);
	assert_int_equal(width_clip("e\xcc\x81z", 4, 1, &used), 3); // the accent stays with its letter
	assert_int_equal(used, 1);
	assert_int_equal(width_clip("abc", 3, 0, &used), 0);
	assert_int_equal(width_clip("abc", 3, 80, NULL), 3);
}

static void expect_wrap(const char *text, unsigned cols, size_t want_end, size_t want_next)
{
	size_t next, end = width_wrap(text, strlen(text), cols, &next);
	assert_int_equal(end, want_end);
	assert_int_equal(next, want_next);
}

static void test_wrap(void **state)
{
	(void)state;
	expect_wrap("one two three", 80, 13, 13);
	expect_wrap("one two three", 7, 7, 8);
	expect_wrap("one two three", 8, 7, 8);
	expect_wrap("one  two", 5, 3, 5);
	expect_wrap("onetwothree", 4, 4, 4); // no blank to break at
	expect_wrap("世界世界", 3, 3, 3);
	expect_wrap("界", 1, 3, 3); // wider than the line: taken all the same, or it would never end
	expect_wrap("", 5, 0, 0);
}

// Any text in any width ends, and loses nothing but blanks.
static void test_wrap_ends(void **state)
{
	(void)state;
	static const char text[] = "The  kernel asks: is 世界 an address?   averyveryverylongword e\xcc\x81 end ";
	for (unsigned cols = 1; cols < 90; cols++) {
		size_t at = 0, len = strlen(text), lines = 0;
		while (at < len) {
			size_t next, end = width_wrap(text + at, len - at, cols, &next);
			assert_true(next > 0);
			assert_true(end <= next);
			for (size_t i = end; i < next; i++)
				assert_int_equal(text[at + i], ' ');
			at += next;
			assert_true(++lines < 200);
		}
	}
}

static void test_elide(void **state)
{
	(void)state;
	char buf[32];
	assert_string_equal(width_elide("192.0.2.1", 9, buf, sizeof buf), "192.0.2.1");
	assert_string_equal(width_elide("2001:db8::1234/64", 9, buf, sizeof buf), "2001…4/64");
	assert_string_equal(width_elide("abcdef", 1, buf, sizeof buf), "…");
	assert_string_equal(width_elide("世界世界", 5, buf, sizeof buf), "世…界");
	for (unsigned cols = 1; cols < 20; cols++)
		assert_true(width_text(buf, strlen(width_elide("fe80::a8c1:abff", cols, buf, sizeof buf))) <= cols);
	assert_string_equal(width_elide("too long for it", 15, buf, 8), ""); // never half a text
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode), cmocka_unit_test(test_encode), cmocka_unit_test(test_columns),
		cmocka_unit_test(test_clip),   cmocka_unit_test(test_wrap),   cmocka_unit_test(test_wrap_ends),
		cmocka_unit_test(test_elide),
	};
	return cmocka_run_group_tests_name("width", tests, NULL, NULL);
}
