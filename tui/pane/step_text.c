// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/step_text.h"

#include "core/text/report.h"
#include "core/text/report_remedy.h"
#include "core/text/width.h"

enum { MOST_LINES = 400, HANGING = 7 };

enum { NUMBER = 2 }; // columns of a remedy's number

// Remedies come before the text to read, and all remedies before how to keep them.
enum part { PART_FOUND, PART_REMEDIES, PART_TEXT, PART_LASTING, PARTS };

static bool remedy_line(const struct step_text *t, enum remedy_part part, unsigned n, struct row *out)
{
	return t->remedies && report_remedy(&t->in->walk, t->remedies, t->nremedies, part, n, out);
}

// After a blank line.
static bool lasting_line(const struct step_text *t, unsigned n, struct row *out)
{
	bool any = remedy_line(t, REMEDY_LASTING, n ? n - 1 : 0, out);
	if (n == 0) {
		row_clear(out);
		row_add(out, ROLE_PLAIN, " ");
	}
	return any;
}

// Line n of a part, before wrapping.
static bool whole_line(const struct step_text *t, enum part part, unsigned n, unsigned width, struct row *out)
{
	row_clear(out);
	if (part == PART_REMEDIES)
		return remedy_line(t, REMEDY_NUMBERED, n, out);
	if (part == PART_LASTING)
		return lasting_line(t, n, out);
	const struct facts f = inquiry_facts(t->in);
	unsigned found = t->hidden ? DETAIL_QUESTION : DETAIL_QUESTION | DETAIL_FOUND;
	return report_detail(&f, &t->in->walk, t->step, part == PART_TEXT ? DETAIL_TEXT : found, width, n, out);
}

// What comes ready-made may still be wider than the pane.
size_t step_text_line(const struct step_text *t, size_t wanted, unsigned width, struct row *out)
{
	struct row whole;
	size_t seen = 0;
	unsigned n = 0;
	for (enum part part = 0; part < PARTS && seen < MOST_LINES;) {
		if (!whole_line(t, part, n++, width, &whole)) {
			part++;
			n = 0;
			continue;
		}
		bool remedy = part == PART_REMEDIES || part == PART_LASTING;
		unsigned hanging = remedy ? REMEDY_INDENT + NUMBER : HANGING;
		for (size_t from = 0, next = 0, end; from == 0 || from < whole.used; from = next) {
			unsigned room = from ? width - hanging : width;
			end = from + width_wrap(whole.text + from, whole.used - from, room, &next);
			next += from;
			if (seen++ == wanted) {
				row_clear(out);
				if (from)
					row_add(out, ROLE_PLAIN, "%*s", (int)hanging, "");
				row_add_part(out, &whole, from, end);
				return seen;
			}
			if (next == 0)
				break; // an empty line
		}
	}
	return seen;
}
