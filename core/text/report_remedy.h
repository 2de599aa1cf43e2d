// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies as lines of text. Pure.
#ifndef BINDWALK_REPORT_REMEDY_H
#define BINDWALK_REPORT_REMEDY_H

#include "core/model/remedy.h"
#include "core/text/rows.h"

enum { REMEDY_INDENT = 7 }; // where the text of a line begins, also when it goes on in the next one

enum remedy_part {
	REMEDY_TEXT,     // what helps, and how programs spell the first one that has a spelling
	REMEDY_NUMBERED, // what helps, each with the number by which the explorer applies it
	REMEDY_LASTING   // by number: how each is kept, and how programs spell it
};

// Line n of what helps against a refusal: one line for each remedy, the obstacle that is left behind those that leave
// it. False behind the last line. Lines are as long as they are.
bool report_remedy(const struct walk *w, const struct remedy *all, unsigned count, enum remedy_part part, unsigned n,
		   struct row *out);

#endif
