// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "tests/screen/picture.h"

enum { WORD_MS = 375, LEAST_MS = 900, MOST_MS = 6000 }; // 160 words a minute; more than that nobody reads at once

uint32_t picture_char(const VTermScreenCell *cell)
{
	return cell->chars[0] && cell->chars[0] != 0xffffffff ? cell->chars[0] : ' ';
}

VTermScreenCell picture_cell(const struct picture *p, int row, int col)
{
	VTermScreenCell cell;
	vterm_screen_get_cell(p->screen, (VTermPos){.row = row, .col = col}, &cell);
	return cell;
}

size_t picture_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

static bool same_color(const VTermColor *a, const VTermColor *b)
{
	return vterm_color_is_equal(a, b);
}

static bool same_look(const VTermScreenCell *a, const VTermScreenCell *b)
{
	return same_color(&a->fg, &b->fg) && same_color(&a->bg, &b->bg) && a->attrs.bold == b->attrs.bold &&
	       a->attrs.reverse == b->attrs.reverse && a->attrs.underline == b->attrs.underline;
}

static bool same_row(const struct picture *p, int row)
{
	for (int col = 0; col < p->cols; col++) {
		VTermScreenCell now = picture_cell(p, row, col);
		const VTermScreenCell *then = &p->cells[row * p->cols + col];
		if (picture_char(&now) != picture_char(then) || !same_look(&now, then))
			return false;
	}
	return true;
}

static void put_color(const VTermColor *c, bool is_default, int base, FILE *out)
{
	if (is_default)
		return;
	if (VTERM_COLOR_IS_INDEXED(c))
		fprintf(out, ";%d;5;%d", base + 8, c->indexed.idx);
	else
		fprintf(out, ";%d;2;%d;%d;%d", base + 8, c->rgb.red, c->rgb.green, c->rgb.blue);
}

static void put_look(const VTermScreenCell *cell, FILE *out)
{
	fprintf(out, "\\u001b[0%s%s%s", cell->attrs.bold ? ";1" : "", cell->attrs.underline ? ";4" : "",
		cell->attrs.reverse ? ";7" : "");
	put_color(&cell->fg, VTERM_COLOR_IS_DEFAULT_FG(&cell->fg), 30, out);
	put_color(&cell->bg, VTERM_COLOR_IS_DEFAULT_BG(&cell->bg), 40, out);
	fputc('m', out);
}

static void put_row(const struct picture *p, int row, FILE *out)
{
	VTermScreenCell last;
	fprintf(out, "\\u001b[%d;1H", row + 1);
	for (int col = 0; col < p->cols; col++) {
		char utf8[4];
		VTermScreenCell cell = picture_cell(p, row, col);
		uint32_t c = picture_char(&cell);
		if (col == 0 || !same_look(&cell, &last))
			put_look(&cell, out);
		if (c == '"' || c == '\\')
			fputc('\\', out);
		fwrite(utf8, 1, picture_utf8(c, utf8), out);
		last = cell;
	}
}

void picture_cast_head(const struct picture *p, const char *title, FILE *out)
{
	fprintf(out,
		"{\"version\": 2, \"width\": %d, \"height\": %d, \"title\": \"%s\", \"env\": {\"TERM\": "
		"\"xterm-256color\"}}\n",
		p->cols, p->rows, title);
}

void picture_cast_step(const struct picture *p, unsigned long ms, FILE *out)
{
	fprintf(out, "[%lu.%03lu, \"o\", \"%s", ms / 1000, ms % 1000, p->cells ? "" : "\\u001b[?25l\\u001b[2J");
	for (int row = 0; row < p->rows; row++)
		if (!p->cells || !same_row(p, row))
			put_row(p, row, out);
	fputs("\"]\n", out);
}

unsigned long picture_cast_pace(const struct picture *p)
{
	unsigned long words = 0;
	for (int row = 0; row < p->rows; row++) {
		if (p->cells && same_row(p, row))
			continue;
		bool inside = false;
		for (int col = 0; col < p->cols; col++) {
			VTermScreenCell cell = picture_cell(p, row, col);
			bool blank = picture_char(&cell) == ' ';
			words += !blank && !inside;
			inside = !blank;
		}
	}
	unsigned long ms = LEAST_MS + words * WORD_MS;
	return ms < MOST_MS ? ms : MOST_MS;
}

bool picture_take(struct picture *p)
{
	if (!p->cells)
		p->cells = calloc((size_t)(p->rows * p->cols), sizeof *p->cells);
	for (int row = 0; p->cells && row < p->rows; row++)
		for (int col = 0; col < p->cols; col++)
			p->cells[row * p->cols + col] = picture_cell(p, row, col);
	return p->cells;
}
