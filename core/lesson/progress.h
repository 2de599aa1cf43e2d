// SPDX-License-Identifier: GPL-3.0-or-later
// What a learner did, as a text: one line per event, which says all by itself. Pure.
//
//   2026-11-29T20:41:07Z anyip answer step=2 question=1 said=binds was=refused judged=wrong
//
// A date, the lesson, the event, and words NAME=VALUE in any order. Other versions of the program may write other
// events and other words: a reader passes over what it does not know. A line that is torn, too long or damaged counts
// for nothing, and costs nothing else.
#ifndef BINDWALK_PROGRESS_H
#define BINDWALK_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum progress_kind {
	PROGRESS_BEGIN,    // a lesson begins; with a step: it goes on there
	PROGRESS_STEP,     // a step is done
	PROGRESS_ANSWER,   // a prediction, and what the kernel said
	PROGRESS_HINT,     // a hint was opened
	PROGRESS_SOLUTION, // the solution was opened
	PROGRESS_CHECK,    // the kernel was asked whether a task is solved
	PROGRESS_DONE,     // the lesson is done
	PROGRESS_KINDS
};

enum {
	PROGRESS_WHEN = 21,      // "2026-11-29T20:41:07Z": UTC, so that dates compare as texts
	PROGRESS_NAME = 64,      // of a lesson: letters, digits, ".", "_" and "-"
	PROGRESS_WORD = 32,      // a prediction or an outcome
	PROGRESS_LINE = 512,     // bytes of a line, with its end
	PROGRESS_BYTES = 1 << 20 // of a file: ten thousand events
};

struct progress_event {
	char when[PROGRESS_WHEN]; // "": now, for progress_append()
	char lesson[PROGRESS_NAME];
	enum progress_kind kind;
	unsigned step;     // from 1; 0: none
	unsigned question; // of an answer: which one of the step, from 1
	unsigned degree;   // of a hint, from 1
	bool right;        // of an answer or a check
	char said[PROGRESS_WORD], was[PROGRESS_WORD];
};

// The event as a line with its end; characters that a line can't hold become "_". Its length.
size_t progress_format(const struct progress_event *e, char out[static PROGRESS_LINE]);
// Reads a line without its end. False for one that is no event that is known here.
bool progress_parse(const char *line, size_t len, struct progress_event *out);
// A lesson's name as it stands in a line. Returns out.
char *progress_name(const char *name, char out[static PROGRESS_NAME]);

struct progress_lesson {
	char name[PROGRESS_NAME];
	uint64_t steps; // those that were done at some time: 1 << (step - 1)
	unsigned at;    // the last step done since it began; 0 for none
	unsigned done;  // how many times it was played to its end
	unsigned answers, right;
	unsigned hints, solutions;
	char last[PROGRESS_WHEN]; // the last event
};

// A question's last answer, and how many there were.
struct progress_question {
	unsigned lesson; // in progress.lessons
	unsigned step, question;
	unsigned answers, wrong;
	bool right;
	char when[PROGRESS_WHEN];
	char said[PROGRESS_WORD], was[PROGRESS_WORD];
};

// All events together. Begins zeroed.
struct progress {
	struct progress_lesson *lessons; // in the order in which they were met
	struct progress_question *questions;
	unsigned nlessons, nquestions;
	unsigned events, skipped; // lines
};

enum { PROGRESS_STEPS = 64, PROGRESS_LESSONS = 128, PROGRESS_QUESTIONS = 1024 }; // what a file may speak of

// Adds the events of a text. What follows the last line's end is torn and not trusted. 0 or -ENOMEM.
int progress_fold(struct progress *p, const char *text, size_t len);
void progress_free(struct progress *p);

// NULL for a lesson that was never begun, or a question that was never answered. The name as in the program.
const struct progress_lesson *progress_lesson(const struct progress *p, const char *name);
const struct progress_question *progress_question(const struct progress *p, const char *name, unsigned step,
						  unsigned question);
// How many of the steps up to `nsteps` were done.
unsigned progress_steps(const struct progress_lesson *l, unsigned nsteps);

#endif
