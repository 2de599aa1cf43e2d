// SPDX-License-Identifier: GPL-3.0-or-later
// A text behind a label, wrapped with a hanging indent. Pure.
#ifndef BINDWALK_LABELLED_H
#define BINDWALK_LABELLED_H

#include "core/text/rows.h"

// In columns: where the label begins, what it takes, and where the text is wrapped.
struct labelled {
	unsigned indent, label, width;
};

enum { LABELLED = 8 }; // the label's columns below a verdict

// Takes the lines of a text off *n, and makes a row of the one that it comes to. False when the text ends before.
bool labelled_line(const struct labelled *at, const char *label, enum role role, const char *text, unsigned *n,
		   struct row *out);

#endif
