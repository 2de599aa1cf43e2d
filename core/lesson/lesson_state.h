// SPDX-License-Identifier: GPL-3.0-or-later
// Where a learner is in a lesson, and what is waited for. Whoever plays it (the explorer, or a test) carries out what
// lesson_now() gives while the wait is LESSON_CARRY, and tells the outcome by lesson_carried(); after each real bind it
// calls lesson_judge(). Everything else waits for somebody. Pure.
#ifndef BINDWALK_LESSON_STATE_H
#define BINDWALK_LESSON_STATE_H

#include "core/lesson/lesson.h"

enum lesson_wait {
	LESSON_CARRY,  // the player carries lesson_now() out: set-up, a command, a check
	LESSON_SHOW,   // paced: the next command is hidden; going on shows it
	LESSON_RUN,    // a command is shown; going on carries it out
	LESSON_ANSWER, // a question waits
	LESSON_TASK,   // a goal waits: the learner works; going on checks it
	LESSON_GO_ON,  // the step is over; going on begins the next one
	LESSON_END     // the lesson is over
};

enum judgement { JUDGED_LATER, JUDGED_RIGHT, JUDGED_WRONG, JUDGED_NEVER /* nobody can tell */ };

struct prediction {
	unsigned item;
	unsigned choice; // from 0; for ASK_STEP the index of a walk's step
	enum judgement judgement;
	char said[ASK_WORD], truth[ASK_WORD]; // words: the choice, and what the kernel answered
};

enum { LESSON_PREDICTIONS = 64 };

struct lesson_state {
	const struct lesson *lesson;
	bool paced;          // on a stage: a key shows a command, another one runs it
	unsigned step, item; // item: the next one, or the one that is waited at
	enum lesson_wait wait;
	bool failed;           // what was carried out last did not go well, and is waited at again
	unsigned hints;        // opened in this step
	bool solution, solved; // of this step: opened; its check held
	bool solution_due;     // it may be opened: after success or the last hint
	unsigned npredictions;
	struct prediction predictions[LESSON_PREDICTIONS]; // the oldest are forgotten
};

// Before the first item.
void lesson_start(struct lesson_state *s, const struct lesson *l, bool paced);
// At the beginning of a step, once the player has carried out lesson_before() of it. Predictions stay.
void lesson_enter(struct lesson_state *s, unsigned step);
// The item that is waited at, or to be carried out; NULL where none is.
const struct lesson_item *lesson_now(const struct lesson_state *s);
// Has the learner reached this item of the present step, so that its text is shown?
bool lesson_shows(const struct lesson_state *s, unsigned item);
// On a stage: the command that waits did not go well, and going on leaves it: the room does not wait for another try.
bool lesson_skips(const struct lesson_state *s);
// False where nothing happens: a question waits, or the lesson is over.
bool lesson_go_on(struct lesson_state *s);
// Answers the question that waits. False where none does, or it has no such choice.
bool lesson_answer(struct lesson_state *s, unsigned choice);
// Goes on without an answer. False where no question waits.
bool lesson_pass(struct lesson_state *s);
// The item of LESSON_CARRY was carried out, well or not. What did not go well is waited at again; set-up goes on.
void lesson_carried(struct lesson_state *s, bool well);
// Judges open predictions by a walk that was observed; how many it judged.
unsigned lesson_judge(struct lesson_state *s, const struct walk *w);
// Does a prediction wait for the kernel's answer?
bool lesson_awaits_kernel(const struct lesson_state *s);
// The last prediction, NULL for none.
const struct prediction *lesson_predicted(const struct lesson_state *s);
// Opens the next hint; false where there is no more.
bool lesson_open_hint(struct lesson_state *s);
// Opens the solution; false where it is not due, or there is none.
bool lesson_open_solution(struct lesson_state *s);
// Where "back" leads: the beginning of this step, and from there the step before.
unsigned lesson_back(const struct lesson_state *s);
// How many predictions were right, of how many that were judged.
unsigned lesson_score(const struct lesson_state *s, unsigned *judged);

#endif
