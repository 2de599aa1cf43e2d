// SPDX-License-Identifier: GPL-3.0-or-later
// Two walks side by side in words: for the screen, as text, Markdown and JSON. Pure.
#ifndef BINDWALK_VERSUS_H
#define BINDWALK_VERSUS_H

#include <jansson.h>
#include <stdio.h>

#include "core/model/beside.h"
#include "core/text/snapshot.h"

enum { VERSUS_TITLE = 200 };

// All zeros: nothing to compare yet.
struct versus {
	const struct snapshot *walk[2]; // lent
	char title[2][16];              // "IPv4" and "IPv6", "before" and "now"
	char about[VERSUS_TITLE];       // what changed, "" for nothing
	struct beside beside;
};

// Matches the steps. The caller fills in the titles and `about`.
void versus_make(struct versus *v, const struct snapshot *first, const struct snapshot *second);
// "First difference: classify" with the numbers of both steps, or that no step differs.
void versus_summary(const struct versus *v, struct row *out);
// "IPv4  tcp4 192.0.2.1:80", and at the right how it ended and whether that is predicted.
void versus_heading(const struct versus *v, unsigned side, struct row *out);

// Row i of the matched steps, both halves in `width` columns, each with mark, number and name; "≠" marks the first that
// differs. A half that is too long loses the middle of its answer.
void versus_row(const struct versus *v, unsigned i, unsigned width, bool ascii, struct row *out);

// The walks one above the other, short enough for a small screen: steps that both pass alike and steps not reached are
// folded. `brief` leaves out the steps not reached and the result, which the headings show.
enum { VERSUS_LINES = 2 * (WALK_STEPS + 1) };
struct versus_line {
	unsigned side;
	int from, to; // steps; -1: the heading of the side
	unsigned row; // of the matched steps, that of `from`
};
enum versus_fold { VERSUS_WHOLE, VERSUS_FOLDED, VERSUS_BRIEF };
unsigned versus_lines(const struct versus *v, enum versus_fold fold, struct versus_line out[static VERSUS_LINES]);
void versus_line_row(const struct versus *v, const struct versus_line *l, unsigned width, bool ascii, struct row *out);

// Line n of all of it for a terminal or a file, wrapped to `width` columns (60 at least). False after the last one.
bool versus_text_line(const struct versus *v, unsigned width, unsigned n, struct row *out);
// 0 or -errno of the stream.
int versus_markdown(const struct versus *v, FILE *out);
json_t *versus_json(const struct versus *v);

#endif
