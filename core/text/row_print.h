// SPDX-License-Identifier: GPL-3.0-or-later
// Rows as lines of text: colours, what stands in for characters beyond ASCII, and where a line is broken. Pure.
#ifndef BINDWALK_ROW_PRINT_H
#define BINDWALK_ROW_PRINT_H

#include <stdio.h>

#include "core/text/growing.h"
#include "core/text/rows.h"

struct report_style {
	bool color;
	bool ascii;     // no characters beyond ASCII
	unsigned width; // columns, 0 for 80
};

// The columns of a style.
unsigned report_width(struct report_style style);
// A row as text, wrapped between words to the width of the style; each further line hangs as the row says. What stands
// at the right edge stays beside the first line, or in little room where it finds a place.
void report_print(const struct row *r, struct report_style style, FILE *out);
// The same at the end of a text.
void report_add(const struct row *r, struct report_style style, struct growing *out);
// The ASCII stand-in for each character beyond ASCII that Bindwalk prints, and an escape for any other; copies text,
// returns buf. The result of a row fits into REPORT_ASCII.
enum { REPORT_ASCII = 3 * ROW_TEXT };
char *report_ascii(const char *text, char *buf, size_t len);

#endif
