// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/panes.h"

#include <stdio.h>
#include <string.h>

#include "core/text/width.h"
#include "tui/pane/pane_detail.h"
#include "tui/pane/pane_events.h"
#include "tui/pane/pane_help.h"
#include "tui/pane/pane_links.h"
#include "tui/pane/pane_matrix.h"
#include "tui/pane/pane_other.h"
#include "tui/pane/pane_palette.h"
#include "tui/pane/pane_routes.h"
#include "tui/pane/pane_socket.h"
#include "tui/pane/pane_sockets.h"
#include "tui/pane/pane_walk.h"

static const struct pane_ops *const panes[PANE_COUNT] = {
	[PANE_LINKS] = &pane_links,     [PANE_ROUTES] = &pane_routes, [PANE_SOCKET] = &pane_socket,
	[PANE_WALK] = &pane_walk,       [PANE_OTHER] = &pane_other,   [PANE_MATRIX] = &pane_matrix,
	[PANE_SOCKETS] = &pane_sockets, [PANE_EVENTS] = &pane_events, [PANE_DETAIL] = &pane_detail,
	[PANE_PALETTE] = &pane_palette, [PANE_HELP] = &pane_help,
};

const struct pane_ops *pane_ops(enum pane_id pane)
{
	return panes[pane];
}

bool pane_tells(enum pane_id pane)
{
	return pane == PANE_OTHER || pane == PANE_MATRIX || pane == PANE_EVENTS;
}

// What tells how the bind ends, or may end, is empty while that is covered.
static size_t count(const struct app *app, enum pane_id pane)
{
	return pane_tells(pane) && app_covers(app) ? 0 : panes[pane]->count(app);
}

unsigned pane_pointed(const struct app *app, enum pane_id pane, size_t out[static STEP_INPUTS])
{
	const struct walk_step *s = app_step(app);
	unsigned n = 0;
	if (!s || !panes[pane]->find || cover_hides_step(&app->cover, app_step_index(app)))
		return 0;
	for (unsigned i = 0; i < s->ninputs; i++) {
		size_t item = panes[pane]->find(app, &s->inputs[i]);
		if (item != SIZE_MAX)
			out[n++] = item;
	}
	return n;
}

struct matching {
	const struct app *app;
	enum pane_id pane;
};

static bool matches(const void *data, size_t item, const char *text)
{
	const struct matching *m = data;
	const struct pane_ops *ops = panes[m->pane];
	if (ops->matches)
		return ops->matches(m->app, item, text);
	struct row r;
	row_clear(&r);
	ops->row(m->app, item, 200, &r);
	return pane_text_has(r.text, text);
}

void pane_update(struct app *app, enum pane_id pane)
{
	struct matching m = {app, pane};
	if (panes[pane]->prepare && app->lists[pane].filter[0])
		panes[pane]->prepare(app, app->lists[pane].filter);
	list_update(&app->lists[pane], count(app, pane), matches, &m);
}

int pane_match_items(struct app *app, enum pane_id pane, size_t first, size_t end)
{
	struct matching m = {app, pane};
	struct list *l = &app->lists[pane];
	int err = 0;
	for (size_t item = first; l->filter[0] && item < end && !err; item++)
		err = list_set_match(l, item, matches(&m, item, l->filter));
	return err;
}

void pane_filter(struct app *app, enum pane_id pane, const char *text)
{
	struct matching m = {app, pane};
	if (panes[pane]->prepare && text[0])
		panes[pane]->prepare(app, text);
	list_set_filter(&app->lists[pane], text, count(app, pane), matches, &m);
}

void pane_title(const struct app *app, enum pane_id pane, struct row *out)
{
	const struct list *l = &app->lists[pane];
	row_clear(out);
	const char *title = pane == PANE_DETAIL && app->output.shown ? "Output:" : pane_heading(pane);
	if (l->filter[0] || (app->mode == MODE_FILTER && app->focus == pane)) {
		char found[48];
		snprintf(found, sizeof found, " %zu of %zu", l->count, count(app, pane));
		// The pane's own name is the first that can be missed.
		unsigned need =
			width_text(l->filter, strlen(l->filter)) + (unsigned)(strlen(title) + strlen(found)) + 2;
		if (need <= pane_width(app, pane))
			row_add(out, ROLE_TITLE, "%s ", title);
		row_add(out, ROLE_KEY, "/%s", l->filter);
		row_add(out, ROLE_DIM, "%s", found);
		return;
	}
	row_add(out, ROLE_TITLE, "%s", title);
	if (pane_tells(pane) && app_covers(app))
		row_right(out, ROLE_WARN, "covered");
	else if (panes[pane]->heading)
		panes[pane]->heading(app, out);
}
