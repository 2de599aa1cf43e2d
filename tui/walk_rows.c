// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/walk_rows.h"

struct fold {
	unsigned first, n; // n 0: nothing is folded
};

// The longest run of steps that are not reached; a single one is as short as its fold.
static struct fold fold_of(const struct walk *w, bool unfolded)
{
	struct fold longest = {0};
	unsigned first = 0;
	for (unsigned i = 0; i < w->nsteps && !unfolded; i++) {
		if (w->steps[i].reached || w->steps[i].step == STEP_RESULT)
			first = i + 1;
		else if (i + 1 - first > longest.n)
			longest = (struct fold){first, i + 1 - first};
	}
	return longest.n > 1 ? longest : (struct fold){0};
}

unsigned walk_rows_count(const struct walk *w, bool unfolded)
{
	struct fold f = fold_of(w, unfolded);
	return w->nsteps - (f.n ? f.n - 1 : 0);
}

unsigned walk_rows_step(const struct walk *w, bool unfolded, unsigned row)
{
	struct fold f = fold_of(w, unfolded);
	return f.n && row > f.first ? row + f.n - 1 : row;
}

unsigned walk_rows_of(const struct walk *w, bool unfolded, unsigned step)
{
	struct fold f = fold_of(w, unfolded);
	if (!f.n || step < f.first)
		return step;
	return step < f.first + f.n ? f.first : step - (f.n - 1);
}

unsigned walk_rows_folded(const struct walk *w, bool unfolded, unsigned row)
{
	struct fold f = fold_of(w, unfolded);
	return f.n && row == f.first ? f.n : 1;
}
