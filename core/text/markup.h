// SPDX-License-Identifier: GPL-3.0-or-later
// Help texts as lines of a given width. Pure.
//
// A text has one paragraph on each line; how a line begins says what it is:
//	the first line     the title
//	"== Heading"
//	"* Name"           a name that the next lines are about
//	"  text"           (two blanks) wrapped, and indented
//	"- text"           a list's item
//	"    text"         (four blanks) stands as it is; with "$ " it is a command that can be run
//	anything else      a paragraph
#ifndef BINDWALK_MARKUP_H
#define BINDWALK_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text/rows.h"

// Line n of an ASCII text, wrapped to width columns (at least 20). False after the last line.
bool markup_line(const char *text, unsigned width, size_t n, struct row *out);
// How many lines that makes.
size_t markup_lines(const char *text, unsigned width);

#endif
