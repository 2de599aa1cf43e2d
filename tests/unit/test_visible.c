// SPDX-License-Identifier: GPL-3.0-or-later
// Text from outside as text that is safe to show: every code point, every byte, and all that is not UTF-8.
#include "core/text/visible.h"
#include "core/text/width.h"
#include "tests/unit/made_host.h"

static void test_texts(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""},
		{"plain ~ \\ text", "plain ~ \\ text"},
		{"é→✓𝄞अ", "é→✓𝄞अ"},
		{"e\xcc\x81", "e\xcc\x81"}, // an accent that combines can be seen
		{"\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m"},
		{"a\tb\nc\rd\be\x7f", "a\\x09b\\x0ac\\x0dd\\x08e\\x7f"},
		{"\033]0;title\a", "\\x1b]0;title\\x07"},
		{"\x9b"
		 "31m",
		 "\\x9b31m"}, // a bare C1 byte
		{"\xc2\x9b"
		 "31m",
		 "\\u009b31m"}, // and as UTF-8
		{"\xc2\x80\xc2\x9f\xc2\xa0", "\\u0080\\u009f\\u00a0"},
		{"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\\u061c\\u200e\\u200f"},
		{"\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae", "\\u202a\\u202b\\u202c\\u202d\\u202e"},
		{"\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "\\u2066\\u2067\\u2068\\u2069"},
		{"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},
		{"\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xef\xbb\xbf", "\\u200b\\u200c\\u200d\\ufeff"},
		{"\xf3\xa0\x81\x81\xf3\xa0\x84\x80", "\\U000e0041\\U000e0100"}, // a tag, a variation selector
		{"\xff\xfe\xc0\xaf", "\\xff\\xfe\\xc0\\xaf"},
		{"\xe2\x86", "\\xe2\\x86"}, // cut off by whoever wrote it
		{"\xe2\x86x", "\\xe2\\x86x"},
		{"\xe0\x80\xaf", "\\xe0\\x80\\xaf"}, // overlong
		{"\xf0\x80\x80\x80", "\\xf0\\x80\\x80\\x80"},
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},          // a surrogate
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, // beyond the last code point
		{"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
		{"\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"},
		{"\xef\xbf\xbe\xf4\x8f\xbf\xbf\xef\xb7\x90", "\\ufffe\\U0010ffff\\ufdd0"},
		{"\xef\xbf\xbd", "\xef\xbf\xbd"}, // U+FFFD that was there
		{"\xed\x9f\xbf", "\xed\x9f\xbf"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[256];
		if (strcmp(visible_copy(cases[i].in, text, sizeof text), cases[i].out) != 0)
			fail_msg("case %zu: '%s'", i, text);
		bool same = strcmp(cases[i].in, cases[i].out) == 0;
		assert_int_equal(visible_span(cases[i].in, strlen(cases[i].in)) == strlen(cases[i].in), same);
		assert_int_equal(visible_span(text, strlen(text)), strlen(text));
	}
	assert_int_equal(visible_span("ab\033", 3), 2);
	assert_int_equal(visible_span("ab\033", 2), 2);
	assert_int_equal(visible_span("ab\xe2\x86\x92", 4), 2); // the end of the text cuts it
}

static void test_cut(void **state)
{
	(void)state;
	char text[8];
	assert_string_equal(visible_copy("abc\033d", text, 8), "abc\\x1b");
	assert_string_equal(visible_copy("abcd\033e", text, 8), "abcd"); // no half escape
	assert_string_equal(visible_copy("abcde→", text, 8), "abcde");
	assert_string_equal(visible_copy("abcd→", text, 8), "abcd→");
	assert_string_equal(visible_copy("a", text, 1), "");
}

// What a terminal could act on in a text that came out: all of ASCII's controls, each byte that is not part of a
// character, and each character that hides.
static bool harmful(const char *text)
{
	for (size_t at = 0, len = strlen(text), n; at < len; at += n) {
		uint32_t c;
		n = width_decode(text + at, len - at, &c);
		if (c < 0x20 || (c >= 0x7f && c <= 0xa0) || (n == 1 && c >= 0x80))
			return true;
	}
	return false;
}

static void test_every_code_point(void **state)
{
	(void)state;
	size_t hidden = 0;
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char in[5], out[VISIBLE_MOST], ascii[VISIBLE_MOST], escape[VISIBLE_MOST];
		size_t len = width_encode(c, in), n = visible_one(in, len, false, out);
		in[len] = '\0';
		bool surrogate = c >= 0xd800 && c < 0xe000;
		assert_int_equal(n, surrogate ? 1 : len);
		assert_false(harmful(out));
		if (visible_char(c)) {
			assert_string_equal(out, in);
		} else {
			snprintf(escape, sizeof escape, c < 0x80 ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x", c);
			if (!surrogate)
				assert_string_equal(out, escape);
			hidden++;
		}
		assert_int_equal(visible_one(in, len, true, ascii), n);
		for (const char *p = ascii; *p; p++)
			assert_in_range(*p, 0x20, 0x7e);
		if (c < 0x80 && visible_char(c))
			assert_string_equal(ascii, in);
	}
	assert_in_range(hidden, 2048 + 0x1000 + 66 + 65, 2048 + 0x1000 + 66 + 65 + 200);
	assert_false(visible_char(0x110000));
	assert_false(visible_char(UINT32_MAX));
}

// All texts of up to three bytes out of those that begin, continue or break a character.
static void test_every_beginning(void **state)
{
	(void)state;
	static const unsigned char bytes[] = {1,    ' ',  'a',  0x1b, 0x7f, 0x80, 0x8e, 0x9b, 0x9f, 0xa0,
					      0xad, 0xaf, 0xbf, 0xc0, 0xc1, 0xc2, 0xd8, 0xdf, 0xe0, 0xe2,
					      0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff};
	enum { N = sizeof bytes };
	for (size_t i = 0; i < N * N * N * N; i++) {
		char in[5] = {(char)bytes[i % N], (char)bytes[i / N % N], (char)bytes[i / N / N % N],
			      (char)bytes[i / N / N / N], '\0'};
		char out[64];
		visible_copy(in, out, sizeof out);
		assert_false(harmful(out));
		assert_int_equal(visible_span(out, strlen(out)), strlen(out));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_every_beginning),
	};
	return cmocka_run_group_tests_name("visible", tests, NULL, NULL);
}
