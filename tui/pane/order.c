// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/order.h"

#include <stdlib.h>
#include <string.h>

void order_by_rank(uint32_t *items, size_t n, uint32_t ranks, order_rank *rank, const void *data)
{
	size_t *at = calloc((size_t)ranks + 1, sizeof *at);
	uint32_t *sorted = malloc((n + 1) * sizeof *sorted);
	if (at && sorted) {
		for (size_t i = 0; i < n; i++)
			at[rank(data, items[i]) + 1]++;
		for (uint32_t r = 0; r < ranks; r++)
			at[r + 1] += at[r];
		for (size_t i = 0; i < n; i++)
			sorted[at[rank(data, items[i])]++] = items[i];
		memcpy(items, sorted, n * sizeof *items);
	}
	free(at);
	free(sorted);
}
