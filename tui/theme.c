// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/theme.h"

#include <string.h>

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, NORMAL = THEME_DEFAULT };

// One look with 8 colours and a finer one with 256. All text has a contrast of 7:1 or more on whatever it lies on
// (tests/unit/test_theme.c computes it), so that it can be read on a projector: of eight colours, red and magenta
// cannot, nor anything but blue on white.
struct tone {
	short few, many;
	unsigned attr, few_attr; // few_attr: with 8 colours, besides
	short raised;            // of 256, on anything but the plain surface; 0: the same
};

static const struct tone tones[THEME_COUNT][UI_COUNT] =
	{
		[THEME_DARK] =
			{
				[ROLE_PLAIN] = {NORMAL, NORMAL, .raised = 255},
				[ROLE_TITLE] = {NORMAL, NORMAL, THEME_BOLD, .raised = 255},
				[ROLE_DIM] = {NORMAL, 249, .raised = 252},
				[ROLE_LABEL] = {NORMAL, 251},
				[ROLE_VALUE] = {CYAN, 80},
				[ROLE_ADDR] = {CYAN, 117},
				[ROLE_IFNAME] = {NORMAL, 222, THEME_BOLD},
				[ROLE_KEY] = {YELLOW, 222},
				[ROLE_OK] = {GREEN, 114, THEME_BOLD},
				[ROLE_FAIL] = {NORMAL, 217, THEME_BOLD, .few_attr = THEME_REVERSE},
				[ROLE_WARN] = {YELLOW, 215},
				[ROLE_DECISIVE] = {NORMAL, 231, THEME_BOLD},
				[ROLE_POINTED] = {YELLOW, 226, THEME_BOLD},
				[ROLE_MODEL] = {NORMAL, 147, .raised = 189},
				[ROLE_SYSCALL] = {NORMAL, 252, THEME_BOLD},
				[ROLE_ASKED] = {CYAN, 80},
				[ROLE_KERNEL] = {YELLOW, 219},
				[UI_BORDER] = {NORMAL, 240},
				[UI_BORDER_FOCUS] = {CYAN, 81, THEME_BOLD},
				[UI_BAR] = {NORMAL, 252},
				[UI_BAR_KEY] = {YELLOW, 222, THEME_BOLD},
				[UI_MATCH] = {YELLOW, 226, THEME_UNDERLINE},
				[UI_CHANGED] = {YELLOW, 219, THEME_BOLD},
			},
		[THEME_LIGHT] =
			{
				[ROLE_PLAIN] = {NORMAL, NORMAL, .raised = 235},
				[ROLE_TITLE] = {NORMAL, NORMAL, THEME_BOLD, .raised = 235},
				[ROLE_DIM] = {NORMAL, 239},
				[ROLE_LABEL] = {NORMAL, 238},
				[ROLE_VALUE] = {BLUE, 54},
				[ROLE_ADDR] = {BLUE, 18},
				[ROLE_IFNAME] = {NORMAL, 53, THEME_BOLD},
				[ROLE_KEY] = {BLUE, 90},
				[ROLE_OK] = {BLUE, 20,
					     THEME_BOLD}, // no green that can be read on white differs from red for everybody
				[ROLE_FAIL] = {NORMAL, 88, THEME_BOLD, .few_attr = THEME_REVERSE},
				[ROLE_WARN] = {NORMAL, 91, .few_attr = THEME_UNDERLINE},
				[ROLE_DECISIVE] = {NORMAL, 16, THEME_BOLD},
				[ROLE_POINTED] = {BLUE, 90, THEME_BOLD, .few_attr = THEME_UNDERLINE},
				[ROLE_MODEL] = {BLUE, 55},
				[ROLE_SYSCALL] = {NORMAL, 236, THEME_BOLD},
				[ROLE_ASKED] = {BLUE, 18},
				[ROLE_KERNEL] = {BLUE, 89},
				[UI_BORDER] = {NORMAL, 249},
				[UI_BORDER_FOCUS] = {BLUE, 20, THEME_BOLD},
				[UI_BAR] = {NORMAL, 236},
				[UI_BAR_KEY] = {BLUE, 90, THEME_BOLD},
				[UI_MATCH] = {BLUE, 90, THEME_UNDERLINE},
				[UI_CHANGED] = {BLUE, 89, THEME_BOLD, .few_attr = THEME_UNDERLINE},
			},
		[THEME_MONO] =
			{
				[ROLE_TITLE] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_DIM] = {NORMAL, NORMAL, 0}, // faint text cannot be read everywhere
				[ROLE_IFNAME] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_KEY] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_OK] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_FAIL] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_WARN] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_DECISIVE] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_POINTED] = {NORMAL, NORMAL, THEME_BOLD | THEME_UNDERLINE},
				[UI_BORDER] = {NORMAL, NORMAL, THEME_DIM},
				[UI_BORDER_FOCUS] = {NORMAL, NORMAL, THEME_BOLD},
				[UI_BAR_KEY] = {NORMAL, NORMAL, THEME_BOLD},
				[UI_MATCH] = {NORMAL, NORMAL, THEME_UNDERLINE},
				[UI_CHANGED] = {NORMAL, NORMAL, THEME_BOLD},
			},
};

// Backgrounds where 256 colours allow soft ones.
static const short surfaces[THEME_COUNT][SURFACE_COUNT] = {
	[THEME_DARK] = {[SURFACE_PLAIN] = NORMAL, [SURFACE_SELECTED] = 19, [SURFACE_MARKED] = 236, [SURFACE_BAR] = 236},
	[THEME_LIGHT] =
		{[SURFACE_PLAIN] = NORMAL, [SURFACE_SELECTED] = 159, [SURFACE_MARKED] = 195, [SURFACE_BAR] = 195},
};

static const char *const names[THEME_COUNT] = {[THEME_DARK] = "dark", [THEME_LIGHT] = "light", [THEME_MONO] = "mono"};

const char *theme_name(enum theme_id t)
{
	return names[t];
}

int theme_find(const char *name)
{
	for (int i = 0; i < THEME_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

// Without soft backgrounds: one bar in reverse, the same for all text on it, so that it stays readable.
static struct style plain_surface(struct style s, enum surface surface)
{
	if (surface == SURFACE_SELECTED || surface == SURFACE_BAR) {
		s.fg = s.bg = THEME_DEFAULT;
		s.attr = (s.attr & THEME_BOLD) | THEME_REVERSE;
	} else if (surface == SURFACE_MARKED) {
		s.attr = (s.attr & ~(unsigned)THEME_DIM) | THEME_BOLD;
	}
	return s;
}

struct style theme_style(enum theme_id t, int colors, unsigned role, enum surface surface)
{
	if (colors < 8)
		t = THEME_MONO;
	const struct tone *tone = &tones[t][role < UI_COUNT ? role : ROLE_PLAIN];
	struct style s = {THEME_DEFAULT, THEME_DEFAULT, tone->attr};
	if (t == THEME_MONO)
		return plain_surface(s, surface);
	if (colors < 256) {
		s.fg = tone->few;
		s.attr |= tone->few_attr | (role == UI_BORDER ? THEME_DIM : 0U);
		return plain_surface(s, surface);
	}
	s.fg = tone->raised && surface != SURFACE_PLAIN ? tone->raised : tone->many;
	s.bg = surfaces[t][surface];
	return s;
}
