// SPDX-License-Identifier: GPL-3.0-or-later
// The cover over a walk: what is hidden until somebody uncovers it step by step, and the prediction that a learner
// makes before. It lies over one question: an attempt on a host as it is; over the next one it lies again. Pure.
#ifndef BINDWALK_COVER_H
#define BINDWALK_COVER_H

#include <stdbool.h>

#include "core/model/inquiry.h"
#include "core/text/rows.h"

enum { COVER_QUESTION = 512, COVER_VERDICT = 400 };

enum guess { GUESS_BINDS, GUESS_REFUSED, GUESS_STEP };

struct cover {
	bool on;
	unsigned shown; // so many steps are uncovered, from the first one
	struct {
		struct attempt attempt;
		unsigned nsteps;
		enum finding_id finding[WALK_STEPS];
	} over; // the question that it lies over

	bool asking;                   // a prediction is awaited
	bool told;                     // the answer was just told: a key that was meant for the question does no more
	unsigned typed;                // the step whose number is being typed
	char question[COVER_QUESTION]; // "" for the usual one
	unsigned right, asked;         // the score
};

// Is something of the walk hidden, and is this step?
bool cover_hides(const struct cover *c, const struct walk *w);
bool cover_hides_step(const struct cover *c, unsigned step);
// Covers all of it.
void cover_lay(struct cover *c, const struct walk *w);
// There is a walk, perhaps another one: then it is covered as a whole. True if some of the one before was uncovered, or
// asked about.
bool cover_take(struct cover *c, const struct walk *w);
// Uncovers the next step, and behind the one that ends bind its result at once; returns it.
unsigned cover_uncover(struct cover *c, const struct walk *w);

// The row of a hidden step: its question in the place of its answer.
void cover_row(const struct walk *w, unsigned step, struct row *out);
// What stands in the place of the verdict.
void cover_sentence(const struct cover *c, struct row *out);
// "covered, 2 of 3 right", "" where there is no cover.
char *cover_state(const struct cover *c, const struct walk *w, char *buf, size_t len);

// Judges a prediction (`step` of GUESS_STEP), counts it if the truth is known, and says so in one text: what the kernel
// says if it was asked for real, else what the model says. True if it was right.
bool cover_judge(struct cover *c, const struct walk *w, enum guess guess, unsigned step, char *buf, size_t len);

#endif
