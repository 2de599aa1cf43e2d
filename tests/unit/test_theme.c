// SPDX-License-Identifier: GPL-3.0-or-later
// Themes: complete, possible on each kind of terminal, and never by colour alone where a bar is.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tui/theme.h"

static void test_names(void **state)
{
	(void)state;
	for (int t = 0; t < THEME_COUNT; t++)
		assert_int_equal(theme_find(theme_name((enum theme_id)t)), t);
	assert_int_equal(theme_find("pink"), -1);
}

static void test_colours_exist(void **state)
{
	(void)state;
	static const int colors[] = {0, 2, 8, 16, 88, 256};
	for (int t = 0; t < THEME_COUNT; t++)
		for (size_t c = 0; c < sizeof colors / sizeof colors[0]; c++)
			for (unsigned role = 0; role < UI_COUNT; role++)
				for (int s = 0; s < SURFACE_COUNT; s++) {
					struct style st =
						theme_style((enum theme_id)t, colors[c], role, (enum surface)s);
					int limit = colors[c] >= 256 ? 256 : colors[c] >= 8 ? 8 : 0;
					assert_true(st.fg >= -1 && st.fg < limit);
					assert_true(st.bg >= -1 && st.bg < limit);
				}
}

// Where backgrounds are not soft, the selected line is one reverse bar of one colour, so that it can be read.
static void test_bars(void **state)
{
	(void)state;
	static const int colors[] = {0, 8};
	for (int t = 0; t < THEME_COUNT; t++)
		for (size_t c = 0; c < 2; c++)
			for (unsigned role = 0; role < UI_COUNT; role++) {
				struct style s = theme_style((enum theme_id)t, colors[c], role, SURFACE_SELECTED);
				assert_true(s.attr & THEME_REVERSE);
				assert_int_equal(s.fg, THEME_DEFAULT);
				assert_int_equal(s.bg, THEME_DEFAULT);
			}
}

// Important text stands out without colour as well.
static void test_mono_tells(void **state)
{
	(void)state;
	static const unsigned loud[] = {ROLE_OK, ROLE_FAIL, ROLE_WARN, ROLE_DECISIVE, ROLE_POINTED, UI_BORDER_FOCUS};
	for (size_t i = 0; i < sizeof loud / sizeof loud[0]; i++)
		assert_int_not_equal(theme_style(THEME_MONO, 0, loud[i], SURFACE_PLAIN).attr,
				     theme_style(THEME_MONO, 0, ROLE_PLAIN, SURFACE_PLAIN).attr);
	assert_int_not_equal(theme_style(THEME_MONO, 0, UI_BORDER, SURFACE_PLAIN).attr,
			     theme_style(THEME_MONO, 0, UI_BORDER_FOCUS, SURFACE_PLAIN).attr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_colours_exist),
		cmocka_unit_test(test_bars),
		cmocka_unit_test(test_mono_tells),
	};
	return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
