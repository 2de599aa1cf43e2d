// SPDX-License-Identifier: GPL-3.0-or-later
// The rules for the texts of lessons: how much a step may say and ask, how long a lesson takes, and what a challenge
// must have. Pure.
#ifndef BINDWALK_LESSON_RULES_H
#define BINDWALK_LESSON_RULES_H

#include "core/lesson/lesson.h"

enum lesson_sort {
	SORT_LESSON,
	SORT_CHALLENGE, // nothing to be run but what the learner finds
	SORT_STAGE      // for a speaker: as long as they like
};

enum {
	RULE_STEP_WORDS = 60, // of title, say and ask
	RULE_SENTENCE_WORDS = 25,
	RULE_STEPS = 12,
	RULE_SECONDS = 4 * 60, // of a lesson
	RULE_QUESTIONS = 2,    // at least
	RULE_SPEED = 160,      // words read in a minute
	RULE_RUN = 5,          // seconds for a command
	RULE_ANSWER = 10       // seconds for a question
};

struct lesson_size {
	enum lesson_sort sort;
	unsigned words, commands, questions, tasks;
	unsigned seconds; // by reading speed
};

// A stage file is known by its name, NAME.stage.
struct lesson_size lesson_size(const struct lesson *l, const char *name);
// Seconds as whole minutes, rounded up.
unsigned lesson_minutes(const struct lesson_size *s);
const char *lesson_sort_name(enum lesson_sort s);

// What is wrong at a place of the file: a line from 1, and a byte of it from 0. The file as a whole is its first
// command.
typedef void lesson_complaint(void *data, unsigned line, size_t column, const char *text);
// Hands over all that breaks a rule, line by line; the source is what the lesson was read from. How many.
unsigned lesson_rules_check(const struct lesson *l, const char *name, const char *source, size_t len,
			    lesson_complaint *each, void *data);

#endif
