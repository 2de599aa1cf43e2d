// SPDX-License-Identifier: GPL-3.0-or-later
// The cover of a walk: hides its answers until the user uncovers them step by step, and judges a prediction made
// before. It belongs to one question, an attempt on a host in one state; a new question is covered again. Pure.
#ifndef BINDWALK_COVER_H
#define BINDWALK_COVER_H

#include <stdbool.h>

#include "core/model/inquiry.h"
#include "core/text/rows.h"

enum { COVER_QUESTION = 512, COVER_VERDICT = 400 };

enum guess { GUESS_BINDS, GUESS_REFUSED, GUESS_STEP };

struct cover {
	bool on;
	unsigned shown; // how many steps are uncovered, from the first one
	struct {
		struct attempt attempt;
		unsigned nsteps;
		enum finding_id finding[WALK_STEPS];
	} over; // the covered question

	bool asking;                   // waits for a prediction
	bool told;                     // the answer was just shown: a key meant for the question only closes it
	unsigned typed;                // the step whose number is being typed
	char question[COVER_QUESTION]; // "" for the usual one
	unsigned right, asked;         // the score
};

// Is anything of the walk hidden; is this step?
bool cover_hides(const struct cover *c, const struct walk *w);
bool cover_hides_step(const struct cover *c, unsigned step);
// Covers all of it.
void cover_lay(struct cover *c, const struct walk *w);
// Takes the current walk. If the question is new, covers all of it; true if part of the previous one was uncovered or
// being asked.
bool cover_take(struct cover *c, const struct walk *w);
// Uncovers the next step, and after the step that ends bind the result at once; returns the uncovered step.
unsigned cover_uncover(struct cover *c, const struct walk *w);

// The row of a hidden step: its question in the place of its answer.
void cover_row(const struct walk *w, unsigned step, struct row *out);
// Replaces the verdict.
void cover_sentence(const struct cover *c, struct row *out);
// "covered, 2 of 3 right", "" where there is no cover.
char *cover_state(const struct cover *c, const struct walk *w, char *buf, size_t len);

// Judges a prediction (`step` for GUESS_STEP), counts it if the outcome is known, and explains it in one text: by the
// kernel after a real bind, otherwise by the model. True if it was right.
bool cover_judge(struct cover *c, const struct walk *w, enum guess guess, unsigned step, char *buf, size_t len);

#endif
