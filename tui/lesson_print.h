// SPDX-License-Identifier: GPL-3.0-or-later
// A lesson that is played without a screen, as lines on standard output: text, or one JSON object per line.
#ifndef BINDWALK_LESSON_PRINT_H
#define BINDWALK_LESSON_PRINT_H

#include <jansson.h>

#include "core/lesson/lesson_play.h"
#include "core/text/row_print.h"

struct lesson_printer {
	const struct lesson *lesson;
	struct report_style style;
	bool json;
	bool quiet; // the item's own output is not for the learner
	unsigned step;
	unsigned commands, judged; // how many
};

// Who prints what is played; the printer is lent.
struct lesson_watcher lesson_watcher(struct lesson_printer *p);
// What stands before the first step and after the last.
void lesson_print_head(const struct lesson_printer *p);
void lesson_print_end(const struct lesson_printer *p);
// Why it stopped, on standard error: the line with its place, and a caret.
void lesson_print_stop(const struct lesson *l, const struct lesson_stop *stop);

// A question with its choices, as text.
void lesson_print_question(struct report_style style, const struct ask *ask);
// How an answer was judged.
void lesson_print_judged(struct report_style style, const struct prediction *p, bool answered);
// Prints the object as one line, and frees it.
void lesson_print_json(json_t *object);
// An object of this kind, of an item of a lesson.
json_t *lesson_json_item(const char *kind, const struct lesson_item *i);
// Adds the choices of a question.
void lesson_json_choices(json_t *object, const struct ask *ask);
void lesson_json_judged(json_t *object, const struct prediction *p, bool answered);

#endif
