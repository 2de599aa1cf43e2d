// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_names.h"

#include <stdio.h>
#include <string.h>

#include "core/command/command.h"
#include "core/lesson/lesson_list.h"

const char *lesson_name(size_t n)
{
	const struct listed_lesson *l = listed_lesson(n);
	return !l ? NULL : l->kind == LESSON_STAGE ? "" : l->name;
}

// The first line that is not a comment is: lesson "TITLE".
char *lesson_title(const char *name, char *buf, size_t len)
{
	const struct listed_lesson *l = listed_lesson_find(name);
	const char *line = l ? l->text : "";
	while (*line == '#' || *line == '\n')
		line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n');
	const char *begin = line + strcspn(line, "\"\n");
	begin += *begin == '"';
	snprintf(buf, len, "%.*s", (int)strcspn(begin, "\"\n"), begin);
	return buf;
}

void lesson_names_complete(const char *line, size_t start, size_t end, bool (*keep)(const char *word, void *data),
			   void *data)
{
	const char *word = command_info(CMD_LESSON)->name, *name;
	size_t blanks = strspn(line, " "), len = strlen(word), gap = strspn(line + blanks + len, " ");
	if (strncmp(line + blanks, word, len) != 0 || gap == 0 || blanks + len + gap != start)
		return;
	for (size_t n = 0; (name = lesson_name(n)); n++)
		if (*name && strncmp(name, line + start, end - start) == 0 && !keep(name, data))
			return;
}
