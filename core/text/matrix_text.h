// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix in words: for the screen, as text, Markdown and JSON. Pure.
#ifndef BINDWALK_MATRIX_TEXT_H
#define BINDWALK_MATRIX_TEXT_H

#include <jansson.h>
#include <stdio.h>

#include "core/model/matrix.h"
#include "core/text/rows.h"

// Widths of the row names and of a cell; short names if there is little room. An errno is never cut.
struct matrix_layout {
	unsigned label, cell;
	unsigned names;          // which ones
	enum matrix_column only; // the only column shown, AS_COUNT if all are
};

// Fits `width`. From 56 on it shows all columns; below that only `most`.
struct matrix_layout matrix_layout(const struct matrix *m, unsigned width, enum matrix_column most);
// The names of the columns.
void matrix_heading(const struct matrix_layout *l, struct row *out);
// One row of the table, with a cursor in column `selected`, AS_COUNT for none.
void matrix_row(const struct matrix *m, const struct matrix_layout *l, enum matrix_way w, enum matrix_column selected,
		struct row *out);
// What the marks of the cells mean, and where the cells come from.
void matrix_legend(const struct matrix *m, struct row *out);
// "IPv4 with an Any-IP route, predicted: ": what stands before the verdict of a cell.
void matrix_cell_text(const struct matrix_cell *c, enum matrix_way w, enum matrix_column col, struct row *out);
bool matrix_cell_differs(const struct matrix_cell *c);

// Line n of all of it, wrapped to `width` columns. False after the last one.
bool matrix_text_line(const struct matrix *m, unsigned width, unsigned n, struct row *out);
// 0 or -errno of the stream.
int matrix_markdown(const struct matrix *m, FILE *out);
json_t *matrix_json(const struct matrix *m);

#endif
