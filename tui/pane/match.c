// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/match.h"

#include <stdio.h>
#include <string.h>

void match_split(const char *text, struct match_words *out)
{
	out->n = out->numeric = 0;
	snprintf(out->text, sizeof out->text, "%s", text);
	for (char *at = out->text; *(at += strspn(at, " "));) {
		char *end = at + strcspn(at, " ");
		if (*at >= '0' && *at <= '9')
			out->numeric |= 1u << out->n;
		out->at[out->n++] = (uint8_t)(at - out->text);
		if (!*end || out->n == MATCH_WORDS)
			return;
		*end = '\0';
		at = end + 1;
	}
}

unsigned match_found(const struct match_words *w, const char *line)
{
	unsigned found = 0;
	for (unsigned i = 0; i < w->n; i++)
		if (strcasestr(line, match_word(w, i)))
			found |= 1u << i;
	return found;
}

void match_mark(const struct match_words *w, unsigned role, struct row *r)
{
	bool hit[ROW_TEXT + 1] = {0};
	struct span out[ROW_SPANS] = {0};
	unsigned n = 0;
	for (unsigned i = 0; i < w->n; i++)
		for (const char *at = r->text; (at = strcasestr(at, match_word(w, i))); at++)
			memset(hit + (at - r->text), true, strlen(match_word(w, i)));
	for (unsigned i = 0; i < r->nspans; i++) {
		const struct span *s = &r->spans[i];
		for (unsigned from = s->start, end = s->start + s->len, to; from < end; from = to) {
			for (to = from + 1; to < end && hit[to] == hit[from]; to++)
				;
			if (n == ROW_SPANS)
				return;
			out[n++] = (struct span){.start = (uint16_t)from,
						 .len = (uint16_t)(to - from),
						 .role = hit[from] ? (uint8_t)role : s->role,
						 .right = s->right};
		}
	}
	memcpy(r->spans, out, n * sizeof *out);
	r->nspans = n;
}
