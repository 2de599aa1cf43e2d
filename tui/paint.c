// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/paint.h"

#include <string.h>
#include <wchar.h>

#include "core/text/report.h"
#include "core/text/width.h"
#include "tui/compare.h"
#include "tui/frame.h"
#include "tui/frame_title.h"
#include "tui/pane/pane.h"
#include "tui/pane/panes.h"

// Where the next text goes, and where it must end.
struct pen {
	const struct terminal *term;
	int x, end; // columns
	enum surface surface;
};

// The text drawn where only ASCII works: an ellipsis keeps its one column, because texts are cut to fit with it.
static char *to_ascii(const char *text, size_t len, char *buf, size_t size)
{
	static const char dots[] = "…";
	char part[ROW_TEXT + 1];
	size_t used = 0;
	for (size_t at = 0; at < len && used < ROW_TEXT;) {
		bool ellipsis = len - at >= sizeof dots - 1 && memcmp(text + at, dots, sizeof dots - 1) == 0;
		part[used++] = ellipsis ? '~' : text[at];
		at += ellipsis ? sizeof dots - 1 : 1;
	}
	part[used] = '\0';
	return report_ascii(part, buf, size);
}

// At most `end` columns; returns false when something was cut.
static bool put(struct pen *p, unsigned role, const char *text, size_t len)
{
	char ascii[REPORT_ASCII];
	if (len > ROW_TEXT)
		len = ROW_TEXT;
	if (p->term->ascii) {
		text = to_ascii(text, len, ascii, sizeof ascii);
		len = strlen(text);
	}
	unsigned used = 0;
	size_t fits = p->end > p->x ? width_clip(text, len, (unsigned)(p->end - p->x), &used) : 0;
	wchar_t wide[REPORT_ASCII];
	int n = 0;
	for (size_t at = 0; at < fits;) {
		uint32_t c;
		at += width_decode(text + at, fits - at, &c);
		// In the place of one that no font is known to have, as width_char() counts it: curses draws a blank.
		wide[n++] = wcwidth((wchar_t)c) < 0 ? 0xfffd : (wchar_t)c;
	}
	term_look(p->term, role, p->surface);
	addnwstr(wide, n);
	p->x += (int)used;
	return fits == len;
}

static void put_text(struct pen *p, unsigned role, const char *text)
{
	put(p, role, text, strlen(text));
}

static void fill(struct pen *p, unsigned role, int end)
{
	for (term_look(p->term, role, p->surface); p->x < end; p->x++)
		addch(' ');
}

static unsigned span_width(const struct terminal *t, const struct row *r, const struct span *s)
{
	char ascii[REPORT_ASCII];
	if (!t->ascii)
		return width_text(r->text + s->start, s->len);
	return (unsigned)strlen(to_ascii(r->text + s->start, s->len, ascii, sizeof ascii));
}

// A row over the columns up to `end`: left spans, blanks, right spans. What does not fit on the left ends in an
// ellipsis; right spans go when they would leave the left too little.
static void put_row(struct pen *p, const struct row *r, int end, unsigned blank_role)
{
	enum { LEAST_LEFT = 12 };
	unsigned left = 0, right = 0, first_right = r->nspans;
	for (unsigned i = 0; i < r->nspans; i++) {
		if (r->spans[i].right && first_right == r->nspans)
			first_right = i;
		if (i < first_right)
			left += span_width(p->term, r, &r->spans[i]);
		else
			right += span_width(p->term, r, &r->spans[i]);
	}
	int room = end - p->x;
	if (right && (int)right + (left < LEAST_LEFT ? (int)left : LEAST_LEFT) + 1 > room)
		right = 0;
	int left_end = right ? end - (int)right - 1 : end;
	bool cut = p->x + (int)left > left_end;
	p->end = cut ? left_end - 1 : left_end;
	unsigned last = ROLE_PLAIN;
	for (unsigned i = 0; i < first_right; i++) {
		last = r->spans[i].role;
		if (!put(p, last, r->text + r->spans[i].start, r->spans[i].len))
			break;
	}
	p->end = left_end;
	if (cut)
		put_text(p, last, "…");
	fill(p, blank_role, right ? end - (int)right : end);
	p->end = end;
	for (unsigned i = first_right; right && i < r->nspans; i++)
		put(p, r->spans[i].role, r->text + r->spans[i].start, r->spans[i].len);
	fill(p, blank_role, end);
}

static void bar(const struct terminal *t, const struct rect *r, const struct row *row, enum surface surface)
{
	struct pen p = {.term = t, .x = r->x, .surface = surface};
	move(r->y, r->x);
	put_row(&p, row, r->x + r->w, surface == SURFACE_BAR ? (unsigned)UI_BAR : ROLE_PLAIN);
}

static void bars(const struct terminal *t, const struct rect *r, const struct row *rows)
{
	for (int i = 0; i < r->h; i++)
		bar(t, &(struct rect){r->y + i, r->x, 1, r->w}, &rows[i], SURFACE_PLAIN);
}

struct box {
	const char *top_left, *top_right, *bottom_left, *bottom_right, *across, *down;
};

static const struct box boxes[2] = {{"┌", "┐", "└", "┘", "─", "│"}, {"+", "+", "+", "+", "-", "|"}};

static void repeat(struct pen *p, unsigned role, const char *text, int end)
{
	while (p->x < end) {
		p->end = end;
		put_text(p, role, text);
	}
}

// The upper border with the title in it, and what stands at the title's right.
static void top_border(const struct terminal *t, const struct rect *r, const struct row *title, bool focused)
{
	const struct box *b = &boxes[t->ascii];
	unsigned border = focused ? UI_BORDER_FOCUS : UI_BORDER;
	struct pen p = {.term = t, .x = r->x, .end = r->x + r->w};
	struct row left, right;
	row_clear(&left);
	row_clear(&right);
	for (unsigned i = 0; i < title->nspans; i++) {
		const struct span *s = &title->spans[i];
		unsigned role = s->role == ROLE_TITLE && focused ? UI_BORDER_FOCUS : s->role;
		row_add(s->right ? &right : &left, (enum role)role, "%.*s", (int)s->len, title->text + s->start);
	}
	move(r->y, r->x);
	put_text(&p, border, b->top_left);
	put_text(&p, border, " ");
	unsigned lw = 0, rw = 0;
	for (unsigned i = 0; i < left.nspans; i++)
		lw += span_width(t, &left, &left.spans[i]);
	for (unsigned i = 0; i < right.nspans; i++)
		rw += span_width(t, &right, &right.spans[i]);
	int inner_end = r->x + r->w - 2;
	if (rw && (int)(lw + rw) + 6 > r->w)
		rw = 0;
	int left_end = rw ? inner_end - (int)rw - 3 : inner_end - 1;
	int shown_end = p.x + (int)lw < left_end ? p.x + (int)lw : left_end;
	put_row(&p, &left, shown_end, border);
	p.end = r->x + r->w;
	put_text(&p, border, " ");
	repeat(&p, border, b->across, rw ? inner_end - (int)rw - 1 : inner_end + 1);
	if (rw) {
		p.end = r->x + r->w;
		put_text(&p, border, " ");
		put_row(&p, &right, p.x + (int)rw, border);
		p.end = r->x + r->w;
		put_text(&p, border, " ");
		repeat(&p, border, b->across, r->x + r->w - 1);
	}
	p.end = r->x + r->w;
	put_text(&p, border, b->top_right);
}

static void bottom_border(const struct terminal *t, const struct rect *r, const struct list *l, bool focused)
{
	const struct box *b = &boxes[t->ascii];
	unsigned border = focused ? UI_BORDER_FOCUS : UI_BORDER;
	struct pen p = {.term = t, .x = r->x, .end = r->x + r->w};
	struct row more;
	row_clear(&more);
	// Says that there is more than what is seen: a list that seems to end would be a lie.
	if (l->count > l->height) {
		size_t end = l->top + l->height < l->count ? l->top + l->height : l->count, below = l->count - end;
		if (l->top && below)
			row_add(&more, ROLE_DIM, " %zu above, %zu below ", l->top, below);
		else if (below)
			row_add(&more, ROLE_DIM, " %zu more below ", below);
		else
			row_add(&more, ROLE_DIM, " %zu more above ", l->top);
	}
	int width = (int)width_text(more.text, more.used);
	if (width + 4 > r->w)
		width = 0;
	move(r->y + r->h - 1, r->x);
	put_text(&p, border, b->bottom_left);
	repeat(&p, border, b->across, r->x + r->w - 2 - width);
	if (width) {
		p.end = r->x + r->w - 2;
		put_text(&p, ROLE_DIM, more.text);
	}
	repeat(&p, border, b->across, r->x + r->w - 1);
	p.end = r->x + r->w;
	put_text(&p, border, b->bottom_right);
}

// A pointed line's text all looks pointed at, except what warns.
static void point_out(struct row *r)
{
	for (unsigned i = 0; i < r->nspans; i++)
		if (r->spans[i].role != ROLE_FAIL && r->spans[i].role != ROLE_WARN && r->spans[i].role != UI_MATCH)
			r->spans[i].role = ROLE_POINTED;
}

// A page of a pane that is never filtered, and so has its items as its lines.
static void make_page(const struct app *app, enum pane_id id, size_t first, struct row page[static PANE_PAGE])
{
	size_t count = app->lists[id].count, left = first < count ? count - first : 0;
	size_t n = left < PANE_PAGE ? left : PANE_PAGE;
	for (size_t i = 0; i < n; i++)
		row_clear(&page[i]);
	pane_ops(id)->rows(app, first, n, pane_width(app, id), page);
}

// One line of a pane, without its borders. `made`: its row, where it is made already.
static void line_of(const struct app *app, struct pen *p, enum pane_id id, size_t line, int end, const size_t *pointed,
		    unsigned npointed, const struct row *made)
{
	const struct list *l = &app->lists[id];
	bool text = id == PANE_DETAIL || id == PANE_HELP || id == PANE_LESSON, focused = app->focus == id;
	bool selected = !text && line == l->selected, marked = false;
	char changed[] = " ";
	struct row row;
	row_clear(&row);
	if (app->now.host && line < l->count) {
		size_t item = list_item(l, line);
		if (made)
			row = *made;
		else
			pane_ops(id)->row(app, item, pane_width(app, id), &row);
		if (l->filter[0]) {
			struct match_words words;
			match_split(l->filter, &words);
			match_mark(&words, UI_MATCH, &row);
		}
		marked = pane_is_pointed(item, pointed, npointed);
		if (marked)
			point_out(&row);
		*changed = pane_mark(app, id, item);
		if (selected && (focused || id == PANE_WALK))
			p->surface = focused ? SURFACE_SELECTED : SURFACE_MARKED;
	} else if (line == l->top && app->now.host && l->filter[0]) {
		row_add(&row, ROLE_DIM, "nothing matches");
	}
	bool here = p->surface != SURFACE_PLAIN && id == PANE_WALK;
	if (*changed != ' ')
		put_text(p, UI_CHANGED, changed);
	else if (!marked && !here && !p->term->ascii && compare_marks(app, id, line)) // in ASCII it has two columns
		put_text(p, ROLE_WARN, "≠");
	else
		put_text(p, marked || here ? ROLE_POINTED : ROLE_PLAIN, marked || here ? "▸" : " ");
	put_row(p, &row, end - 1, ROLE_PLAIN);
	fill(p, ROLE_PLAIN, end);
	p->surface = SURFACE_PLAIN;
}

static void pane(const struct app *app, const struct terminal *t, enum pane_id id)
{
	const struct rect *r = &app->layout.pane[id];
	const struct list *l = &app->lists[id];
	int border = layout_border(&app->layout, id);
	bool focused = app->focus == id;
	unsigned look = focused ? UI_BORDER_FOCUS : UI_BORDER;
	size_t pointed[STEP_INPUTS];
	unsigned npointed = app->now.host ? pane_pointed(app, id, pointed) : 0;
	bool paged = app->now.host && pane_ops(id)->rows;
	struct row title, page[PANE_PAGE];
	if (border) {
		pane_title(app, id, &title);
		top_border(t, r, &title, focused);
	}
	for (int i = 0; i < r->h - 2 * border; i++) {
		struct pen p = {.term = t, .x = r->x, .end = r->x + r->w};
		if (paged && i % PANE_PAGE == 0)
			make_page(app, id, list_at(l, (size_t)i), page);
		move(r->y + border + i, r->x);
		if (border)
			put_text(&p, look, boxes[t->ascii].down);
		line_of(app, &p, id, list_at(l, (size_t)i), r->x + r->w - border, pointed, npointed,
			paged ? &page[i % PANE_PAGE] : NULL);
		p.end = r->x + r->w;
		if (border)
			put_text(&p, look, boxes[t->ascii].down);
	}
	if (border)
		bottom_border(t, r, l, focused);
}

static void too_small(const struct app *app, const struct terminal *t)
{
	struct row row;
	for (int y = 0; y < app->rows; y++) {
		if (!frame_small(app, (unsigned)y, &row))
			row_clear(&row);
		bar(t, &(struct rect){y, 0, 1, app->cols}, &row, SURFACE_PLAIN);
	}
}

void paint(const struct app *app, struct terminal *t)
{
	const struct layout *l = &app->layout;
	struct row row, lines[VERDICT_LINES > HINT_LINES ? VERDICT_LINES : HINT_LINES];
	int cursor = -1;
	if (l->stage == STAGE_NONE) {
		too_small(app, t);
	} else {
		frame_title(app, (unsigned)l->title.w, &row);
		bar(t, &l->title, &row, SURFACE_BAR);
		for (int p = 0; p < PANE_COUNT; p++)
			if (l->pane[p].h > 0)
				pane(app, t, (enum pane_id)p);
		frame_verdict(app, (unsigned)l->verdict.w, lines);
		bars(t, &l->verdict, lines);
		frame_hint(app, (unsigned)l->hint.w, lines, &cursor);
		bars(t, &l->hint, lines);
		frame_keys(app, (unsigned)l->keys.w, &row);
		bar(t, &l->keys, &row, SURFACE_BAR);
	}
	term_set_cursor(t, cursor >= 0);
	if (cursor >= 0)
		move(l->hint.y + l->hint.h - 1, cursor < l->cols ? cursor : l->cols - 1);
	else
		move(0, 0);
	term_refresh(t);
}

void paint_rows(const struct row *rows, unsigned n, bool keys, struct terminal *t)
{
	for (unsigned y = 0; y < n; y++) {
		bool is_bar = y == 0 || (keys && y + 1 == n);
		bar(t, &(struct rect){(int)y, 0, 1, COLS}, &rows[y], is_bar ? SURFACE_BAR : SURFACE_PLAIN);
	}
	term_set_cursor(t, false);
	move(0, 0);
	term_refresh(t);
}
