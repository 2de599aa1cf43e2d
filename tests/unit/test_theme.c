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

// Light that a part of a colour gives, from 0 to 1: sRGB, by a polynomial that comes close.
static double linear(int part)
{
	double x = part / 255.0;
	return x * (x * (x * 0.305306011 + 0.682171111) + 0.012522878);
}

// The relative luminance of a colour of the usual 256, as xterm has them.
static double luminance(int colour)
{
	static const int base[8][3] = {{0, 0, 0},   {205, 0, 0},   {0, 205, 0},   {205, 205, 0},
				       {0, 0, 238}, {205, 0, 205}, {0, 205, 205}, {229, 229, 229}};
	int part[3];
	for (int i = 0; i < 3; i++) {
		int cube = (colour - 16) / (i == 0 ? 36 : i == 1 ? 6 : 1) % 6;
		part[i] = colour < 8      ? base[colour][i]
			  : colour >= 232 ? 8 + 10 * (colour - 232)
			  : cube          ? 55 + 40 * cube
					  : 0;
	}
	return 0.2126 * linear(part[0]) + 0.7152 * linear(part[1]) + 0.0722 * linear(part[2]);
}

// As WCAG defines it: 4.5 is what running text needs, 3 what is large or bold.
static double contrast(double a, double b)
{
	return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

// Everything that is text can be read on whatever it lies on. (Borders may be faint.)
static void test_contrast(void **state)
{
	(void)state;
	enum { WHITE_256 = 231, NEAR_WHITE = 254, BLACK_256 = 16, NEAR_BLACK = 235 };
	static const struct {
		enum theme_id theme;
		int paper[2], ink; // what the terminal itself may have
	} all[] = {{THEME_DARK, {BLACK_256, NEAR_BLACK}, 252}, {THEME_LIGHT, {WHITE_256, NEAR_WHITE}, 236}};
	for (size_t t = 0; t < 2; t++)
		for (unsigned role = 0; role < UI_COUNT; role++)
			for (int s = 0; s < SURFACE_COUNT; s++)
				for (int p = 0; p < 2; p++) {
					if (role == UI_BORDER || role == UI_BORDER_FOCUS)
						continue;
					struct style st = theme_style(all[t].theme, 256, role, (enum surface)s);
					struct style few = theme_style(all[t].theme, 8, role, (enum surface)s);
					double fg = luminance(st.fg < 0 ? all[t].ink : st.fg);
					double bg = luminance(st.bg < 0 ? all[t].paper[p] : st.bg);
					if (contrast(fg, bg) < 4.5)
						fail_msg("%s: role %u on surface %d has contrast %.1f",
							 theme_name(all[t].theme), role, s, contrast(fg, bg));
					if (few.fg >= 0 && contrast(luminance(few.fg), luminance(all[t].paper[0])) < 3)
						fail_msg("%s: role %u is colour %d of 8", theme_name(all[t].theme),
							 role, few.fg);
				}
}

// What went well, what went wrong, and that something is as predicted look different; none is green for a refusal.
static void test_outcomes_differ(void **state)
{
	(void)state;
	static const unsigned roles[] = {ROLE_OK, ROLE_FAIL, ROLE_SYSCALL, ROLE_WARN};
	static const int colors[] = {8, 256};
	for (int t = THEME_DARK; t <= THEME_LIGHT; t++)
		for (size_t c = 0; c < 2; c++)
			for (size_t i = 0; i < 4; i++)
				for (size_t k = 0; k < i; k++)
					assert_int_not_equal(
						theme_style((enum theme_id)t, colors[c], roles[i], SURFACE_PLAIN).fg,
						theme_style((enum theme_id)t, colors[c], roles[k], SURFACE_PLAIN).fg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),    cmocka_unit_test(test_colours_exist),
		cmocka_unit_test(test_bars),     cmocka_unit_test(test_mono_tells),
		cmocka_unit_test(test_contrast), cmocka_unit_test(test_outcomes_differ),
	};
	return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
