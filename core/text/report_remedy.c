// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_remedy.h"

#include <string.h>

// Counts lines down to the one that is wanted.
struct lines {
	unsigned wanted;
	struct row *out;
	bool done;
};

static bool line(struct lines *l, const char *label)
{
	if (l->done || l->wanted-- > 0)
		return false;
	l->done = true;
	row_clear(l->out);
	l->out->hanging = REMEDY_INDENT;
	row_add(l->out, ROLE_LABEL, "%-*s", REMEDY_INDENT, label);
	return true;
}

static bool has_spelling(const struct remedy *r)
{
	char text[SPELLING_TEXT];
	for (int p = 0; p < PROGRAM_COUNT; p++)
		if (program_spelling_listed((enum program)p, &r->spelling, text))
			return true;
	return false;
}

// With the remedy's number, 0 for none.
static void spelling_line(struct lines *l, const struct remedy *r, const char *label, unsigned number)
{
	char text[SPELLING_TEXT];
	bool first = true;
	if (!has_spelling(r) || !line(l, label))
		return;
	if (number)
		row_add(l->out, ROLE_KEY, "%u ", number);
	for (int p = 0; p < PROGRAM_COUNT; p++) {
		if (!program_spelling_listed((enum program)p, &r->spelling, text))
			continue;
		row_add(l->out, ROLE_DIM, "%s%s: ", first ? "" : "; ", program_name((enum program)p));
		row_add(l->out, ROLE_VALUE, "%s", text);
		first = false;
	}
}

static void change_lines(struct lines *l, const struct remedy *r, unsigned number, bool numbered)
{
	// How programs spell a remedy concerns everyone; how to keep a change concerns only those who make it.
	bool next_time = r->kind == REMEDY_WAIT || r->kind == REMEDY_OTHER;
	if (line(l, number > 1 ? "" : "remedy")) {
		if (numbered)
			row_add(l->out, ROLE_KEY, "%u ", number);
		row_add(l->out, ROLE_KEY, "%s", r->change);
		row_add(l->out, ROLE_DIM, "  (%s%s)", remedy_price_short(r), r->verified ? "" : "; may be enough");
	}
	if (next_time && r->keep[0] && line(l, " next"))
		row_add(l->out, ROLE_DIM, "%s", r->keep);
}

static void lasting_lines(struct lines *l, const struct remedy *r, unsigned number)
{
	bool next_time = r->kind == REMEDY_WAIT || r->kind == REMEDY_OTHER;
	if (!next_time && r->keep[0] && line(l, " keep")) {
		row_add(l->out, ROLE_KEY, "%u ", number);
		row_add(l->out, ROLE_DIM, "%s", r->keep);
	}
	spelling_line(l, r, " in", number);
}

static bool leaves_the_same(const struct remedy *a, const struct remedy *b)
{
	return b->then.remains && strcmp(a->then.sentence, b->then.sentence) == 0;
}

bool report_remedy(const struct walk *w, const struct remedy *all, unsigned count, enum remedy_part part, unsigned n,
		   struct row *out)
{
	struct lines l = {.wanted = n, .out = out};
	const char *none = count || part == REMEDY_LASTING ? NULL : remedy_none(w);
	const struct remedy *spelled = NULL;
	for (unsigned i = 0; i < count; i++) {
		const struct remedy *r = &all[i];
		bool ends = i + 1 == count || !leaves_the_same(r, &all[i + 1]);
		if (part == REMEDY_LASTING) {
			lasting_lines(&l, r, i + 1);
			continue;
		}
		change_lines(&l, r, i + 1, part == REMEDY_NUMBERED);
		if (r->then.remains && ends && line(&l, " then"))
			row_add(out, ROLE_WARN, "%s: %s", errno_name(r->then.err), r->then.sentence);
		if (!spelled && r->verified && has_spelling(r))
			spelled = r;
	}
	if (part == REMEDY_TEXT && spelled)
		spelling_line(&l, spelled, "config", 0);
	if (none && line(&l, "remedy"))
		row_add(out, ROLE_DIM, "none: %s", none);
	return l.done;
}
