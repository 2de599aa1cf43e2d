// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_list.h"

#include <stdio.h>
#include <string.h>

#include "core/command/nearest.h"

static const struct listed_lesson lessons[] = {
#include "help/lessons.inc"
};

enum { LESSONS = sizeof lessons / sizeof lessons[0] };

const struct listed_lesson *listed_lesson(size_t n)
{
	return n < LESSONS ? &lessons[n] : NULL;
}

const struct listed_lesson *listed_lesson_find(const char *name)
{
	for (size_t n = 0; n < LESSONS; n++) {
		char number[16];
		snprintf(number, sizeof number, "%u", lessons[n].number);
		if (strcmp(lessons[n].name, name) == 0 || (lessons[n].number && strcmp(number, name) == 0))
			return &lessons[n];
	}
	return NULL;
}

static const char *name_of(void *data, size_t n)
{
	(void)data;
	return n < LESSONS ? lessons[n].name : NULL;
}

const char *listed_lesson_nearest(const char *typed)
{
	const char *near = nearest_word(typed, name_of, NULL);
	for (size_t n = 0; !near && strlen(typed) >= 3 && n < LESSONS; n++)
		near = strstr(lessons[n].name, typed) ? lessons[n].name : NULL;
	return near;
}

static const struct listed_lesson *first_of(enum lesson_kind kind, size_t from)
{
	for (size_t n = from; n < LESSONS; n++)
		if (lessons[n].kind == kind)
			return &lessons[n];
	return NULL;
}

const struct listed_lesson *listed_lesson_next(const struct listed_lesson *l)
{
	const struct listed_lesson *next = first_of(l->kind, (size_t)(l - lessons) + 1);
	return next || l->kind != LESSON_CORE ? next : first_of(LESSON_CHALLENGE, 0);
}
