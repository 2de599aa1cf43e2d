// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/nearest.h"

#include <string.h>

// The least number of inserted, left out, wrong or swapped letters, at most `limit` + 1.
static unsigned distance(const char *a, const char *b, unsigned limit)
{
	enum { MOST = 48 };
	size_t la = strlen(a), lb = strlen(b);
	unsigned rows[3][MOST + 1], least_before = 0;
	if (la > MOST || lb > MOST || (la > lb ? la - lb : lb - la) > limit)
		return limit + 1;
	for (unsigned j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		unsigned least = row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);
			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
			least = best < least ? best : least;
		}
		if (least > limit && least_before > limit) // a swap looks two rows back
			return limit + 1;
		least_before = least;
	}
	return rows[la % 3][lb];
}

const char *nearest_word(const char *typed, const char *(*word)(void *data, size_t n), void *data)
{
	size_t len = strlen(typed);
	unsigned limit = len < 5 ? 1 : len < 8 ? 2 : 3, best = limit + 1;
	size_t found = 0;
	const char *w;
	for (size_t n = 0; (w = word(data, n)); n++) {
		if (!w[0])
			continue;
		unsigned d = distance(typed, w, limit);
		// A word that was begun well but not ended counts as near.
		if (d > limit && len >= 3 && strncmp(typed, w, len) == 0)
			d = limit;
		if (d < best) {
			best = d;
			found = n;
		}
	}
	return best <= limit ? word(data, found) : NULL;
}
