// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/notes_rows.h"

#include <stdio.h>
#include <string.h>

#include "core/text/width.h"

enum {
	LINES_MOST = 400, // of wrapped notes: more would not fit into a page
	LINES_AIRY = 16,  // from here on with blank lines between the parts
	LINES_KEYS = 12,  // from here on with the keys
	TIME_TEXT = 24,
	COMMAND_LINES = 2, // of a command or a question that is long
};

// Rows that are filled one after the other.
struct lines {
	struct row *row;
	unsigned n, most, width;
};

static struct row *next_line(struct lines *l)
{
	static struct row none;
	struct row *r = l->n < l->most ? &l->row[l->n] : &none;
	l->n += l->n < l->most;
	row_clear(r);
	return r;
}

// One line of text, over at most so many rows, each of them with one blank before it; what is left is cut by who draws.
static void add_wrapped(struct lines *l, enum role role, const char *text, size_t len, unsigned most)
{
	struct row whole;
	row_clear(&whole);
	row_add(&whole, role, "%.*s", (int)len, text); // makes the bytes visible, so that their columns are known
	for (size_t from = 0, n; most > 0 && (from < whole.used || from == 0); from += n, most--) {
		struct row *r = next_line(l);
		size_t fits = width_wrap(whole.text + from, whole.used - from, l->width - 2, &n);
		row_add(r, ROLE_PLAIN, " ");
		row_add_part(r, &whole, from, most == 1 ? whole.used : from + fits);
		if (n == 0)
			break;
	}
}

static char *time_text(int64_t ms, char buf[static TIME_TEXT])
{
	long s = ms < 0 ? 0 : (long)(ms / 1000), hours = s / 3600;
	if (hours)
		snprintf(buf, TIME_TEXT, "%ld:%02ld:%02ld", hours, s / 60 % 60, s % 60);
	else
		snprintf(buf, TIME_TEXT, "%02ld:%02ld", s / 60, s % 60);
	return buf;
}

static void add_time(const struct notes_screen *n, struct row *out)
{
	char now[TIME_TEXT], all[TIME_TEXT];
	const struct stage_page *p = &n->page;
	int64_t whole = (int64_t)p->minutes * 60000;
	enum role role = whole && n->elapsed_ms > whole ? ROLE_WARN : ROLE_TITLE;
	row_right(out, role, "%s", n->elapsed_ms < 0 ? "not begun" : time_text(n->elapsed_ms, now));
	if (whole)
		row_right(out, ROLE_PLAIN, " of %s", time_text(whole, all));
	row_right(out, ROLE_PLAIN, " ");
}

static void add_bar(const struct notes_screen *n, struct row *out)
{
	row_clear(out);
	if (!n->has_page) {
		row_add(out, ROLE_TITLE, " Bindwalk notes");
		return;
	}
	if (n->page.replay)
		row_add(out, ROLE_WARN, " REPLAY");
	if (n->page.step)
		row_add(out, ROLE_TITLE, " Step %u of %u", n->page.step, n->page.steps);
	else
		row_add(out, ROLE_TITLE, " %u steps", n->page.steps);
	if (!n->connected)
		row_add(out, ROLE_WARN, " · no stage");
	else if (n->strange)
		row_add(out, ROLE_WARN, " · not a page");
	add_time(n, out);
}

// When the step should end, or by how much that is over.
static void add_plan(const struct notes_screen *n, struct row *out)
{
	char text[TIME_TEXT];
	const struct stage_page *p = &n->page;
	if (p->minutes == 0 || p->step == 0)
		return;
	if (n->elapsed_ms > p->planned_ms)
		row_right(out, ROLE_WARN, "%s behind ", time_text(n->elapsed_ms - p->planned_ms, text));
	else
		row_right(out, ROLE_LABEL, "until %s ", time_text(p->planned_ms, text));
}

// "Enter runs: ip route add ..."
static void key_text(const struct stage_page *p, char *out, size_t len)
{
	const char *verb = page_key_verb(p->key);
	if (p->key == PAGE_OVER)
		snprintf(out, len, "The talk is over.");
	else if (!verb[0])
		snprintf(out, len, "The next key goes on.");
	else if (p->key == PAGE_ASKS)
		snprintf(out, len, "The room answers: %s", p->command);
	else
		snprintf(out, len, "The next key %s%s%s", verb, p->command[0] ? ": " : ".", p->command);
}

static void add_waiting(const struct notes_screen *n, struct lines *l)
{
	char text[PAGE_NOTES];
	next_line(l);
	if (n->strange)
		add_wrapped(l, ROLE_WARN, "What came was not from a stage.", 31, 1);
	add_wrapped(l, ROLE_TITLE, "Waiting for a stage.", 20, 1);
	snprintf(text, sizeof text, "Start it in another terminal, as the same user:");
	add_wrapped(l, ROLE_PLAIN, text, strlen(text), 2);
	add_wrapped(l, ROLE_KEY, "  bindwalk stage FILE", 21, 1);
	next_line(l);
	snprintf(text, sizeof text, "Both meet in %s.", n->folder);
	add_wrapped(l, ROLE_DIM, text, strlen(text), 4);
}

// All lines of the notes, wrapped. Returns how many.
static unsigned wrap_notes(const struct stage_page *p, bool airy, unsigned cols, struct row *out)
{
	struct lines l = {out, 0, LINES_MOST, cols};
	for (const char *line = p->notes; *line; line += line[strcspn(line, "\n")] == '\n') {
		size_t len = strcspn(line, "\n");
		if (airy && l.n > 0)
			next_line(&l);
		add_wrapped(&l, ROLE_PLAIN, line, len, LINES_MOST);
		line += len;
	}
	if (l.n == 0)
		add_wrapped(&l, ROLE_DIM, "No notes for this step.", 23, 1);
	return l.n;
}

static void add_next(const struct stage_page *p, struct lines *l)
{
	char text[PAGE_COMMAND + 8];
	if (p->next_title[0])
		snprintf(text, sizeof text, "Next: %s", p->next_title);
	else if (p->key == PAGE_OVER)
		return;
	else
		snprintf(text, sizeof text, "This is the last step.");
	add_wrapped(l, ROLE_TITLE, text, strlen(text), 1);
	snprintf(text, sizeof text, "  %s", p->next_command);
	if (p->next_command[0])
		add_wrapped(l, ROLE_KEY, text, strlen(text), 1);
}

// The notes fill what the other parts leave. The last line of it says how much more there is.
static void add_notes(struct notes_screen *n, bool airy, struct lines *l, unsigned room)
{
	static struct row notes[LINES_MOST];
	unsigned all = wrap_notes(&n->page, airy, l->width, notes), most = all > room ? all - room : 0;
	n->scroll = n->scroll < most ? n->scroll : most;
	for (unsigned i = 0; i < room; i++) {
		struct row *r = next_line(l);
		unsigned at = n->scroll + i;
		if (at < all)
			*r = notes[at];
		if (i + 1 == room && at + 1 < all)
			row_right(r, ROLE_WARN, " %u more ", all - at - 1);
		else if (i == 0 && n->scroll > 0)
			row_right(r, ROLE_WARN, " %u above ", n->scroll);
	}
}

static void add_page(struct notes_screen *n, struct lines *l, unsigned lines)
{
	char text[PAGE_COMMAND + 64];
	bool airy = lines >= LINES_AIRY;
	struct row tail[4];
	struct lines next = {tail, 0, 4, l->width};
	add_wrapped(l, ROLE_TITLE, n->page.title, strlen(n->page.title), 1);
	add_plan(n, &l->row[l->n - 1]);
	key_text(&n->page, text, sizeof text);
	add_wrapped(l, ROLE_KEY, text, strlen(text), airy ? COMMAND_LINES : 1);
	if (airy) {
		next_line(l);
		next_line(&next);
	}
	add_next(&n->page, &next);
	add_notes(n, airy, l, l->most > l->n + next.n ? l->most - l->n - next.n : 0);
	for (unsigned i = 0; i < next.n; i++)
		*next_line(l) = tail[i];
}

bool notes_rows_screen(struct notes_screen *n, unsigned lines, unsigned cols, struct row *out)
{
	bool keys = lines >= LINES_KEYS;
	struct lines l = {out, 1, keys ? lines - 1 : lines, cols > 4 ? cols : 4};
	for (unsigned i = 0; i < lines; i++)
		row_clear(&out[i]);
	if (lines == 0)
		return false;
	add_bar(n, &out[0]);
	if (n->has_page)
		add_page(n, &l, lines);
	else
		add_waiting(n, &l);
	if (keys)
		row_add(&out[lines - 1], ROLE_PLAIN, " q quit   j/k scroll   r restart the clock");
	return keys;
}

bool notes_rows_text(const struct notes_screen *n, size_t line, struct row *out)
{
	char text[PAGE_COMMAND + 64];
	const struct stage_page *p = &n->page;
	const char *note = p->notes;
	row_clear(out);
	out->hanging = 2;
	if (line == 0) {
		row_add(out, ROLE_TITLE, "%s%u/%u %s", p->replay ? "REPLAY. " : "", p->step, p->steps, p->title);
		return true;
	}
	key_text(p, text, sizeof text);
	if (line == 1) {
		row_add(out, ROLE_KEY, "  %s", text);
		return true;
	}
	for (line -= 2; line > 0 && *note; line--) {
		note += strcspn(note, "\n");
		note += *note == '\n';
	}
	if (*note)
		row_add(out, ROLE_PLAIN, "  %.*s", (int)strcspn(note, "\n"), note);
	else if (line == 0 && p->next_title[0])
		row_add(out, ROLE_DIM, "  Next: %s%s%s", p->next_title, p->next_command[0] ? ": " : "",
			p->next_command);
	else
		return false;
	return true;
}
