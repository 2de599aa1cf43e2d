// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/review.h"

#include <stdlib.h>
#include <string.h>

#include "core/lesson/lesson_event.h"

static bool is_judged_by_bind(const struct lesson_item *i)
{
	struct ask ask;
	return lesson_read_ask(i, &ask) && (ask.judge == ASK_KERNEL || ask.judge == ASK_STEP);
}

void review_add(struct review *r, const struct lesson *l, const char *name, const struct progress *p)
{
	char key[PROGRESS_NAME];
	for (unsigned i = l->nsetup; i < l->nitems && r->n < REVIEW_MOST; i++) {
		if (!is_judged_by_bind(&l->items[i]))
			continue;
		struct review_question *q = &r->questions[r->n];
		*q = (struct review_question){
			.name = name, .step = lesson_step_of(l, i), .item = i, .order = r->n, .why = REVIEW_NEW};
		const struct progress_question *past = progress_question(p, lesson_short_name(l->name, key),
									 q->step + 1, lesson_question_number(l, i));
		if (past) {
			q->why = past->right ? REVIEW_RIGHT : REVIEW_WRONG;
			memcpy(q->when, past->when, sizeof q->when);
		}
		r->n++;
	}
}

static int by_turn(const void *a, const void *b)
{
	const struct review_question *x = a, *y = b;
	if (x->why != y->why)
		return x->why < y->why ? -1 : 1;
	int age = strcmp(x->when, y->when);
	return age ? age : (x->order > y->order) - (x->order < y->order);
}

void review_choose(struct review *r, unsigned most)
{
	qsort(r->questions, r->n, sizeof *r->questions, by_turn);
	r->n = r->n < most ? r->n : most;
}
