// SPDX-License-Identifier: GPL-3.0-or-later
// Lessons that `lesson NAME` plays in the explorer: for the palette and for completion. Pure.
#ifndef BINDWALK_LESSON_NAMES_H
#define BINDWALK_LESSON_NAMES_H

#include <stdbool.h>
#include <stddef.h>

// The n-th name; "" for one that is not a lesson but a talk, NULL after the last.
const char *lesson_name(size_t n);
// The title of the lesson of that name, "" for none. Returns buf.
char *lesson_title(const char *name, char *buf, size_t len);
// The names that fit behind `lesson ` at line[start..end), each handed to keep().
void lesson_names_complete(const char *line, size_t start, size_t end, bool (*keep)(const char *word, void *data),
			   void *data);

#endif
