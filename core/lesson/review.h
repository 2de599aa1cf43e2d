// SPDX-License-Identifier: GPL-3.0-or-later
// Which questions a learner is asked again: those answered wrongly come first, then those that are longest ago, then
// those that were never asked. Pure.
#ifndef BINDWALK_REVIEW_H
#define BINDWALK_REVIEW_H

#include "core/lesson/lesson.h"
#include "core/lesson/progress.h"

enum { REVIEW_QUESTIONS = 5, REVIEW_MOST = 256 };

enum review_why { REVIEW_WRONG, REVIEW_RIGHT, REVIEW_NEW }; // how it was answered last

struct review_question {
	const char *name; // of the lesson, as the caller named it
	unsigned step, item, order;
	enum review_why why;
	char when[PROGRESS_WHEN]; // "" for never
};

struct review {
	unsigned n;
	struct review_question questions[REVIEW_MOST];
};

// Adds the questions of a lesson that a real bind judges. Lessons are added in the order in which they are best taken.
void review_add(struct review *r, const struct lesson *l, const char *name, const struct progress *p);
// Puts first what is asked first; no more than `most` stay.
void review_choose(struct review *r, unsigned most);

#endif
