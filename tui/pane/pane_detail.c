// SPDX-License-Identifier: GPL-3.0-or-later
// The selected step in full: its question, its inputs, the evidence, the paragraph for learners, and, where the walk
// ends in a refusal, what would turn it round.
#include "tui/pane/pane_detail.h"

#include <stdlib.h>

#include "core/command/help_topic_text.h"
#include "core/text/markup.h"
#include "tui/bind_item.h"
#include "tui/compare.h"
#include "tui/lesson_ask.h"
#include "tui/pane/pane.h"
#include "tui/pane/step_text.h"

// False: there is no step.
static bool text_of(const struct app *app, struct step_text *out)
{
	*out = (struct step_text){0};
	out->in = compare_explained(app, &out->step);
	if (!out->in)
		return false;
	bool present = out->in == &app->now;
	out->hidden = present ? cover_hides_step(&app->cover, out->step) : app_covers(app);
	// At the step that refused, and at the result.
	if (present && app->tells_remedies && !(app_plays(app) && lesson_keeps_remedies(app)) &&
	    (out->step == app->now.walk.decisive || out->step + 1 == app->now.walk.nsteps)) {
		out->remedies = app->remedies;
		out->nremedies = app->nremedies;
	}
	if (out->in == app->opened.walk && bind_item_has_remedies(app) &&
	    (out->step == out->in->walk.decisive || out->step + 1 == out->in->walk.nsteps)) {
		out->remedies = app->opened.remedies;
		out->nremedies = app->opened.nremedies;
	}
	return true;
}

bool pane_detail_tells_remedies(const struct app *app)
{
	struct step_text t;
	return text_of(app, &t) && t.remedies;
}

size_t pane_detail_topic(const char *topic, size_t n, unsigned width, struct row *out)
{
	enum { HEAD = 2 };
	struct entry e = {0};
	char *text = entry_find(topic, &e) ? entry_own_text(&e) : NULL;
	size_t lines = text ? HEAD + markup_lines(text, width) : 0;
	if (text && n == HEAD - 1)
		row_add(out, ROLE_TITLE, "help %s", topic);
	else if (text && n >= HEAD)
		markup_line(text, width, n - HEAD, out);
	free(text);
	return lines;
}

// A large screen has room for what the help says about the verdict's subject.
static size_t more(const struct app *app, size_t n, unsigned width, struct row *out)
{
	if (!app_is_huge(app) || app_covers(app))
		return 0;
	return pane_detail_topic(code_info(app->now.walk.code)->topic, n, width, out);
}

static size_t count(const struct app *app)
{
	unsigned width = pane_width(app, PANE_DETAIL);
	struct step_text t;
	struct row r;
	if (!app->now.host || app->now.walk.nsteps == 0 || width < 20 || !text_of(app, &t))
		return 0;
	return step_text_line(&t, SIZE_MAX, width, &r) + more(app, 0, width, &r);
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	struct step_text t;
	if (!text_of(app, &t))
		return;
	size_t own = step_text_line(&t, item, width, out);
	if (own <= item) {
		row_clear(out);
		more(app, item - own, width, out);
	}
}

static void heading(const struct app *app, struct row *out)
{
	unsigned step;
	const struct inquiry *in = compare_explained(app, &step);
	char text[ATTEMPT_TEXT];
	if (in)
		row_add(out, ROLE_PLAIN, " %u of %u · %s", step + 1, in->walk.nsteps,
			step_info(in->walk.steps[step].step)->name);
	if (in && app_explained_pane(app) == PANE_OTHER)
		row_add(out, ROLE_DIM, " of %s", attempt_print(&in->walk.attempt, text));
	if (app->layout.pane[app_explained_pane(app)].h == 0)
		row_right(out, ROLE_DIM, "n/p step, Esc back");
}

// What a command showed stands in the same place.

static size_t shown_count(const struct app *app)
{
	return app->output.shown ? app->output.n : count(app);
}

static void shown_row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	if (!app->output.shown)
		row(app, item, width, out);
	else if (item < app->output.n)
		*out = app->output.rows[item];
}

static void shown_heading(const struct app *app, struct row *out)
{
	if (!app->output.shown) {
		heading(app, out);
		return;
	}
	row_add(out, ROLE_PLAIN, " %s", app->output.title);
	if (app->layout.pane[PANE_WALK].h == 0)
		row_right(out, ROLE_DIM, "Esc back");
}

const struct pane_ops pane_detail = {
	.heading = shown_heading,
	.count = shown_count,
	.row = shown_row,
};
