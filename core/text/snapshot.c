// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/snapshot.h"

#include <string.h>

#include "core/text/report.h"

void snapshot_take(struct snapshot *s, const struct facts *f, const struct walk *w)
{
	s->walk = *w;
	s->unprivileged = f->caller->unprivileged;
	s->recorded = f->host->recorded;
	row_clear(&s->verdict);
	if (w->nsteps)
		report_verdict(f, w, &s->verdict);
	for (unsigned i = 0; i < w->nsteps; i++)
		report_step(f, w, i, &s->steps[i]);
}

static bool same_answer(const struct snapshot *a, const struct snapshot *b, unsigned i)
{
	size_t from, to, from_b, to_b;
	snapshot_answer(a, i, &from, &to);
	snapshot_answer(b, i, &from_b, &to_b);
	// The result of a real bind names the port that the kernel chose, and only a witness sees what hooks answer.
	return a->walk.steps[i].step == STEP_RESULT || a->walk.steps[i].step == STEP_HOOKS ||
	       (to - from == to_b - from_b &&
		memcmp(a->steps[i].text + from, b->steps[i].text + from_b, to - from) == 0);
}

bool snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	if (a->walk.nsteps != b->walk.nsteps || a->unprivileged != b->unprivileged ||
	    !attempt_equal(&a->walk.attempt, &b->walk.attempt) || a->walk.predicted.err != b->walk.predicted.err)
		return false;
	for (unsigned i = 0; i < a->walk.nsteps; i++)
		if (a->walk.steps[i].step != b->walk.steps[i].step ||
		    a->walk.steps[i].finding != b->walk.steps[i].finding || !same_answer(a, b, i))
			return false;
	return true;
}

void snapshot_attempt(const struct snapshot *s, enum role role, struct row *out)
{
	char text[ATTEMPT_TEXT], set[48];
	const struct attempt *a = &s->walk.attempt;
	row_add(out, role, "%s", attempt_print(a, text));
	for (unsigned i = 0; i < a->nsettings; i++)
		row_add(out, ROLE_VALUE, " %s", setting_print(&a->settings[i], set));
	if (s->unprivileged)
		row_add(out, ROLE_VALUE, " %s", unprivileged_name(s->unprivileged));
}

void snapshot_outcome(const struct snapshot *s, struct row *out)
{
	const struct walk *w = &s->walk;
	int err = walk_errno(w);
	bool open = !w->predicted.certain && !w->observed.present;
	const char *end = err ? errno_name(err) : w->observed.present ? "bound" : "binds";
	row_add(out, ROLE_DIM, !w->observed.present ? "predicted: " : s->recorded ? "recorded: " : "live: ");
	row_add(out, err ? ROLE_FAIL : ROLE_OK, "%s", end);
	if (open)
		row_add(out, ROLE_WARN, " (not certain)");
	if (w->agreement == DISAGREES)
		row_add(out, ROLE_WARN, ", not as predicted");
}

void snapshot_answer(const struct snapshot *s, unsigned i, size_t *from, size_t *to)
{
	enum { BEFORE = 3 }; // mark, number, name: see report_step()
	const struct row *r = &s->steps[i];
	unsigned last = r->nspans;
	while (last > 0 && r->spans[last - 1].right)
		last--;
	*to = last < r->nspans ? r->spans[last].start : r->used;
	*from = BEFORE < last ? r->spans[BEFORE].start : *to;
}

void snapshot_evidence(const struct snapshot *s, unsigned i, size_t *from, size_t *to)
{
	const struct row *r = &s->steps[i];
	unsigned first = 0;
	while (first < r->nspans && !r->spans[first].right)
		first++;
	*to = r->used;
	*from = first < r->nspans ? r->spans[first].start : r->used;
	*from += r->text[*from] == ' ';
}
