// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/line_error.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/text/visible.h"
#include "core/text/width.h"
#include "tui/charset.h"
#include "tui/output.h"

// The character at line[at], as it is shown: a tab as one, so that the caret stands right however wide it is.
static size_t next_shown(const char *line, size_t len, size_t at, char out[static VISIBLE_MOST])
{
	if (line[at] != '\t')
		return at + visible_one(line + at, len - at, !charset_utf8(), out);
	strcpy(out, "\t");
	return at + 1;
}

static void print_safely(const char *line, size_t len)
{
	char shown[VISIBLE_MOST];
	for (size_t at = 0; at < len;) {
		at = next_shown(line, len, at, shown);
		fputs(shown, stderr);
	}
}

static void print_caret(const char *line, size_t column)
{
	char shown[VISIBLE_MOST];
	size_t len = strlen(line);
	for (size_t at = 0; at < column && at < len;) {
		at = next_shown(line, len, at, shown);
		if (shown[0] == '\t')
			fputc('\t', stderr);
		else
			fprintf(stderr, "%*s", (int)width_text(shown, strlen(shown)), "");
	}
	fputs("^\n", stderr);
}

// A sentence for people is broken between its words, one for programs not at all.
static void print_sentence(const char *text, bool whole)
{
	unsigned width = whole || !isatty(STDERR_FILENO) ? UINT_MAX : output_width();
	for (size_t len = strlen(text), end, rest; len > 0; text += rest, len -= rest) {
		end = width_wrap(text, len, width, &rest);
		print_safely(text, end);
		fputc('\n', stderr);
	}
}

void line_error_print(const char *name, unsigned number, const char *line, const struct session_error *error)
{
	fflush(stdout);
	if (name) {
		print_safely(name, strlen(name));
		fprintf(stderr, ":%u:", number);
		if (error->has_column)
			fprintf(stderr, "%zu:", error->column + 1);
		fputc(' ', stderr);
	}
	print_sentence(error->text, name != NULL);
	if (name || error->has_column) {
		fputs("  ", stderr);
		print_safely(line, strlen(line));
		fputc('\n', stderr);
	}
	if (error->has_column) {
		fputs("  ", stderr);
		print_caret(line, error->column);
	}
}
