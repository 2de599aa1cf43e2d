// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/class_report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A place for one more in an array that doubles; NULL when memory fails.
static void *grow(void *array, unsigned n, size_t size)
{
	bool full = n == 0 || (n >= 16 && (n & (n - 1)) == 0);
	return !full ? array : reallocarray(array, n < 16 ? 16 : 2 * (size_t)n, size);
}

static struct class_question *find_question(struct class_report *r, const char *lesson,
					    const struct progress_question *q)
{
	for (unsigned i = 0; i < r->nquestions; i++) {
		struct class_question *x = &r->questions[i];
		if (x->step == q->step && x->question == q->question && strcmp(x->lesson, lesson) == 0)
			return x;
	}
	return NULL;
}

// Beyond what a class can have been asked, questions are not counted one by one.
static int count_question(struct class_report *r, const char *lesson, const struct progress_question *q)
{
	struct class_question *x = find_question(r, lesson, q);
	if (!x && r->nquestions == CLASS_QUESTIONS)
		return 0;
	if (!x) {
		struct class_question *more = grow(r->questions, r->nquestions, sizeof *more);
		if (!more)
			return -ENOMEM;
		r->questions = more;
		x = &more[r->nquestions++];
		*x = (struct class_question){.step = q->step, .question = q->question};
		memcpy(x->lesson, lesson, sizeof x->lesson);
	}
	x->learners++;
	x->wrong += q->wrong > 0;
	return 0;
}

int class_add(struct class_report *r, const char *name, const struct progress *p)
{
	int rc = 0;
	if (r->nlearners == CLASS_LEARNERS)
		return -E2BIG;
	struct class_learner *more = grow(r->learners, r->nlearners, sizeof *more);
	if (!more)
		return -ENOMEM;
	r->learners = more;
	struct class_learner *l = &more[r->nlearners];
	*l = (struct class_learner){0};
	snprintf(l->name, sizeof l->name, "%s", name);
	r->nlearners++;
	for (unsigned i = 0; i < p->nlessons; i++) {
		const struct progress_lesson *x = &p->lessons[i];
		l->begun++;
		l->done += x->done > 0;
		l->answers += x->answers;
		l->right += x->right;
		l->hints += x->hints;
		l->solutions += x->solutions;
		if (strcmp(x->last, l->last) > 0)
			memcpy(l->last, x->last, sizeof l->last);
	}
	for (unsigned i = 0; i < p->nquestions && rc == 0; i++)
		rc = count_question(r, p->lessons[p->questions[i].lesson].name, &p->questions[i]);
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct class_learner *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static int by_wrong(const void *a, const void *b)
{
	const struct class_question *x = a, *y = b;
	if (x->wrong != y->wrong)
		return x->wrong > y->wrong ? -1 : 1;
	int lesson = strcmp(x->lesson, y->lesson);
	if (lesson || x->step != y->step)
		return lesson ? lesson : x->step < y->step ? -1 : 1;
	return (x->question > y->question) - (x->question < y->question);
}

void class_sort(struct class_report *r)
{
	if (r->nlearners)
		qsort(r->learners, r->nlearners, sizeof *r->learners, by_name);
	if (r->nquestions)
		qsort(r->questions, r->nquestions, sizeof *r->questions, by_wrong);
}

void class_free(struct class_report *r)
{
	free(r->learners);
	free(r->questions);
	*r = (struct class_report){0};
}
