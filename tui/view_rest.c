// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/view_rest.h"

#include "core/observe/clock.h"

bool view_rest_over(struct view_rest *r)
{
	if (r->until && now_ms() >= r->until)
		r->until = 0;
	return !r->due && !r->until;
}

int view_rest_patience(struct view_rest *r, int ms)
{
	enum { REST_MS = 100 };
	if (r->due)
		r->until = now_ms() + REST_MS;
	r->due = false;
	if (!r->until)
		return ms;
	int64_t left = r->until - now_ms();
	left = left > 0 ? left : 0;
	return ms < 0 || left < ms ? (int)left : ms;
}
