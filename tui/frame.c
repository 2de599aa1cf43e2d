// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/frame.h"

#include <stdio.h>
#include <string.h>

#include "core/model/walk_inner.h"
#include "core/text/report.h"
#include "core/text/report_calls.h"
#include "core/text/report_remedy.h"
#include "core/text/width.h"
#include "tui/bind_keep.h"
#include "tui/bind_item.h"
#include "tui/bind_text.h"
#include "tui/compare.h"
#include "tui/frame_title.h"
#include "tui/lesson_ask.h"
#include "tui/lesson_text.h"
#include "tui/pane/pane.h"
#include "tui/pane/pane_detail.h"
#include "tui/pane/panes.h"
#include "tui/stage_text.h"
#include "tui/view.h"

// Over `lines` rows; the last one takes what is left.
static void wrap_row(const struct row *r, unsigned width, int lines, struct row *out)
{
	size_t from = 0;
	for (int i = 0; i < lines; i++) {
		size_t end = r->used, next = end;
		if (i + 1 < lines && width > 0)
			end = from + width_wrap(r->text + from, r->used - from, width, &next), next += from;
		row_clear(&out[i]);
		row_add(&out[i], ROLE_PLAIN, " ");
		row_add_part(&out[i], r, from, end);
		from = next;
	}
}

// The message or question that replaces the hint. False: none.
static bool said(const struct app *app, struct row *out)
{
	row_clear(out);
	if (app->mode == MODE_CONFIRM && app->question[0])
		row_add(out, ROLE_WARN, "%s", app->question);
	else if (app->mode == MODE_CONFIRM)
		row_add(out, ROLE_WARN, "Quit Bindwalk?");
	else if (app->mode != MODE_FILTER && app->message[0])
		row_add(out, app->message_role, "%s", app->message);
	return out->used > 0;
}

enum { MARGINS = 2, SENTENCE_LINES = 4, LESSON_SENTENCE_LINES = 2 };

static unsigned inside(unsigned width)
{
	return width > MARGINS ? width - MARGINS : 0;
}

static int count_lines(const struct row *r, unsigned width)
{
	int lines = 0;
	for (size_t from = 0, next; from < r->used; from += next, lines++)
		width_wrap(r->text + from, r->used - from, width, &next);
	return lines;
}

bool frame_asks(const struct app *app)
{
	struct row whole;
	if (app->mode != MODE_CONFIRM || app->layout.stage == STAGE_NONE || !said(app, &whole) || whole.truncated)
		return false;
	return count_lines(&whole, inside((unsigned)app->layout.hint.w)) <= app->layout.hint.h;
}

static void sentence(const struct app *app, struct row *out)
{
	const struct facts f = inquiry_facts(&app->now);
	row_clear(out);
	if (app_is_beside_stage(app)) {
		stage_beside_row(app, out);
		return;
	}
	bool small = app->rows < LAYOUT_FULL_ROWS; // the walk, which ends with it, has the rows
	if ((app_is_on_stage(app) && (small || !stage_shows_walk(app))) ||
	    (app_covers(app) && lesson_covered_row(app, out)))
		return;
	if (app_covers(app))
		cover_sentence(&app->cover, out);
	else if (bind_text_verdict(app, out) || compare_verdict(app, out))
		return;
	else if (app->now.host && app->now.walk.nsteps)
		report_verdict(&f, &app->now.walk, out);
	else
		row_add(out, ROLE_DIM, "Reading the interfaces, addresses and routes of this host.");
}

// The remedies that the screen tells: of the attempt, with the keys that apply them, or of another program's bind.
struct told {
	bool any; // it is a refusal
	const struct walk *walk;
	const struct remedy *list;
	unsigned n;
	enum role number;
};

static struct told told_of(const struct app *app)
{
	const struct bind_opened *o = &app->opened;
	if (app->view == VIEW_MATRIX || (app->view == VIEW_BINDS && !o->walk))
		return (struct told){0};
	if (app->view == VIEW_BINDS)
		return (struct told){bind_item_has_remedies(app), &o->walk->walk, o->remedies, o->nremedies, ROLE_DIM};
	return (struct told){app->tells_remedies, &app->now.walk, app->remedies, app->nremedies, ROLE_KEY};
}

// Lines for remedies: at least the first, and more on a large screen.
static int remedy_lines(const struct app *app)
{
	enum { SMALL = 12, LARGE = 36, MOST = 3 };
	bool one = app->rows < LARGE || app->cols >= LAYOUT_WIDE_COLS || app_plays(app);
	int most = app->rows < SMALL ? 0 : one ? 1 : MOST;
	const struct told told = told_of(app);
	if (!told.any || !app->now.host)
		return 0;
	if (app_is_on_stage(app) || app_is_beside_stage(app))
		return 0;
	if (app_plays(app) && (lesson_keeps_remedies(app) || app->rows < LAYOUT_FULL_ROWS))
		return 0;
	if (most == 1 && app->detail && !app->output.shown && pane_detail_tells_remedies(app))
		return 0; // all of them are there
	return clamp(told.n ? (int)told.n : 1, 0, most);
}

static int sentence_lines(const struct app *app, unsigned width)
{
	struct row whole;
	if (bind_text_verdict_lines(app))
		return bind_text_verdict_lines(app);
	sentence(app, &whole);
	bool cramped = app_plays(app) && app->rows < LAYOUT_FULL_ROWS;
	return clamp(count_lines(&whole, inside(width)), 1, cramped ? LESSON_SENTENCE_LINES : SENTENCE_LINES);
}

int frame_verdict_lines(const struct app *app, unsigned width)
{
	return sentence_lines(app, width) + remedy_lines(app);
}

static void add_remedy(const struct told *told, unsigned n, struct row *out)
{
	row_add(out, told->number, " %u", n + 1);
	row_add(out, ROLE_PLAIN, " %s", told->list[n].change);
}

// " · x shows 4 more"
static void add_more(unsigned n, struct row *out)
{
	char name[KEY_NAME];
	const struct binding *b = keys_for(CONTEXT_MAIN, CMD_DETAIL, "");
	if (n > 0)
		row_add(out, ROLE_DIM, " · %s shows %u more", b ? keys_name(b->key, name) : "detail", n);
}

// The same in a line whose remedy may be too long for both: it is cut, the number of the others is not.
static void add_more_within(unsigned n, unsigned width, struct row *out)
{
	struct row more = {0}, whole = *out;
	add_more(n, &more);
	unsigned tail = width_text(more.text, more.used), used;
	if (width_text(whole.text, whole.used) + tail > width && tail + 1 < width) {
		size_t cut = width_clip(whole.text, whole.used, width - tail - 1, &used);
		row_clear(out);
		row_add_part(out, &whole, 0, cut);
		row_add(out, ROLE_DIM, "…");
	}
	row_add_part(out, &more, 0, more.used);
}

// The n-th remedy; in the last line also those after it that have room, and how many have none.
static void remedy_row(const struct told *told, unsigned n, bool last, unsigned width, struct row *out)
{
	row_clear(out);
	if (told->n == 0) {
		struct row none;
		row_add(out, ROLE_PLAIN, " ");
		if (report_remedy(told->walk, told->list, 0, REMEDY_TEXT, 0, &none)) // else no reason is known
			row_add_part(out, &none, 0, none.used);
		return;
	}
	add_remedy(told, n++, out);
	while (last && n < told->n) {
		struct row longer = *out;
		row_add(&longer, ROLE_DIM, " ·");
		add_remedy(told, n, &longer);
		struct row whole = longer;
		add_more(told->n - n - 1, &whole);
		if (width_text(whole.text, whole.used) > width)
			break;
		*out = longer;
		n++;
	}
	if (last)
		add_more_within(told->n - n, width, out);
}

void frame_verdict(const struct app *app, unsigned width, struct row out[static VERDICT_LINES])
{
	struct row whole;
	int lines = app->layout.verdict.h, said = sentence_lines(app, width);
	said = clamp(said, 1, lines);
	sentence(app, &whole);
	wrap_row(&whole, inside(width), said, out);
	int remedies = clamp(remedy_lines(app), 0, lines - said);
	const struct told told = told_of(app);
	for (int i = 0; i < lines - said; i++) {
		row_clear(&out[said + i]);
		if (i < remedies)
			remedy_row(&told, (unsigned)i, i + 1 == remedies, width, &out[said + i]);
	}
}

// Readline's candidates, as many as the prompt found room for.
static void completions(const struct prompt_view *p, struct row *out)
{
	for (unsigned i = 0; i < p->nmatches; i++)
		row_add(out, ROLE_VALUE, i ? "  %s" : "%s", p->match[i]);
	if (p->more)
		row_add(out, ROLE_DIM, "  and %u more, Tab", p->more);
}

// The line above the typed one: what is wrong with it, or what may complete it. False if there is none.
static bool beside_prompt(const struct app *app, struct row *out)
{
	row_clear(out);
	if (app->message[0])
		return said(app, out);
	completions(&app->prompt, out);
	return out->used > 0;
}

static bool is_palette(const struct app *app)
{
	return app->mode == MODE_MAIN && app->focus == PANE_PALETTE;
}

static void hint_palette(const struct app *app, struct row *out, int *cursor)
{
	row_add(out, ROLE_LABEL, " Command: ");
	row_add(out, ROLE_KEY, "%s", app->palette.text);
	*cursor = (int)width_text(out->text, out->used);
	if (!app->palette.text[0])
		row_right(out, ROLE_DIM, "type a few letters of what it does ");
}

static void hint_filter(const struct app *app, struct row *out, int *cursor)
{
	if (app->picking.all)
		row_add(out, ROLE_LABEL, " Show only lines in all panes that contain: ");
	else
		row_add(out, ROLE_LABEL, " Show only lines in %s that contain: ", pane_name(app->focus));
	row_add(out, ROLE_KEY, "%s", app->lists[app->focus].filter);
	*cursor = (int)width_text(out->text, out->used);
	size_t matches = pane_matches(app);
	row_right(out, ROLE_DIM, "%zu match%s ", matches, matches == 1 ? "" : "es");
}

static void add_key(const struct app *app, enum command_id id, const char *arg, struct row *out)
{
	char name[KEY_NAME];
	const struct binding *b = keys_for(app_context(app), id, arg);
	row_add(out, ROLE_KEY, "%s", b ? keys_name(b->key, name) : command_info(id)->name);
}

// "As predicted" has a mark of its own, so that a refusal never looks green.
static void add_as_predicted(const struct walk *w, const char *how, struct row *out)
{
	row_add(out, ROLE_SYSCALL, " %s ", mark_info(MARK_PREDICTED)->text);
	row_add(out, report_outcome_role(w), w->observed.err ? "Refused" : "Bound");
	row_add(out, ROLE_SYSCALL, " %s", how);
}

static void add_disagreement(const struct app *app, struct row *out)
{
	const struct facts f = inquiry_facts(&app->now);
	struct row odd;
	row_clear(&odd);
	row_add(out, ROLE_FAIL, " MODEL AND KERNEL DISAGREE");
	if (report_odd_call(&f, &app->now.walk, &odd))
		row_add(out, ROLE_WARN, ": %s", odd.text);
	else
		row_add(out, ROLE_FAIL, ": please report it with bindwalk explain --json.");
}

// What to do next, by how far the user has come.
static void hint_next(const struct app *app, unsigned width, struct row *out)
{
	const struct walk *w = &app->now.walk;
	const char *outcome = w->observed.err ? "Refused" : "Bound", *when = report_when(app->now.host);
	const char *hook = inner_hook_name(walk_inner_hook(w, NULL));
	char how[32];
	char range[PREFIX_TEXT + 16];
	switch (w->agreement) {
	case NOT_TRIED:
		if (app_is_replay(app)) {
			row_add(out, ROLE_PLAIN, " Predicted for the recorded host.");
			break;
		}
		row_add(out, ROLE_PLAIN, " Predicted. ");
		add_key(app, CMD_BIND, "", out);
		row_add(out, ROLE_PLAIN, " binds for real.");
		break;
	case AGREES:
		snprintf(how, sizeof how, "(%s), as predicted", when);
		add_as_predicted(w, how, out);
		row_add(out, ROLE_PLAIN, ". ");
		add_key(app, CMD_STEP_NEXT, "", out);
		row_add(out, ROLE_PLAIN, " and ");
		add_key(app, CMD_STEP_PREV, "", out);
		row_add(out, ROLE_PLAIN, " step, ");
		add_key(app, CMD_TOGGLE, "freebind", out);
		row_add(out, ROLE_PLAIN, " toggles IP_FREEBIND.");
		break;
	case OPEN:
		row_add(out, ROLE_WARN, " %s (%s); the model could not tell.", outcome, when);
		break;
	case CHANGED:
		row_add(out, ROLE_WARN, " %s (%s), %s: nothing to compare.", outcome, when,
			w->code == CODE_CHANGED_SINCE ? "before the host was read" : "while the host kept changing");
		break;
	case HOOK:
		if (hook)
			row_add(out, ROLE_WARN, " Not as predicted: %s interfered.", hook);
		else
			row_add(out, ROLE_WARN,
				" Not as predicted: an LSM, Landlock, cgroup BPF or seccomp may have refused.");
		break;
	case DISAGREES:
		add_disagreement(app, out);
		break;
	}
	if (!w->holds_for.addr.family || w->agreement > AGREES)
		return;
	snprintf(range, sizeof range, "the same for ");
	prefix_print(&w->holds_for, range + strlen(range));
	if (width_text(out->text, out->used) + strlen(range) + 2 < width)
		row_right(out, ROLE_DIM, "%s ", range);
}

// Panes that this size leaves out, and the keys that show them, as many as have room beside how far the user has come.
static void hint_hidden(const struct app *app, unsigned width, struct row *out)
{
	char name[KEY_NAME];
	if (app->now.walk.agreement == AGREES)
		add_as_predicted(&app->now.walk, "as predicted", out);
	else
		row_add(out, ROLE_PLAIN, " Predicted");
	if (app->zoom && app->cols >= LAYOUT_FULL_COLS) {
		row_add(out, ROLE_PLAIN, " · ");
		add_key(app, CMD_ZOOM, "", out);
		row_add(out, ROLE_PLAIN, " shows all");
	}
	const struct view *view = view_info(app->view);
	for (unsigned i = 0; i < view->npanes; i++) {
		enum pane_id p = view->panes[i];
		if (!(app->layout.hidden & 1u << p))
			continue;
		const char *pane = pane_name(p);
		const struct binding *b = keys_for(CONTEXT_MAIN, CMD_PANE, pane);
		enum { KEY_AND_BLANKS = 7 };
		if (width_text(out->text, out->used) + strlen(pane) + KEY_AND_BLANKS > width)
			continue;
		row_right(out, ROLE_KEY, "  %s", b ? keys_name(b->key, name) : "");
		row_right(out, ROLE_DIM, " %s", pane);
	}
	row_right(out, ROLE_PLAIN, " ");
}

int frame_hint_lines(const struct app *app, unsigned width)
{
	struct row whole;
	width = inside(width);
	if (app->mode == MODE_PROMPT || is_palette(app))
		return 1 + (beside_prompt(app, &whole) ? count_lines(&whole, width) : 0);
	if (app->mode == MODE_FILTER)
		return 1;
	// On the smallest screens the walk shows the result of a bind; if it is hidden, the hint does.
	return said(app, &whole) ? count_lines(&whole, width) : app->focus != PANE_WALK;
}

// How to go on where the walk is covered.
static void hint_covered(const struct app *app, struct row *out)
{
	row_add(out, ROLE_PLAIN, " ");
	if (app->cover.asking) {
		add_key(app, CMD_ANSWER, "binds", out);
		row_add(out, ROLE_PLAIN, " it binds · ");
		add_key(app, CMD_ANSWER, "refused", out);
		row_add(out, ROLE_PLAIN, " it is refused · ");
		add_key(app, CMD_ANSWER, "here", out);
		row_add(out, ROLE_PLAIN, " it ends at the step ");
		row_add(out, ROLE_POINTED, "▸");
		return;
	}
	add_key(app, CMD_STEP_NEXT, "", out);
	row_add(out, ROLE_PLAIN, " uncovers a step · ");
	add_key(app, CMD_ASK, "", out);
	row_add(out, ROLE_PLAIN, " asks for a prediction · ");
	add_key(app, CMD_COVER, "", out);
	row_add(out, ROLE_PLAIN, " shows all");
}

// The hint without a message or a prompt.
static void hint_usual(const struct app *app, unsigned width, struct row *out)
{
	struct row hint, lesson = {0};
	if (app->view == VIEW_HELP)
		row_add(out, ROLE_DIM, " Digits go to a section; ? finds and runs a command.");
	else if (lesson_hint_row(app, &lesson))
		*out = lesson;
	else if (app_covers(app))
		hint_covered(app, out);
	else if (app->view == VIEW_BINDS)
		bind_text_hint(app, out);
	else if (compare_hint(app, &hint)) {
		row_add(out, ROLE_PLAIN, " ");
		row_add_part(out, &hint, 0, hint.used);
	} else if (app->layout.hidden && app->now.walk.agreement <= AGREES && app->view == VIEW_EXPLORE)
		hint_hidden(app, width, out);
	else if (app->now.host && app->now.walk.nsteps)
		hint_next(app, width, out);
}

void frame_hint(const struct app *app, unsigned width, struct row out[static HINT_LINES], int *cursor)
{
	struct row whole;
	int lines = app->layout.hint.h, last = lines - 1;
	for (int i = 0; i < lines; i++)
		row_clear(&out[i]);
	*cursor = -1;
	if (lines == 0)
		return;
	if (app->mode == MODE_PROMPT || is_palette(app)) {
		if (lines > 1 && beside_prompt(app, &whole))
			wrap_row(&whole, inside(width), lines - 1, out);
		if (is_palette(app)) {
			hint_palette(app, &out[last], cursor);
			return;
		}
		row_add(&out[last], ROLE_PLAIN, " %s", app->prompt.text);
		*cursor = 1 + (int)app->prompt.cursor;
		if (app->prompt.offered)
			row_right(&out[last], ROLE_DIM, "type another, or edit this one ");
	} else if (app->mode == MODE_FILTER) {
		hint_filter(app, &out[last], cursor);
	} else if (said(app, &whole)) {
		wrap_row(&whole, inside(width), lines, out);
	} else {
		hint_usual(app, width, &out[0]);
	}
}

static bool said_before(enum key_context context, size_t before, const struct binding *row)
{
	for (size_t i = 0; i < before; i++) {
		const struct binding *b = keys_at(i);
		if (b->command == row->command && strcmp(b->arg, row->arg) == 0 && b->label && keys_instead(context, b))
			return true;
	}
	return false;
}

// One item of the bottom line: "n/p" and "step".
struct item {
	const struct binding *b; // what is pressed
	char name[KEY_NAME], keys[KEY_NAME * 2];
	const char *label;
	unsigned at, cols; // where it stands
};

// The next item after that number of the key table; false when there is no more, or no room for it.
static bool next_item(const struct app *app, unsigned width, size_t *i, struct item *it)
{
	enum { BLANKS = 4 };
	enum key_context context = app_context(app);
	it->at += it->cols;
	for (const struct binding *b; (b = keys_at(*i)) != NULL; ++*i) {
		it->b = b->label ? keys_instead(context, b) : NULL;
		bool lesson = it->b && app_passes_by(app) && keys_find(CONTEXT_LESSON_AWAY, it->b->key); // has the key
		if (!it->b || lesson || said_before(context, *i, b) || !app_may(app, b->command) ||
		    bind_keeps_back(app, b->command))
			continue;
		// "/p step" continues the key's name: "n/p step"; of another key nobody knows what it goes with.
		size_t more = b->label[0] == '/' ? strcspn(b->label, " ") : 0;
		snprintf(it->keys, sizeof it->keys, "%s%.*s", keys_name(it->b->key, it->name),
			 it->b->key == b->key ? (int)more : 0, b->label);
		it->label = b->label + more + (more > 0);
		it->cols = width_text(it->keys, strlen(it->keys)) + (unsigned)strlen(it->label) + BLANKS;
		++*i;
		return it->at + it->cols <= width;
	}
	return false;
}

void frame_keys(const struct app *app, unsigned width, struct row *out)
{
	struct item it = {0};
	row_clear(out);
	for (size_t i = 0; next_item(app, width, &i, &it);) {
		row_add(out, ROLE_KEY, " %s", it.keys);
		row_add(out, ROLE_PLAIN, " %s ", it.label);
		row_add(out, ROLE_PLAIN, " ");
	}
}

// Either key of "n/p"; next to them, the first.
static uint32_t key_of(const struct item *it, unsigned x)
{
	unsigned first = it->at + 1 + width_text(it->name, strlen(it->name));
	unsigned end = it->at + 1 + width_text(it->keys, strlen(it->keys));
	return x > first && x < end ? keys_code(it->keys + strlen(it->name) + 1) : it->b->key;
}

// The key that a row names at a column, or before what stands there.
static uint32_t key_in_row(const struct row *r, unsigned width, unsigned x)
{
	unsigned right = 0, at = 0;
	uint32_t key = K_NONE;
	for (unsigned i = 0; i < r->nspans; i++)
		right += r->spans[i].right ? width_text(r->text + r->spans[i].start, r->spans[i].len) : 0;
	for (unsigned i = 0; i < r->nspans; i++) {
		const struct span *s = &r->spans[i];
		const char *text = r->text + s->start;
		char name[KEY_NAME];
		if (s->right && (i == 0 || !r->spans[i - 1].right)) {
			at = width > right ? width - right : 0;
			key = K_NONE;
		}
		if (x < at)
			return K_NONE;
		if (s->role == ROLE_KEY) {
			size_t blanks = strspn(text, " "), len = s->len > blanks ? s->len - blanks : 0;
			snprintf(name, sizeof name, "%.*s", (int)len, text + blanks);
			key = keys_code(name);
		}
		at += width_text(text, s->len);
		if (x < at)
			return key;
	}
	return K_NONE;
}

// The lines between the panes and the bottom line name keys as well.
static uint32_t key_beside(const struct app *app, int y, unsigned x)
{
	const struct layout *l = &app->layout;
	unsigned width = (unsigned)l->cols;
	struct row rows[VERDICT_LINES > HINT_LINES ? VERDICT_LINES : HINT_LINES];
	uint32_t key = K_NONE;
	int cursor;
	if (app->mode != MODE_MAIN || is_palette(app) || app->message[0])
		return K_NONE;
	if (y >= l->hint.y && y < l->hint.y + l->hint.h) {
		frame_hint(app, width, rows, &cursor);
		key = key_in_row(&rows[y - l->hint.y], width, x);
	} else if (y >= l->verdict.y && y < l->verdict.y + l->verdict.h) {
		frame_verdict(app, width, rows);
		key = key_in_row(&rows[y - l->verdict.y], width, x);
	}
	return key != K_NONE && keys_find(app_context(app), key) ? key : K_NONE;
}

uint32_t frame_key_at(const struct app *app, int y, int x)
{
	const struct layout *l = &app->layout;
	unsigned width = (unsigned)l->cols, at = (unsigned)x;
	uint32_t key = K_NONE;
	struct item it = {0};
	if (l->stage == STAGE_NONE || x < 0 || x >= l->cols)
		return K_NONE;
	if (y == l->title.y && app->mode == MODE_MAIN)
		key = frame_title_key_at(app, width, at);
	for (size_t i = 0; y == l->keys.y && next_item(app, width, &i, &it);)
		if (at >= it.at && at < it.at + it.cols)
			return key_of(&it, at);
	return key != K_NONE || y == l->keys.y ? key : key_beside(app, y, at);
}

bool frame_small(const struct app *app, unsigned n, struct row *out)
{
	row_clear(out);
	switch (n) {
	case 0:
		row_add(out, ROLE_TITLE, "bindwalk");
		return true;
	case 1:
		row_add(out, ROLE_PLAIN, "This screen is %dx%d;", app->cols, app->rows);
		return true;
	case 2:
		row_add(out, ROLE_PLAIN, "Bindwalk needs %dx%d.", LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS);
		return true;
	case 3:
		row_add(out, ROLE_PLAIN, "Enlarge it, or ");
		row_add(out, ROLE_KEY, "q");
		row_add(out, ROLE_PLAIN, " quits.");
		return true;
	default:
		return false;
	}
}
