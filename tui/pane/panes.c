// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/panes.h"

#include <stdio.h>
#include <string.h>

#include "core/text/report.h"
#include "core/text/width.h"
#include "tui/compare.h"
#include "tui/pane/pane_binds.h"
#include "tui/pane/pane_detail.h"
#include "tui/pane/pane_events.h"
#include "tui/pane/pane_help.h"
#include "tui/pane/pane_keys.h"
#include "tui/pane/pane_lesson.h"
#include "tui/pane/pane_links.h"
#include "tui/pane/pane_matrix.h"
#include "tui/pane/pane_other.h"
#include "tui/pane/pane_palette.h"
#include "tui/pane/pane_program.h"
#include "tui/pane/pane_routes.h"
#include "tui/pane/pane_socket.h"
#include "tui/pane/pane_sockets.h"
#include "tui/pane/pane_walk.h"

enum { HEADING = 18 }; // columns that a pane's own part of the heading may take

static const struct pane_ops *const panes[PANE_COUNT] = {
	[PANE_LINKS] = &pane_links,     [PANE_ROUTES] = &pane_routes, [PANE_SOCKET] = &pane_socket,
	[PANE_WALK] = &pane_walk,       [PANE_OTHER] = &pane_other,   [PANE_MATRIX] = &pane_matrix,
	[PANE_SOCKETS] = &pane_sockets, [PANE_EVENTS] = &pane_events, [PANE_DETAIL] = &pane_detail,
	[PANE_BINDS] = &pane_binds,     [PANE_LESSON] = &pane_lesson, [PANE_KEYS] = &pane_keys,
	[PANE_PALETTE] = &pane_palette, [PANE_HELP] = &pane_help,     [PANE_PROGRAM] = &pane_program,
};

const struct pane_ops *pane_ops(enum pane_id pane)
{
	return panes[pane];
}

bool pane_tells(enum pane_id pane)
{
	return pane == PANE_OTHER || pane == PANE_MATRIX || pane == PANE_EVENTS || pane == PANE_BINDS;
}

// Panes that show how the bind ends are empty while that is covered.
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

bool pane_is_pointed(size_t item, const size_t *pointed, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (pointed[i] == item)
			return true;
	return false;
}

char pane_mark(const struct app *app, enum pane_id pane, size_t item)
{
	const struct pane_ops *ops = panes[pane];
	if (ops->changed)
		return ops->changed(app, item);
	if (!ops->object || !app->changed.nmarks)
		return ' ';
	const struct identity id = identity_of(app->now.host, ops->object(app, item));
	return id.kind == REF_NONE ? ' ' : changed_mark(&app->changed, &id);
}

size_t pane_changed(const struct app *app, enum pane_id pane)
{
	const struct pane_ops *ops = panes[pane];
	struct input in = {0};
	size_t newest = SIZE_MAX;
	unsigned batch = 0;
	for (size_t i = 0; ops->find && i < app->changed.nmarks; i++) {
		if (app->changed.mark[i].batch <= batch ||
		    !identity_find(app->now.host, &app->changed.mark[i].id, &in.ref))
			continue;
		size_t item = ops->find(app, &in);
		if (item == SIZE_MAX)
			continue;
		newest = item;
		batch = app->changed.mark[i].batch;
	}
	if (newest != SIZE_MAX)
		return newest;
	for (size_t i = 0; ops->changed && i < ops->count(app); i++)
		if (ops->changed(app, i) != ' ')
			return i;
	return SIZE_MAX;
}

// What picks a pane's lines. The selected step's are never hidden.
struct matching {
	const struct app *app;
	enum pane_id pane;
	struct match_words words;
	bool hides_link_local;
	size_t pointed[STEP_INPUTS];
	unsigned npointed;
};

static bool line_matches(const struct matching *m, size_t item)
{
	const struct pane_ops *ops = panes[m->pane];
	struct row r;
	char ascii[REPORT_ASCII];
	const unsigned all = match_all(&m->words);
	row_clear(&r);
	ops->row(m->app, item, 200, &r);
	if (match_found(&m->words, r.text) == all)
		return true;
	if (m->app->ascii && match_found(&m->words, report_ascii(r.text, ascii, sizeof ascii)) == all)
		return true; // as it is drawn
	row_clear(&r);
	if (ops->also)
		ops->also(m->app, item, &r);
	return r.used && match_found(&m->words, r.text) == all;
}

static bool matches(const void *data, size_t item, const char *text)
{
	const struct matching *m = data;
	const struct pane_ops *ops = panes[m->pane];
	(void)text;
	if (m->hides_link_local && ops->link_local(m->app, item) && !pane_is_pointed(item, m->pointed, m->npointed))
		return false;
	if (ops->left_out && ops->left_out(m->app, item))
		return false;
	if (m->words.n == 0)
		return true;
	return ops->matches ? ops->matches(m->app, item, &m->words) : line_matches(m, item);
}

static void sort(const void *data, uint32_t *items, size_t n)
{
	const struct matching *m = data;
	panes[m->pane]->sort(m->app, m->app->picking.order[m->pane], items, n);
}

// Gets ready to pick lines by this text.
static struct matching matching_of(struct app *app, enum pane_id pane, const char *text)
{
	struct matching m = {.app = app, .pane = pane};
	struct list *l = &app->lists[pane];
	const struct pane_ops *ops = panes[pane];
	match_split(text, &m.words);
	m.hides_link_local = app->picking.hides_link_local && ops->link_local;
	l->hides = m.hides_link_local || ops->left_out;
	l->sort = app->picking.order[pane] && app->now.host ? sort : NULL;
	if (m.hides_link_local)
		m.npointed = pane_pointed(app, pane, m.pointed);
	return m;
}

static void prepare(struct app *app, const struct matching *m)
{
	if (panes[m->pane]->prepare && m->words.n)
		panes[m->pane]->prepare(app, &m->words);
}

void pane_prepare(struct app *app, enum pane_id pane)
{
	struct matching m = matching_of(app, pane, app->lists[pane].filter);
	prepare(app, &m);
}

void pane_update(struct app *app, enum pane_id pane)
{
	struct matching m = matching_of(app, pane, app->lists[pane].filter);
	prepare(app, &m);
	list_update(&app->lists[pane], count(app, pane), matches, &m);
}

void pane_pick_again(struct app *app, enum pane_id pane)
{
	struct list *l = &app->lists[pane];
	size_t item = l->count ? list_item(l, l->selected) : SIZE_MAX, below = l->selected - l->top;
	pane_update(app, pane);
	size_t line = item == SIZE_MAX ? SIZE_MAX : list_line(l, item);
	if (line == SIZE_MAX)
		line = l->selected;
	l->top = line > below ? line - below : 0;
	list_select(l, line);
	list_resize(l, l->height);
}

void pane_show_pointed(struct app *app, enum pane_id pane)
{
	bool *points_out = &app->picking.points_out[pane], now = false;
	size_t item[STEP_INPUTS];
	bool hides = app->lists[pane].hides && panes[pane]->link_local;
	unsigned n = hides ? pane_pointed(app, pane, item) : 0;
	for (unsigned i = 0; i < n; i++)
		now |= panes[pane]->link_local(app, item[i]);
	if (now || *points_out)
		pane_pick_again(app, pane);
	*points_out = now;
}

int pane_match_items(struct app *app, enum pane_id pane, size_t first, size_t end)
{
	struct list *l = &app->lists[pane];
	struct matching m = matching_of(app, pane, l->filter);
	int err = 0;
	for (size_t item = first; l->match && item < end && !err; item++)
		err = list_set_match(l, item, matches(&m, item, l->filter));
	return err;
}

void pane_filter(struct app *app, enum pane_id pane, const char *text)
{
	struct matching m = matching_of(app, pane, text);
	prepare(app, &m);
	list_set_filter(&app->lists[pane], text, count(app, pane), matches, &m);
}

bool pane_picks(enum pane_id pane)
{
	return pane != PANE_DETAIL && pane != PANE_HELP && pane != PANE_PALETTE && pane != PANE_MATRIX &&
	       pane != PANE_KEYS && pane != PANE_LESSON;
}

size_t pane_matches(const struct app *app)
{
	size_t n = 0;
	for (int p = 0; p < PANE_COUNT; p++)
		if (app->picking.all ? pane_picks((enum pane_id)p) : p == (int)app->focus)
			n += app->lists[p].count;
	return n;
}

// How the lines were picked: "by name", "12 hidden".
static void add_picked(const struct app *app, enum pane_id pane, const char *by, const char *before,
		       const char *between, struct row *out)
{
	const struct list *l = &app->lists[pane];
	size_t all = panes[pane]->count(app);
	unsigned order = app->picking.order[pane];
	if (order)
		row_add(out, ROLE_VALUE, "%s%s%s", before, by, panes[pane]->orders[order]);
	if (l->hides && all > l->count && !l->filter[0])
		row_add(out, ROLE_VALUE, "%s%zu hidden", order ? between : before, all - l->count);
}

static void add_count(const struct app *app, enum pane_id pane, struct row *out)
{
	if (pane == PANE_LINKS || pane == PANE_ROUTES)
		changed_count(&app->changed, pane == PANE_LINKS ? CHANGED_LINKS : CHANGED_ROUTES, out);
}

void pane_title(const struct app *app, enum pane_id pane, struct row *out)
{
	const struct list *l = &app->lists[pane];
	row_clear(out);
	const char *title = pane == PANE_DETAIL && app->output.shown ? "Output:"
			    : pane == PANE_OTHER                     ? compare_heading(app)
								     : pane_heading(pane);
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
		add_count(app, pane, out);
		if (panes[pane]->warning)
			panes[pane]->warning(app, out);
		return;
	}
	row_add(out, ROLE_TITLE, "%s", title);
	if (pane_tells(pane) && app_covers(app)) {
		row_right(out, ROLE_WARN, "covered");
		return;
	}
	add_picked(app, pane, "by ", " · ", " · ", out);
	unsigned used = width_text(out->text, out->used);
	if (out->nspans > 1 && used > pane_width(app, pane)) { // a pane is known by what it lists
		row_clear(out);
		add_picked(app, pane, "", "", ", ", out);
	}
	bool picked = out->nspans > 1;
	add_count(app, pane, out);
	if (panes[pane]->heading && (!picked || used + HEADING <= pane_width(app, pane)))
		panes[pane]->heading(app, out);
}
