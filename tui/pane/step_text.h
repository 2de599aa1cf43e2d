// SPDX-License-Identifier: GPL-3.0-or-later
// A step in full, as lines that fit a pane: its question, its inputs, the evidence, the remedies of a refusal, and the
// paragraph for learners. Pure.
#ifndef BINDWALK_STEP_TEXT_H
#define BINDWALK_STEP_TEXT_H

#include "core/model/inquiry.h"
#include "core/model/remedy.h"
#include "core/text/rows.h"

struct step_text {
	const struct inquiry *in;
	unsigned step;
	bool hidden;                   // its answer: only the question and the paragraph may be seen
	const struct remedy *remedies; // NULL: they are not told here
	unsigned nremedies;
};

// Line `wanted`; returns how many there are up to it.
size_t step_text_line(const struct step_text *t, size_t wanted, unsigned width, struct row *out);

#endif
