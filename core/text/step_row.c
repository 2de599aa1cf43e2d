// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/step_row.h"

#include <string.h>

#include "core/text/width.h"

static const char arrow[] = " →", dots[] = "…";

void step_row_fit(struct row *r, unsigned width, bool ascii)
{
	enum { HEAD = 24 }; // mark, number and name, and the start of the inputs
	size_t left = r->used;
	for (unsigned i = r->nspans; i-- > 0 && r->spans[i].right;)
		left = r->spans[i].start;
	char *at = memmem(r->text, left, arrow, sizeof arrow - 1);
	unsigned need = width_text(r->text, r->used) + (left < r->used) + ascii; // "->" has a column more
	if (!at || need <= width)
		return;
	size_t answer = (size_t)(at - r->text);
	unsigned before = width_text(r->text, answer), less = need - width + 1;
	if (before < HEAD + less)
		return;
	const struct row whole = *r;
	size_t cut = width_clip(r->text, answer, before - less, NULL);
	row_clear(r);
	row_add_part(r, &whole, 0, cut);
	row_add(r, (enum role)r->spans[r->nspans - 1].role, "%s", dots);
	row_add_part(r, &whole, answer, left);
	for (unsigned i = 0; i < whole.nspans; i++)
		if (whole.spans[i].right)
			row_right(r, (enum role)whole.spans[i].role, "%.*s", (int)whole.spans[i].len,
				  whole.text + whole.spans[i].start);
}

void step_row_cell(struct row *out, const struct row *r, size_t from, size_t to, unsigned width)
{
	unsigned used = width_text(r->text + from, to - from);
	if (used > width) {
		size_t fits = width_clip(r->text + from, to - from, width ? width - 1 : 0, &used);
		row_add_part(out, r, from, from + fits);
		row_add(out, ROLE_DIM, "%s", width ? dots : "");
		used++;
	} else {
		row_add_part(out, r, from, to);
	}
	if (used < width)
		row_add(out, ROLE_PLAIN, "%*s", (int)(width - used), "");
}
