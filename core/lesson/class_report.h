// SPDX-License-Identifier: GPL-3.0-or-later
// The progress of many learners in one table. Pure.
#ifndef BINDWALK_CLASS_REPORT_H
#define BINDWALK_CLASS_REPORT_H

#include "core/lesson/progress.h"

enum { CLASS_LEARNERS = 1 << 15, CLASS_NAME = 256, CLASS_QUESTIONS = 4096 };

struct class_learner {
	char name[CLASS_NAME]; // bytes as they are: to be shown through a row
	unsigned begun, done;  // lessons
	unsigned answers, right, hints, solutions;
	char last[PROGRESS_WHEN];
};

// A question that somebody answered.
struct class_question {
	char lesson[PROGRESS_NAME];
	unsigned step, question;
	unsigned learners, wrong; // who answered it, and who of them was wrong at least once
};

// Begins zeroed.
struct class_report {
	struct class_learner *learners;
	struct class_question *questions;
	unsigned nlearners, nquestions;
	unsigned skipped; // lines that are no events
	unsigned others;  // files that hold none
	unsigned left;    // files that were not read, with why for the first
	char why[512];
};

// Adds a learner. 0; -E2BIG for one too many; -ENOMEM.
int class_add(struct class_report *r, const char *name, const struct progress *p);
// Learners by name; questions by how many were wrong.
void class_sort(struct class_report *r);
void class_free(struct class_report *r);

#endif
