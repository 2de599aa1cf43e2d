// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/order.h"

#include <stdlib.h>
#include <string.h>

struct ranks {
	uint32_t *of; // by thing, and 0 for none
	order_thing *thing_of;
	const void *data;
};

static void sort_by_rank(uint32_t *items, size_t n, uint32_t ranks, const struct ranks *r)
{
	size_t *at = calloc((size_t)ranks + 1, sizeof *at);
	uint32_t *sorted = malloc((n + 1) * sizeof *sorted);
	if (at && sorted) {
		for (size_t i = 0; i < n; i++)
			at[r->of[r->thing_of(r->data, items[i])] + 1]++;
		for (uint32_t k = 0; k < ranks; k++)
			at[k + 1] += at[k];
		for (size_t i = 0; i < n; i++)
			sorted[at[r->of[r->thing_of(r->data, items[i])]]++] = items[i];
		memcpy(items, sorted, n * sizeof *items);
	}
	free(at);
	free(sorted);
}

void order_by(uint32_t *items, size_t n, uint32_t things, order_compare *compare, order_thing *thing_of, void *data)
{
	uint32_t *sorted = calloc((size_t)things + 1, sizeof *sorted), rank = 0;
	struct ranks r = {calloc((size_t)things + 1, sizeof *r.of), thing_of, data};
	if (sorted && r.of) {
		for (uint32_t i = 0; i < things; i++)
			sorted[i] = i;
		qsort_r(sorted, things, sizeof *sorted, compare, data);
		for (uint32_t i = 0; i < things; i++) {
			rank += i > 0 && compare(&sorted[i - 1], &sorted[i], data) != 0;
			r.of[sorted[i]] = rank;
		}
		sort_by_rank(items, n, rank + 1, &r);
	}
	free(sorted);
	free(r.of);
}
