// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "tests/screen/picture.h"

enum { CELL_W = 9, CELL_H = 19, MARGIN = 12 };

static size_t put_escaped(uint32_t c, char *out)
{
	const char *entity = c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : NULL;
	return entity ? (size_t)sprintf(out, "%s", entity) : picture_utf8(c, out);
}

struct look {
	unsigned fg, bg; // 0xRRGGBB
	bool bold;
};

static unsigned rgb(const struct picture *p, VTermColor color)
{
	vterm_screen_convert_color_to_rgb(p->screen, &color);
	return (unsigned)color.rgb.red << 16 | (unsigned)color.rgb.green << 8 | color.rgb.blue;
}

static struct look look_of(const struct picture *p, const VTermScreenCell *cell)
{
	// The emulator's own defaults are not colours of a terminal that one would look at.
	unsigned fg = VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) ? 0xd8dee4 : rgb(p, cell->fg);
	unsigned bg = VTERM_COLOR_IS_DEFAULT_BG(&cell->bg) ? 0x101418 : rgb(p, cell->bg);
	struct look l = {.fg = fg, .bg = bg, .bold = cell->attrs.bold};
	if (cell->attrs.reverse) {
		l.fg = bg;
		l.bg = fg;
	}
	return l;
}

static bool same_look(struct look a, struct look b)
{
	return a.fg == b.fg && a.bg == b.bg && a.bold == b.bold;
}

// One word: viewers treat blanks differently, so none is written, and each word is held to its cells.
static int draw_word(const struct picture *p, int row, int col, struct look look, FILE *out)
{
	char text[4096];
	size_t used = 0;
	int end = col;
	for (; end < p->cols && used + 8 < sizeof text; end++) {
		VTermScreenCell cell = picture_cell(p, row, end);
		if (picture_char(&cell) == ' ' || !same_look(look_of(p, &cell), look))
			break;
		used += put_escaped(picture_char(&cell), text + used);
	}
	text[used] = '\0';
	fprintf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"%s>%s</text>\n", MARGIN + col * CELL_W,
		MARGIN + row * CELL_H + 14, (end - col) * CELL_W, look.fg, look.bold ? " font-weight=\"bold\"" : "",
		text);
	return end;
}

static int draw_background(const struct picture *p, int row, int col, struct look look, FILE *out)
{
	int end = col;
	for (; end < p->cols; end++) {
		VTermScreenCell cell = picture_cell(p, row, end);
		if (look_of(p, &cell).bg != look.bg)
			break;
	}
	if (look.bg != 0x101418)
		fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
			MARGIN + col * CELL_W, MARGIN + row * CELL_H, (end - col) * CELL_W, CELL_H, look.bg);
	return end;
}

static void draw_line(const struct picture *p, int row, FILE *out)
{
	for (int col = 0; col < p->cols;) {
		VTermScreenCell cell = picture_cell(p, row, col);
		col = draw_background(p, row, col, look_of(p, &cell), out);
	}
	for (int col = 0; col < p->cols;) {
		VTermScreenCell cell = picture_cell(p, row, col);
		col = picture_char(&cell) == ' ' ? col + 1 : draw_word(p, row, col, look_of(p, &cell), out);
	}
}

void picture_svg(const struct picture *p, FILE *out)
{
	int width = p->cols * CELL_W + 2 * MARGIN, height = p->rows * CELL_H + 2 * MARGIN;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n"
		"<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
		"<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#101418\"/>\n"
		"<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14.5\">\n",
		width, height, width, height, width, height);
	for (int row = 0; row < p->rows; row++)
		draw_line(p, row, out);
	fputs("</g>\n</svg>\n", out);
}
