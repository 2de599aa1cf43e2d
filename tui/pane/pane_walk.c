// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_walk.h"

#include <limits.h>
#include <string.h>

#include "core/model/walk_inner.h"
#include "core/text/report.h"
#include "core/text/step_row.h"
#include "tui/pane/pane.h"
#include "tui/suggest.h"
#include "tui/walk_rows.h"

static size_t count(const struct app *app)
{
	return walk_rows_count(&app->now.walk, app->unfolded);
}

// Steps that bind does not come to. What became of them stands before their names: it has room on every screen.
static void folded_row(const struct walk *w, unsigned step, unsigned n, struct row *out)
{
	row_add(out, ROLE_DIM, "·  %u-%u not reached: ", step + 1, step + n);
	for (unsigned i = 0; i < n; i++)
		row_add(out, ROLE_DIM, i ? ", %s" : "%s", step_info(w->steps[step + i].step)->name);
}

void pane_walk_row(const struct inquiry *in, bool unfolded, unsigned row, unsigned width, bool ascii, struct row *out)
{
	const struct facts f = inquiry_facts(in);
	unsigned step = walk_rows_step(&in->walk, unfolded, row), n = walk_rows_folded(&in->walk, unfolded, row);
	if (n > 1) {
		folded_row(&in->walk, step, n, out);
		return;
	}
	report_step_wide(&f, &in->walk, step, width, out);
	step_row_fit(out, width, ascii);
}

// A step that accepts decides the walk only if none behind it refuses: that would tell what is covered.
static void undecided_row(const struct inquiry *now, unsigned step, unsigned width, bool ascii, struct row *out)
{
	struct inquiry in = *now;
	if (finding_info(in.walk.steps[step].finding)->outcome != REFUSES)
		in.walk.steps[step].decisive = false;
	pane_walk_row(&in, true, step, width, ascii, out); // a covered walk is not folded
}

// To a room the words are worth more than the column that says what they rest on; the last step is what bind returned.
static void stage_row(const struct inquiry *in, bool unfolded, unsigned row, unsigned width, bool ascii,
		      struct row *out)
{
	enum { ROOMY = 78 };
	struct row whole;
	row_clear(&whole);
	pane_walk_row(in, unfolded, row, width < ROOMY ? UINT_MAX : width, ascii, &whole);
	for (unsigned i = 0; i < whole.nspans && (width >= ROOMY || !whole.spans[i].right); i++) {
		const struct span *s = &whole.spans[i];
		if (s->right)
			row_right(out, (enum role)s->role, "%.*s", (int)s->len, whole.text + s->start);
		else
			row_add(out, (enum role)s->role, "%.*s", (int)s->len, whole.text + s->start);
	}
	step_row_fit(out, width, ascii);
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	if (cover_hides_step(&app->cover, walk_rows_step(&app->now.walk, app->unfolded, (unsigned)item)))
		cover_row(&app->now.walk, (unsigned)item, out);
	else if (app_covers(app))
		undecided_row(&app->now, (unsigned)item, width, app->ascii, out);
	else if (app_is_on_stage(app))
		stage_row(&app->now, app->unfolded, (unsigned)item, width, app->ascii, out);
	else
		pane_walk_row(&app->now, app->unfolded, (unsigned)item, width, app->ascii, out);
}

static void add_attempt(const struct inquiry *in, struct row *out)
{
	char text[ATTEMPT_TEXT], set[48];
	const struct walk *w = &in->walk;
	if (in->host->recorded)
		row_add(out, ROLE_WARN, "  %s", report_replay);
	row_add(out, ROLE_PLAIN, "  bind ");
	row_add(out, ROLE_ADDR, "%s", attempt_print(&w->attempt, text));
	for (unsigned i = 0; i < w->attempt.nsettings; i++)
		row_add(out, ROLE_VALUE, " %s", setting_print(&w->attempt.settings[i], set));
	if (in->caller.unprivileged)
		row_add(out, ROLE_VALUE, " %s", unprivileged_name(in->caller.unprivileged));
}

// The attempt, and the evidence that the screen rests on.
static void add_walk(const struct inquiry *in, struct row *out)
{
	const struct walk *w = &in->walk;
	if (w->nsteps == 0)
		return;
	add_attempt(in, out);
	const char *hook = inner_hook_name(walk_inner_hook(w, NULL));
	switch (w->agreement) {
	case NOT_TRIED:
		row_right(out, ROLE_MODEL, "predicted");
		break;
	case AGREES:
		row_right(out, ROLE_SYSCALL, "%s ", mark_info(MARK_PREDICTED)->text);
		row_right(out, report_outcome_role(w), w->observed.err ? "refused" : "bound");
		row_right(out, ROLE_SYSCALL, " (%s), as predicted", report_when(in->host));
		break;
	case OPEN:
		row_right(out, ROLE_WARN, "%s (%s)", w->observed.err ? "refused" : "bound", report_when(in->host));
		break;
	case CHANGED:
		row_right(out, ROLE_WARN, "%s",
			  w->code == CODE_CHANGED_SINCE ? "the host may have changed" : "the host kept changing");
		break;
	case HOOK:
		row_right(out, ROLE_WARN, "%s interfered", hook ? hook : "a hook");
		break;
	case DISAGREES:
		row_right(out, ROLE_WARN, "MODEL AND KERNEL DISAGREE");
		break;
	}
}

static void heading(const struct app *app, struct row *out)
{
	char state[64];
	if (app_covers(app)) {
		add_attempt(&app->now, out);
		row_right(out, ROLE_WARN, "%s", cover_state(&app->cover, &app->now.walk, state, sizeof state));
	} else {
		add_walk(&app->now, out);
	}
}

const struct pane_ops pane_walk = {
	.heading = heading,
	.count = count,
	.row = row,
	.insert = suggest_route,
};
