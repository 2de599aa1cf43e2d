// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_event.h"

#include <stdio.h>
#include <string.h>

char *lesson_short_name(const char *name, char out[static PROGRESS_NAME])
{
	char copy[256];
	const char *slash = strrchr(name, '/');
	name = slash && slash[1] ? slash + 1 : name;
	size_t digits = strspn(name, "0123456789");
	snprintf(copy, sizeof copy, "%s", digits && name[digits] == '-' && name[digits + 1] ? name + digits + 1 : name);
	char *dot = strrchr(copy, '.');
	if (dot && dot > copy && (strcmp(dot, ".lesson") == 0 || strcmp(dot, ".stage") == 0))
		*dot = '\0';
	return progress_name(copy, out);
}

unsigned lesson_question_number(const struct lesson *l, unsigned item)
{
	unsigned n = 0;
	for (unsigned i = l->steps[lesson_step_of(l, item)].first; i <= item; i++)
		n += l->items[i].kind == ITEM_ASK;
	return n;
}

struct progress_event lesson_event(const struct lesson *l, enum progress_kind kind, unsigned step)
{
	struct progress_event e = {.kind = kind, .step = kind == PROGRESS_DONE ? 0 : step + 1};
	if (kind == PROGRESS_BEGIN && step == 0)
		e.step = 0;
	lesson_short_name(l->name, e.lesson);
	return e;
}

struct progress_event lesson_event_answer(const struct lesson *l, const struct prediction *p)
{
	struct progress_event e = lesson_event(l, PROGRESS_ANSWER, lesson_step_of(l, p->item));
	e.question = lesson_question_number(l, p->item);
	e.right = p->judgement == JUDGED_RIGHT;
	snprintf(e.said, sizeof e.said, "%s", p->said);
	snprintf(e.was, sizeof e.was, "%s", p->truth);
	return e;
}
