// SPDX-License-Identifier: GPL-3.0-or-later
// How each role looks, as data: colours by number and attributes by own names, so that no curses is needed. Every state
// also has a mark or a word: colour is never the only carrier. Pure.
#ifndef BINDWALK_THEME_H
#define BINDWALK_THEME_H

#include <stdbool.h>

#include "core/text/rows.h"

// What only a screen has, after the roles of text.
enum ui_role {
	UI_BORDER = ROLE_COUNT,
	UI_BORDER_FOCUS,
	UI_BAR,     // title and key line
	UI_BAR_KEY, // a key's name there
	UI_MATCH,   // the filter's text
	UI_CHANGED, // what is not as it was
	UI_COUNT
};

// What a line lies on.
enum surface {
	SURFACE_PLAIN,
	SURFACE_SELECTED, // in the focused pane
	SURFACE_MARKED,   // selected in another pane
	SURFACE_BAR,
	SURFACE_COUNT
};

enum theme_attr { THEME_BOLD = 1, THEME_DIM = 2, THEME_REVERSE = 4, THEME_UNDERLINE = 8 };

enum { THEME_DEFAULT = -1 }; // the terminal's own colour

struct style {
	short fg, bg; // 0..255, or THEME_DEFAULT
	unsigned attr;
};

enum theme_id { THEME_DARK, THEME_LIGHT, THEME_MONO, THEME_COUNT };

const char *theme_name(enum theme_id t);
int theme_find(const char *name); // -1 for none
// The look of a role (enum role or ui_role) on a surface, on a terminal with `colors` colours (0: none).
struct style theme_style(enum theme_id t, int colors, unsigned role, enum surface surface);

#endif
