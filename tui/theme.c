// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/theme.h"

#include <string.h>

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, NORMAL = THEME_DEFAULT };

// One look with 8 colours and a finer one with 256.
struct tone {
	short few, many;
	unsigned attr;
};

static const struct tone tones[THEME_COUNT][UI_COUNT] =
	{
		[THEME_DARK] =
			{
				[ROLE_PLAIN] = {NORMAL, NORMAL, 0},
				[ROLE_TITLE] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_DIM] = {NORMAL, 248, 0},
				[ROLE_LABEL] = {NORMAL, 251, 0},
				[ROLE_VALUE] = {CYAN, 80, 0},
				[ROLE_ADDR] = {CYAN, 117, 0},
				[ROLE_IFNAME] = {NORMAL, 222, THEME_BOLD},
				[ROLE_KEY] = {YELLOW, 222, 0},
				[ROLE_OK] = {GREEN, 114, THEME_BOLD},
				[ROLE_FAIL] = {RED, 210, THEME_BOLD},
				[ROLE_WARN] = {YELLOW, 215, 0},
				[ROLE_DECISIVE] = {NORMAL, 231, THEME_BOLD},
				[ROLE_POINTED] = {YELLOW, 226, THEME_BOLD},
				[ROLE_MODEL] = {NORMAL, 110, 0},
				[ROLE_SYSCALL] = {NORMAL, 252, THEME_BOLD},
				[ROLE_ASKED] = {CYAN, 80, 0},
				[ROLE_KERNEL] = {MAGENTA, 177, 0},
				[UI_BORDER] = {NORMAL, 240, 0},
				[UI_BORDER_FOCUS] = {CYAN, 75, THEME_BOLD},
				[UI_BAR] = {NORMAL, 252, 0},
				[UI_BAR_KEY] = {YELLOW, 222, THEME_BOLD},
				[UI_MATCH] = {YELLOW, 226, THEME_UNDERLINE},
				[UI_CHANGED] = {MAGENTA, 219, THEME_BOLD},
			},
		[THEME_LIGHT] =
			{
				[ROLE_PLAIN] = {NORMAL, NORMAL, 0},
				[ROLE_TITLE] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_DIM] = {NORMAL, 240, 0},
				[ROLE_LABEL] = {NORMAL, 238, 0},
				[ROLE_VALUE] = {BLUE, 24, 0},
				[ROLE_ADDR] = {BLUE, 19, 0},
				[ROLE_IFNAME] = {NORMAL, 58, THEME_BOLD},
				[ROLE_KEY] = {MAGENTA, 90, 0},
				[ROLE_OK] = {BLUE, 22, THEME_BOLD}, // of eight colours, green cannot be read on white
				[ROLE_FAIL] = {RED, 124, THEME_BOLD},
				[ROLE_WARN] = {MAGENTA, 58, 0},
				[ROLE_DECISIVE] = {NORMAL, 16, THEME_BOLD},
				[ROLE_POINTED] = {MAGENTA, 90, THEME_BOLD},
				[ROLE_MODEL] = {BLUE, 24, 0},
				[ROLE_SYSCALL] = {NORMAL, 236, THEME_BOLD},
				[ROLE_ASKED] = {BLUE, 23, 0},
				[ROLE_KERNEL] = {MAGENTA, 90, 0},
				[UI_BORDER] = {NORMAL, 249, 0},
				[UI_BORDER_FOCUS] = {BLUE, 26, THEME_BOLD},
				[UI_BAR] = {NORMAL, 236, 0},
				[UI_BAR_KEY] = {MAGENTA, 90, THEME_BOLD},
				[UI_MATCH] = {MAGENTA, 90, THEME_UNDERLINE},
				[UI_CHANGED] = {MAGENTA, 127, THEME_BOLD},
			},
		[THEME_MONO] =
			{
				[ROLE_TITLE] = {NORMAL, NORMAL, THEME_BOLD},
				[ROLE_DIM] = {NORMAL, NORMAL, THEME_DIM},
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
	[THEME_DARK] = {[SURFACE_PLAIN] = NORMAL, [SURFACE_SELECTED] = 19, [SURFACE_MARKED] = 237, [SURFACE_BAR] = 236},
	[THEME_LIGHT] =
		{[SURFACE_PLAIN] = NORMAL, [SURFACE_SELECTED] = 159, [SURFACE_MARKED] = 254, [SURFACE_BAR] = 254},
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
		if (role == ROLE_DIM || role == UI_BORDER)
			s.attr |= THEME_DIM;
		return plain_surface(s, surface);
	}
	s.fg = tone->many;
	s.bg = surfaces[t][surface];
	if (surface == SURFACE_SELECTED && t == THEME_DARK &&
	    (role == ROLE_PLAIN || role == ROLE_DIM || role == ROLE_MODEL))
		s.fg = 255; // grey and blue would drown on the blue bar
	return s;
}
