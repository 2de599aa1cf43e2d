// SPDX-License-Identifier: GPL-3.0-or-later
// A screen as cells, drawn as a picture or as a step of a cast.
#ifndef BINDWALK_PICTURE_H
#define BINDWALK_PICTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <vterm.h>

struct picture {
	int rows, cols;
	VTermScreen *screen;
	VTermScreenCell *cells; // the screen as it was last taken; NULL at first
};

// The character of a cell; a blank where it has none.
uint32_t picture_char(const VTermScreenCell *cell);
VTermScreenCell picture_cell(const struct picture *p, int row, int col);
// Writes 1 to 3 bytes without a NUL, returns how many.
size_t picture_utf8(uint32_t c, char *out);

// The whole screen as SVG.
void picture_svg(const struct picture *p, FILE *out);

// The first line of a cast.
void picture_cast_head(const struct picture *p, const char *title, FILE *out);
// What leads from the screen that was last taken to the present one, as an event at that time.
void picture_cast_step(const struct picture *p, unsigned long ms, FILE *out);
// How long one looks at what is new.
unsigned long picture_cast_pace(const struct picture *p);
// Takes the present screen. False without memory.
bool picture_take(struct picture *p);

#endif
