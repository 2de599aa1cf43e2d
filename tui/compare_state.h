// SPDX-License-Identifier: GPL-3.0-or-later
// State of the second walk and the matrix: what is compared with the current walk, and the cell whose walk is open.
// Pure.
#ifndef BINDWALK_COMPARE_STATE_H
#define BINDWALK_COMPARE_STATE_H

#include "core/model/counterpart.h"
#include "core/model/inquiry.h"
#include "core/model/matrix.h"
#include "core/text/walks_seen.h"

enum compare_kind { COMPARE_OTHER, COMPARE_BEFORE, COMPARE_PINNED, COMPARE_ADDRESS, COMPARE_KINDS };

struct compare {
	struct pairs pairs;
	struct walks_seen seen, held;
	char changed[VERSUS_TITLE]; // on the host since the last walk, "" for nothing
	enum compare_kind kind;
	struct attempt with;    // for COMPARE_ADDRESS; without a family, no address was given
	struct inquiry other;   // predicted, on the host of the present walk; its question is lent
	struct snapshot second; // of `other`
	struct versus versus;   // its walks are NULL: nothing to compare
	struct versus_line line[VERSUS_LINES];
	unsigned nlines, side; // side: which of both walks the details are about

	struct matrix matrix, live; // predicted now; bound for real
	struct attempt of, live_of; // the attempts of each; without a family, there is none
	enum matrix_way way;
	enum matrix_column column;
	struct overlay supposed; // the host of the selected cell
	bool owns;               // `supposed` must be ended
	struct inquiry cell;     // its walk
	struct snapshot cell_seen;
};

// Is the pair an earlier walk and the present one, in this order? Otherwise the present one comes first.
static inline bool compare_is_earlier(const struct compare *c)
{
	return c->kind == COMPARE_BEFORE || c->kind == COMPARE_PINNED;
}

enum { COMPARE_BESIDE_COLS = 100, COMPARE_HEADINGS = 2 };

#endif
