// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of styled text: spans, what is cut and where, and bytes that must not reach a terminal.
#include "core/text/rows.h"
#include "tests/unit/made_host.h"

static void test_spans(void **state)
{
	(void)state;
	struct row r;
	memset(&r, 0xff, sizeof r);
	row_clear(&r);
	assert_int_equal(r.nspans + r.used, 0);
	assert_false(r.truncated);
	assert_string_equal(r.text, "");

	row_add(&r, ROLE_LABEL, "%s ", "bind");
	row_add(&r, ROLE_ADDR, "%s", ""); // nothing is not a span
	row_add(&r, ROLE_ADDR, "%s:%u", "192.0.2.1", 80u);
	row_right(&r, ROLE_DIM, "model");
	assert_string_equal(r.text, "bind 192.0.2.1:80model");
	assert_int_equal(r.nspans, 3);
	static const struct span spans[] = {
		{0, 5, ROLE_LABEL, false}, {5, 12, ROLE_ADDR, false}, {17, 5, ROLE_DIM, true}};
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(r.spans[i].start, spans[i].start);
		assert_int_equal(r.spans[i].len, spans[i].len);
		assert_int_equal(r.spans[i].role, spans[i].role);
		assert_int_equal(r.spans[i].right, spans[i].right);
	}
	assert_false(r.truncated);
}

static void test_sanitised(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"plain é→✓𝄞अ", "plain é→✓𝄞अ"}, {"\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m"},
		{"a\tb\nc", "a\\x09b\\x0ac"},   {"\xc2\x9b\xe2\x80\xae\x9b", "\\u009b\\u202e\\x9b"},
		{"\xe2\x86", "\\xe2\\x86"}, // cut off by whoever wrote it
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct row r;
		row_clear(&r);
		row_add(&r, ROLE_PLAIN, "%s", cases[i].in);
		assert_string_equal(r.text, cases[i].out);
		assert_int_equal(r.used, strlen(cases[i].out));
		assert_false(r.truncated);
	}
	// An escape that has no room is not begun; a row full of them is cut as any other.
	char many[ROW_TEXT + 10];
	memset(many, 0x1b, sizeof many - 1);
	many[sizeof many - 1] = '\0';
	for (size_t n = ROW_TEXT / 4 - 1; n < sizeof many; n++) {
		struct row r;
		row_clear(&r);
		row_add(&r, ROLE_PLAIN, "%s", many + sizeof many - 1 - n);
		assert_int_equal(r.truncated, n > (ROW_TEXT - 1) / 4);
		assert_int_equal(r.used, 4 * (r.truncated ? (ROW_TEXT - 1) / 4 : n));
	}
}

// A text that is too long, once as one piece and once at the end of a row, with each length of character at the cut.
static void test_truncation(void **state)
{
	(void)state;
	static const char *const units[] = {"x", "é", "→", "𝄞"};
	for (size_t u = 0; u < 4; u++) {
		for (int before = 0; before < 6; before++) {
			char longer[2 * ROW_TEXT] = "";
			size_t unit = strlen(units[u]);
			struct row r;
			while (strlen(longer) < ROW_TEXT + 40)
				strcat(longer, units[u]);
			row_clear(&r);
			row_add(&r, ROLE_LABEL, "%.*s", before, "abcdef");
			row_add(&r, ROLE_PLAIN, "%s", longer);
			assert_true(r.truncated);
			assert_int_equal(r.used, strlen(r.text));
			assert_true(r.used <= ROW_TEXT - 1);
			assert_true(r.used + unit > ROW_TEXT - 1); // as much as there is room for
			assert_int_equal((r.used - (size_t)before) % unit, 0);
			assert_memory_equal(r.text + before, longer, r.used - (size_t)before);
			row_add(&r, ROLE_PLAIN, "%s", units[u]); // full
			assert_int_equal(r.used, strlen(r.text));
			assert_true(r.used <= ROW_TEXT - 1);
		}
	}
}

static void test_exact(void **state)
{
	(void)state;
	char fits[ROW_TEXT];
	struct row r;
	memset(fits, 'x', sizeof fits - 1);
	fits[sizeof fits - 1] = '\0';
	row_clear(&r);
	row_add(&r, ROLE_PLAIN, "%s", fits);
	assert_false(r.truncated);
	assert_int_equal(r.used, ROW_TEXT - 1);
	row_add(&r, ROLE_PLAIN, "y");
	assert_true(r.truncated);
	assert_int_equal(r.nspans, 1);
	assert_string_equal(r.text, fits);
}

static void test_many_spans(void **state)
{
	(void)state;
	struct row r;
	row_clear(&r);
	for (int i = 0; i < ROW_SPANS; i++)
		row_add(&r, ROLE_PLAIN, "%d", i % 10);
	assert_int_equal(r.nspans, ROW_SPANS);
	assert_false(r.truncated);
	row_add(&r, ROLE_PLAIN, "%s", ""); // nothing is lost
	assert_false(r.truncated);
	row_add(&r, ROLE_PLAIN, "x");
	assert_true(r.truncated);
	assert_int_equal(r.nspans, ROW_SPANS);
	assert_int_equal(r.used, ROW_SPANS);
	row_clear(&r);
	assert_false(r.truncated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans), cmocka_unit_test(test_sanitised),  cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_exact), cmocka_unit_test(test_many_spans),
	};
	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
