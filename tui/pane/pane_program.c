// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_program.h"

#include <string.h>

#include "core/text/visible.h"
#include "core/text/width.h"
#include "tui/trace_text.h"

// One line of text, wrapped, as it can be shown.
struct lines {
	char text[TAIL_TEXT * (VISIBLE_MOST - 1)];
	enum role role;
};

// The n-th one: the state is the last. False behind it.
static bool take(const struct app *app, uint64_t n, struct lines *out)
{
	const struct traced_lines *t = app->traced.lines;
	uint64_t kept = !t ? 0 : t->ever < TRACED_LINES ? t->ever : TRACED_LINES;
	char state[TRACE_TEXT];
	if (n > kept)
		return false;
	if (n == kept) {
		trace_text_end(app, state);
		out->role = app->traced.status.why[0] ? ROLE_FAIL : ROLE_LABEL;
		visible_copy(state, out->text, sizeof out->text);
		return state[0];
	}
	const struct traced_line *l = &t->at[(t->ever - kept + n) % TRACED_LINES];
	out->role = l->note ? ROLE_WARN : ROLE_PLAIN;
	visible_copy(l->text, out->text, sizeof out->text);
	return true;
}

// Part n of all; returns how many there are, up to it.
static size_t part(const struct app *app, size_t n, unsigned width, struct row *out)
{
	struct lines l;
	size_t at = 0, next;
	for (uint64_t i = 0; width && at <= n && take(app, i, &l); i++)
		for (const char *text = l.text; *text && at <= n; text += next, at++) {
			size_t end = width_wrap(text, strlen(text), width, &next);
			if (at == n)
				row_add(out, l.role, "%.*s", (int)end, text);
		}
	return at;
}

static size_t count(const struct app *app)
{
	struct row unused;
	return part(app, SIZE_MAX, pane_width(app, PANE_PROGRAM), &unused);
}

// Items are wrapped to the pane's width, also where a filter asks for wider ones.
static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	unsigned own = pane_width(app, PANE_PROGRAM);
	part(app, item, own ? own : width, out);
}

const struct pane_ops pane_program = {
	.heading = trace_text_program,
	.count = count,
	.row = row,
};
