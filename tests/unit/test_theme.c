// SPDX-License-Identifier: GPL-3.0-or-later
// Themes: complete, possible on each kind of terminal, and never by colour alone where a bar is.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <math.h>
#include <string.h>

#include "core/text/report.h"
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

struct light {
	double red, green, blue; // linear, from 0 to 1
};

// Light that a part of a colour gives: the inverse of sRGB's transfer function, IEC 61966-2-1.
static double linear(int part)
{
	double x = part / 255.0;
	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static struct light light_of(int red, int green, int blue)
{
	return (struct light){linear(red), linear(green), linear(blue)};
}

// A colour of the usual 256, as xterm has them. The themes use the first 8 only where a terminal has no more.
static struct light colour_light(int colour)
{
	static const int base[8][3] = {{0, 0, 0},   {205, 0, 0},   {0, 205, 0},   {205, 205, 0},
				       {0, 0, 238}, {205, 0, 205}, {0, 205, 205}, {229, 229, 229}};
	int part[3];
	assert_true(colour < 8 || colour >= 16);
	for (int i = 0; i < 3; i++) {
		int cube = (colour - 16) / (i == 0 ? 36 : i == 1 ? 6 : 1) % 6;
		part[i] = colour < 8      ? base[colour][i]
			  : colour >= 232 ? 8 + 10 * (colour - 232)
			  : cube          ? 55 + 40 * cube
					  : 0;
	}
	return light_of(part[0], part[1], part[2]);
}

// As WCAG 2 defines relative luminance and contrast: 7 is its level AAA for running text.
static double luminance(struct light l)
{
	return 0.2126 * l.red + 0.7152 * l.green + 0.0722 * l.blue;
}

static double contrast(struct light x, struct light y)
{
	double a = luminance(x), b = luminance(y);
	return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

// What each theme is for: the terminal's own paper from pure to softened, and its ink.
struct paper {
	int red, green, blue;
};
static const struct ground {
	enum theme_id theme;
	struct paper paper[3];
	int ink;
} grounds[] = {{THEME_DARK, {{0, 0, 0}, {0x1e, 0x1e, 0x1e}, {0x26, 0x26, 0x26}}, 252},
	       {THEME_LIGHT, {{0xff, 0xff, 0xff}, {0xfd, 0xf6, 0xe3}, {0xf5, 0xf5, 0xf5}}, 236}};
enum { GROUNDS = sizeof grounds / sizeof *grounds, PAPERS = 3 };

static struct light paper_light(const struct ground *g, unsigned n)
{
	return light_of(g->paper[n].red, g->paper[n].green, g->paper[n].blue);
}

static struct light ink_light(const struct ground *g, struct style s)
{
	return colour_light(s.fg < 0 ? g->ink : s.fg);
}

static bool is_text(unsigned role)
{
	return role != UI_BORDER; // it carries nothing: the title on it has a role of its own
}

// Everything that is text has 7:1 or more on whatever it lies on, with 256 colours and with 8.
static void test_contrast(void **state)
{
	(void)state;
	static const int colors[] = {8, 256};
	double least = 21;
	for (size_t g = 0; g < GROUNDS; g++)
		for (unsigned role = 0; role < UI_COUNT; role++)
			for (int s = 0; s < SURFACE_COUNT; s++)
				for (unsigned p = 0; p < 2 * PAPERS && is_text(role); p++) {
					const struct ground *at = &grounds[g];
					struct style st =
						theme_style(at->theme, colors[p / PAPERS], role, (enum surface)s);
					struct light fg = ink_light(at, st), bg = paper_light(at, p % PAPERS);
					if (st.bg >= 0)
						bg = colour_light(st.bg);
					least = contrast(fg, bg) < least ? contrast(fg, bg) : least;
					if (contrast(fg, bg) < 7 || (role < ROLE_COUNT && st.attr & THEME_DIM))
						fail_msg("%s, %d colours: role %u on surface %d has contrast %.2f",
							 theme_name(at->theme), colors[p / PAPERS], role, s,
							 contrast(fg, bg));
				}
	print_message("# the least contrast of a text is %.2f\n", least);
}

// How others see: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
// Deficiency" (2009), the matrices for severity 1.0, on linear light.
enum vision { USUAL, DEUTERANOPIA, PROTANOPIA, VISIONS };
static const char *const visions[VISIONS] = {"usual vision", "deuteranopia", "protanopia"};
static const double matrices[VISIONS][3][3] = {
	[USUAL] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	[DEUTERANOPIA] = {{0.367322, 0.860646, -0.227968},
			  {0.280085, 0.672501, 0.047413},
			  {-0.011820, 0.042940, 0.968881}},
	[PROTANOPIA] = {{0.152286, 1.052583, -0.204868},
			{0.114503, 0.786281, 0.099216},
			{-0.003882, -0.048116, 1.051998}},
};

static double seen_part(const double row[3], struct light l)
{
	double x = row[0] * l.red + row[1] * l.green + row[2] * l.blue;
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

static struct light seen_as(struct light l, enum vision v)
{
	return (struct light){seen_part(matrices[v][0], l), seen_part(matrices[v][1], l), seen_part(matrices[v][2], l)};
}

// CIE 1976 L*a*b* of the white D65.
static void to_lab(struct light l, double lab[3])
{
	const double xyz[3] = {(0.4124564 * l.red + 0.3575761 * l.green + 0.1804375 * l.blue) / 0.95047,
			       0.2126729 * l.red + 0.7151522 * l.green + 0.0721750 * l.blue,
			       (0.0193339 * l.red + 0.1191920 * l.green + 0.9503041 * l.blue) / 1.08883};
	double f[3];
	for (int i = 0; i < 3; i++)
		f[i] = xyz[i] > 216.0 / 24389 ? cbrt(xyz[i]) : (24389.0 / 27 * xyz[i] + 16) / 116;
	lab[0] = 116 * f[1] - 16;
	lab[1] = 500 * (f[0] - f[1]);
	lab[2] = 200 * (f[1] - f[2]);
}

// How far two colours are from each other (CIE 1976). 2.3 is just noticeable side by side.
static double distance(struct light x, struct light y, enum vision v)
{
	double a[3], b[3];
	to_lab(seen_as(x, v), a);
	to_lab(seen_as(y, v), b);
	return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

enum { DISTINCT = 10 }; // also in two places of a screen

// No mark of one role is one of the other.
static bool marks_differ(unsigned a, unsigned b)
{
	bool has[2] = {false, false};
	for (int i = 0; i < MARK_COUNT; i++)
		for (int k = 0; k < MARK_COUNT; k++) {
			const struct mark_info *x = mark_info((enum mark)i), *y = mark_info((enum mark)k);
			has[0] |= x->role == a;
			has[1] |= y->role == b;
			if (x->role == a && y->role == b && strcmp(x->text, y->text) == 0)
				return false;
		}
	return has[0] && has[1];
}

static bool looks_differ(const struct ground *g, int colors, unsigned a, unsigned b, enum vision v)
{
	struct style x = theme_style(g->theme, colors, a, SURFACE_PLAIN);
	struct style y = theme_style(g->theme, colors, b, SURFACE_PLAIN);
	return distance(ink_light(g, x), ink_light(g, y), v) >= DISTINCT ||
	       ((x.attr ^ y.attr) & (THEME_REVERSE | THEME_UNDERLINE));
}

// What went well, what went wrong, a warning, that something is as predicted, and what is not known differ for
// everybody: by colour, or where that is not enough, by the mark. Whether a bind went well is always told by colour,
// too.
static void test_roles_are_distinct(void **state)
{
	(void)state;
	static const unsigned roles[] = {ROLE_OK, ROLE_FAIL, ROLE_WARN, ROLE_SYSCALL, ROLE_DIM, ROLE_LABEL};
	static const int colors[] = {8, 256};
	enum { ROLES = sizeof roles / sizeof *roles };
	for (size_t g = 0; g < GROUNDS; g++)
		for (unsigned n = 0; n < 2 * VISIONS * ROLES * ROLES; n++) {
			unsigned a = roles[n / ROLES % ROLES], b = roles[n % ROLES];
			enum vision v = (enum vision)(n / ROLES / ROLES % VISIONS);
			int c = colors[n / ROLES / ROLES / VISIONS];
			if (a >= b)
				continue;
			bool by_colour = looks_differ(&grounds[g], c, a, b, v);
			bool outcome = a == ROLE_OK && b == ROLE_FAIL;
			if (!by_colour && (outcome || !marks_differ(a, b)))
				fail_msg("%s, %d colours, %s: roles %u and %u look alike", theme_name(grounds[g].theme),
					 c, visions[v], a, b);
		}
}

// The simulation itself: what is the same grey for all stays it, and what is known to be confused is.
static void test_simulation(void **state)
{
	(void)state;
	for (int v = 0; v < VISIONS; v++)
		for (int grey = 16; grey <= 231; grey += 43)
			assert_true(distance(colour_light(grey), seen_as(colour_light(grey), (enum vision)v), USUAL) <
				    1);
	struct light red = light_of(0xa0, 0x5a, 0), green = light_of(0x6c, 0x72, 0);
	assert_true(distance(red, green, USUAL) > 3 * distance(red, green, DEUTERANOPIA));
	assert_true(contrast(light_of(0, 0, 0), light_of(255, 255, 255)) > 20.99);
	assert_true(contrast(light_of(0x76, 0x76, 0x76), light_of(255, 255, 255)) > 4.5); // WCAG's own example
	assert_true(contrast(light_of(0x77, 0x77, 0x77), light_of(255, 255, 255)) < 4.5);
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
				for (size_t k = 0; k < i; k++) {
					struct style x =
						theme_style((enum theme_id)t, colors[c], roles[i], SURFACE_PLAIN);
					struct style y =
						theme_style((enum theme_id)t, colors[c], roles[k], SURFACE_PLAIN);
					unsigned attrs = THEME_REVERSE | THEME_UNDERLINE;
					assert_true(x.fg != y.fg || (x.attr & attrs) != (y.attr & attrs));
				}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),      cmocka_unit_test(test_colours_exist),
		cmocka_unit_test(test_bars),       cmocka_unit_test(test_mono_tells),
		cmocka_unit_test(test_contrast),   cmocka_unit_test(test_roles_are_distinct),
		cmocka_unit_test(test_simulation), cmocka_unit_test(test_outcomes_differ),
	};
	return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
