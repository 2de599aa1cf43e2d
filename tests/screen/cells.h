// SPDX-License-Identifier: GPL-3.0-or-later
// Are two cells of the emulator the same picture?
#ifndef BINDWALK_CELLS_H
#define BINDWALK_CELLS_H

#include <stdbool.h>
#include <string.h>
#include <vterm.h>

// An erased cell and a blank are; what colour the blank's text would have is not seen.
static inline bool same_picture(const VTermScreenCell *a, const VTermScreenCell *b)
{
	if (a->chars[0] == (uint32_t)-1 && b->chars[0] == (uint32_t)-1)
		return true; // right halves; what the emulator keeps there is never drawn
	bool blank_a = !a->chars[0] || a->chars[0] == ' ', blank_b = !b->chars[0] || b->chars[0] == ' ';
	if (!vterm_color_is_equal(&a->bg, &b->bg) || a->attrs.reverse != b->attrs.reverse ||
	    a->attrs.underline != b->attrs.underline)
		return false;
	if (blank_a || blank_b)
		return blank_a && blank_b;
	return memcmp(a->chars, b->chars, sizeof a->chars) == 0 && a->attrs.bold == b->attrs.bold &&
	       vterm_color_is_equal(&a->fg, &b->fg);
}

#endif
