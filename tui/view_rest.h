// SPDX-License-Identifier: GPL-3.0-or-later
// The pause of a view between two lots of news: a screen that changes more often cannot be read.
#ifndef BINDWALK_VIEW_REST_H
#define BINDWALK_VIEW_REST_H

#include <stdbool.h>
#include <stdint.h>

// All zeros: none.
struct view_rest {
	bool due;      // some came: the next ones have to wait until they are drawn, and a while
	int64_t until; // then; 0: it does not
};

// Before the loop waits: may the view take the next ones?
bool view_rest_over(struct view_rest *r);
// After what came is drawn: how long the loop may wait, of so many milliseconds (-1: without end).
int view_rest_patience(struct view_rest *r, int ms);

#endif
