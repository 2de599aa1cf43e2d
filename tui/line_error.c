// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/line_error.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/text/width.h"
#include "tui/output.h"

// Blanks up to a byte of the line: as many columns, and tabs as tabs, so that the caret stands right however they are
// shown.
static void print_caret(const char *line, size_t column)
{
	size_t len = strlen(line);
	for (size_t at = 0; at < column && at < len;) {
		uint32_t c;
		at += width_decode(line + at, len - at, &c);
		if (c == '\t')
			fputc('\t', stderr);
		else
			fprintf(stderr, "%*s", (int)(c < 32 || c == 127 ? 1 : width_char(c)), "");
	}
	fputs("^\n", stderr);
}

static void print_safely(const char *line, size_t len)
{
	for (size_t at = 0, n; at < len; at += n) {
		uint32_t c;
		n = width_decode(line + at, len - at, &c);
		if ((c < 32 && c != '\t') || c == 127 || (c >= 0x80 && c < 0xa0) || width_char(c) == 0)
			fputc('?', stderr);
		else
			fwrite(line + at, 1, n, stderr);
	}
	fputc('\n', stderr);
}

// A sentence for people is broken between its words, one for programs not at all.
static void print_sentence(const char *text, bool whole)
{
	unsigned width = whole || !isatty(STDERR_FILENO) ? UINT_MAX : output_width(UINT_MAX);
	for (size_t len = strlen(text), end, rest; len > 0; text += rest, len -= rest) {
		end = width_wrap(text, len, width, &rest);
		print_safely(text, end);
	}
}

void line_error_print(const char *name, unsigned number, const char *line, const struct session_error *error)
{
	fflush(stdout);
	if (name && error->has_column)
		fprintf(stderr, "%s:%u:%zu: ", name, number, error->column + 1);
	else if (name)
		fprintf(stderr, "%s:%u: ", name, number);
	print_sentence(error->text, name != NULL);
	if (name || error->has_column) {
		fputs("  ", stderr);
		print_safely(line, strlen(line));
	}
	if (error->has_column) {
		fputs("  ", stderr);
		print_caret(line, error->column);
	}
}
