// SPDX-License-Identifier: GPL-3.0-or-later
// The help, made from the command table and the key table: a key that is bound anew, or a command that is added, shows
// here on its own.
#include "tui/pane/pane_help.h"

#include <stdio.h>
#include <string.h>

#include "core/command/help_topic.h"
#include "core/text/report.h"
#include "core/text/width.h"
#include "tui/pane/pane.h"

struct text {
	enum role role;
	const char *mark, *text;
};

static const char *const introduction[] = {
	"Can this socket bind to that address? The panes show what the kernel looks at; the walk shows each question that the "
	"kernel asks on the way, and its answer. The walk is predicted from the state of this host until you bind for real; "
	"then it shows both.",
	"To begin: press Enter to bind, 1 to apply the first remedy, n and p to go through the steps, a to type another address. "
	"▸ in the panes marks what the selected step looks at. To predict before you look, c covers the answers, and A asks.",
	"With the mouse: click a key's name in the first or last line, a row (again to use it), a check box or a heading. The wheel "
	"scrolls.",
};

static const struct text marks[] = {
	{ROLE_POINTED, "▸", "in the panes: the selected step looks at this"},
	{ROLE_MODEL, "model", "predicted from the state of this host"},
	{ROLE_SYSCALL, "syscall", "observed: what socket(), setsockopt(), bind() returned"},
	{ROLE_ASKED, "asked", "the kernel's answer to the same lookup, requested at the same moment"},
	{ROLE_KERNEL, "kernel",
	 "witnessed: what the kernel's functions returned while bind ran, and which did not run"},
};

enum {
	INTRODUCTION = sizeof introduction / sizeof introduction[0],
	MARKS = sizeof marks / sizeof marks[0],
	MARGIN = 2,
	HANGING = 6,
	MARK_WIDTH = 12,
	NARROW = 50,
	KEYS = 24,
	KEYS_NARROW = 12
};

// Counts lines, and keeps those that are wanted.
struct lines {
	const struct app *app;
	size_t first, n, seen; // the wanted ones
	unsigned sections;
	size_t at[HELP_SECTIONS + 1]; // where each begins, by its number
	unsigned width, keys;         // the columns of all, and of keys with their margin
	struct row *rows, *out;       // the wanted ones, and the one that comes now
};

// Is the next line wanted?
static bool next(struct lines *l)
{
	size_t at = l->seen++;
	if (at < l->first || at - l->first >= l->n)
		return false;
	l->out = &l->rows[at - l->first];
	return true;
}

static void subhead(struct lines *l, const char *title)
{
	if (next(l))
		row_add(l->out, ROLE_PLAIN, " ");
	if (next(l))
		row_add(l->out, ROLE_TITLE, "%s", title);
}

// The sections, in their order: what is in focus, the groups of commands, the topics.
static void section_title(const struct app *app, unsigned section, char *buf, size_t len)
{
	enum pane_id pane = app->view == VIEW_HELP ? app->under.focus : app->focus;
	if (section == 1)
		snprintf(buf, len, "In this pane: %s", pane_heading(pane));
	else if (section == HELP_SECTIONS)
		snprintf(buf, len, "Topics");
	else
		snprintf(buf, len, "%s", command_group_title((enum command_group)(section - 2)));
}

static void head(struct lines *l)
{
	char title[64];
	if (next(l))
		row_add(l->out, ROLE_PLAIN, " ");
	l->at[++l->sections] = l->seen;
	section_title(l->app, l->sections, title, sizeof title);
	if (next(l)) {
		row_add(l->out, ROLE_KEY, "%u", l->sections);
		row_add(l->out, ROLE_TITLE, " %s", title);
	}
}

// All of a text over as many lines as it needs: the first one indented by `first`, with `left` in that room, the others
// by `others`.
static void flow(struct lines *l, const struct row *left, unsigned first, unsigned others, const struct row *text)
{
	for (size_t from = 0, rest; from < text->used; from += rest) {
		unsigned indent = from ? others : first, used = 0;
		unsigned room = l->width > indent ? l->width - indent : 1;
		size_t end = from + width_wrap(text->text + from, text->used - from, room, &rest);
		if (!next(l))
			continue;
		if (left && from == 0) {
			row_add(l->out, ROLE_PLAIN, "%*s", MARGIN, "");
			row_add_part(l->out, left, 0, left->used);
			used = MARGIN + width_text(left->text, left->used);
		}
		row_add(l->out, ROLE_PLAIN, "%*s", (int)(indent - used), "");
		row_add_part(l->out, text, from, end);
	}
}

// The term, with its explanation beside it, or below it if the term is long.
static void entry(struct lines *l, const struct row *left, unsigned indent, const struct row *text)
{
	if (MARGIN + width_text(left->text, left->used) < indent) {
		flow(l, left, indent, indent, text);
	} else {
		flow(l, NULL, MARGIN, HANGING, left);
		flow(l, NULL, indent, indent, text);
	}
}

static bool is_pane_context(enum key_context c)
{
	return c >= CONTEXT_LINKS && c <= CONTEXT_DETAIL;
}

// Is this key for this command one that the help tells of, in the panes (or else everywhere but there)?
static bool is_told(const struct binding *b, enum command_id id, const char *arg, bool in_panes)
{
	return b->command == id && strcmp(b->arg, arg) == 0 && b->context != CONTEXT_PROMPT &&
	       b->context != CONTEXT_CHANGE && is_pane_context(b->context) == in_panes && keys_reachable(b->context, b);
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = list; (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static void add_word(char *list, size_t size, const char *word)
{
	size_t used = strlen(list);
	if (!has_word(list, word) && used + strlen(word) + 2 <= size)
		snprintf(list + used, size - used, "%s%s", used ? " " : "", word);
}

// "PgDn Ctrl-F" of one command and argument, and where these keys are for it ("routes walk").
static void key_list(enum command_id id, const char *arg, bool in_panes, char *keys, size_t len, char *where,
		     size_t where_len)
{
	keys[0] = where[0] = '\0';
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		char name[KEY_NAME];
		if (!is_told(b, id, arg, in_panes))
			continue;
		add_word(keys, len, keys_is_digit(b) ? "1-9" : keys_name(b->key, name));
		add_word(where, where_len, keys_context_name(b->context));
	}
}

static void add_help(const struct lines *l, enum command_id id, const char *help, struct row *out)
{
	row_clear(out);
	row_add(out, ROLE_PLAIN, "%s", help);
	if (!app_may(l->app, id))
		row_add(out, ROLE_WARN, " (not here: read-only)");
}

static void add_meaning(const struct lines *l, enum command_id id, const char *arg, struct row *out)
{
	char text[ROW_TEXT];
	add_help(l, id, command_meaning(id, arg, text, sizeof text), out);
}

// What to type instead of the key, on a line of its own where it would be torn.
static void add_typed(struct lines *l, enum command_id id, const char *arg, const struct row *left, struct row *text)
{
	const struct command *c = command_info(id);
	struct row typed;
	row_clear(&typed);
	if (arg[0])
		row_add(&typed, ROLE_DIM, ":%s %s", c->name, arg);
	else if (!(c->needs & NEED_KEY))
		row_add(&typed, ROLE_DIM, ":%s", c->synopsis);
	bool fits = l->keys + width_text(text->text, text->used) + 2 + width_text(typed.text, typed.used) <= l->width;
	if (fits && typed.used)
		row_add(text, ROLE_DIM, "  %s", typed.text);
	entry(l, left, l->keys, text);
	if (!fits)
		flow(l, NULL, l->keys, l->keys, &typed);
}

static void key_entry(struct lines *l, enum command_id id, const char *arg)
{
	char keys[40], where[64];
	struct row left, text;
	const char *digit = arg[0] >= '1' && arg[0] <= '9' && !arg[1] ? "" : arg;
	key_list(id, arg, false, keys, sizeof keys, where, sizeof where);
	add_meaning(l, id, digit, &text);
	if (!keys[0]) { // only in some panes
		key_list(id, arg, true, keys, sizeof keys, where, sizeof where);
		row_add(&text, ROLE_DIM, " (%s)", where);
	}
	row_clear(&left);
	row_add(&left, ROLE_KEY, "%s", keys);
	add_typed(l, id, digit, &left, &text);
}

// A command that no key has.
static void typed_entry(struct lines *l, enum command_id id)
{
	struct row left, text;
	row_clear(&left);
	row_add(&left, ROLE_KEY, ":%s", command_info(id)->synopsis);
	add_help(l, id, command_info(id)->help, &text);
	entry(l, &left, l->keys, &text);
}

// A command has an entry for each argument that a key gives it; one without keys has one of its own.
static void command_entries(struct lines *l, enum command_id id)
{
	const char *said[16];
	size_t n = 0;
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		bool again = false;
		if (b->command != id || b->context == CONTEXT_PROMPT || (keys_is_digit(b) && b->key != '1'))
			continue;
		for (size_t j = 0; j < n; j++)
			again |= strcmp(said[j], b->arg) == 0;
		if (again || n == sizeof said / sizeof said[0])
			continue;
		said[n++] = b->arg;
		key_entry(l, id, b->arg);
	}
	if (n == 0 && !(command_info(id)->needs & NEED_KEY))
		typed_entry(l, id);
}

// What keys mean in this pane alone.
static void pane_entries(struct lines *l)
{
	enum pane_id pane = l->app->view == VIEW_HELP ? l->app->under.focus : l->app->focus;
	enum key_context context = app_pane_context(pane);
	char name[KEY_NAME];
	head(l);
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		struct row left, text;
		if (b->context != context || !keys_reachable(context, b) || (keys_is_digit(b) && b->key != '1'))
			continue;
		row_clear(&left);
		row_add(&left, ROLE_KEY, "%s", keys_is_digit(b) ? "1-9" : keys_name(b->key, name));
		add_meaning(l, b->command, keys_is_digit(b) ? "" : b->arg, &text);
		entry(l, &left, l->keys, &text);
	}
}

static void mark_entry(struct lines *l, enum role role, const char *mark, const char *meaning)
{
	struct row left, text;
	row_clear(&left);
	row_clear(&text);
	row_add(&left, role, "%s", mark);
	row_add(&text, ROLE_PLAIN, "%s", meaning);
	entry(l, &left, MARK_WIDTH, &text);
}

static void mark_entries(struct lines *l)
{
	subhead(l, "Marks");
	for (int m = 0; m < MARK_COUNT; m++)
		mark_entry(l, mark_info((enum mark)m)->role, mark_info((enum mark)m)->text,
			   mark_info((enum mark)m)->meaning);
	for (size_t i = 0; i < MARKS; i++)
		mark_entry(l, marks[i].role, marks[i].mark, marks[i].text);
}

static void topic_entries(struct lines *l)
{
	head(l);
	for (size_t i = 0; topic_at(i); i++) {
		struct row left, text;
		row_clear(&left);
		row_clear(&text);
		row_add(&left, ROLE_KEY, ":help %s", topic_at(i)->name);
		row_add(&text, ROLE_PLAIN, "%s", topic_at(i)->title);
		entry(l, &left, l->keys, &text);
	}
}

// Beside each other: their keys, and their titles.
static void contents(struct lines *l)
{
	struct row all;
	char title[64];
	row_clear(&all);
	for (unsigned i = 1; i <= HELP_SECTIONS; i++) {
		section_title(l->app, i, title, sizeof title);
		row_add(&all, ROLE_KEY, i > 1 ? "   %u" : "%u", i);
		row_add(&all, ROLE_PLAIN, " %s", title);
	}
	if (next(l))
		row_add(l->out, ROLE_PLAIN, " ");
	flow(l, NULL, 0, 0, &all);
}

static void build(struct lines *l)
{
	for (size_t i = 0; i < INTRODUCTION; i++) {
		struct row text;
		row_clear(&text);
		row_add(&text, ROLE_PLAIN, "%s", introduction[i]);
		if (i && next(l))
			row_add(l->out, ROLE_PLAIN, " ");
		flow(l, NULL, 0, 0, &text);
	}
	contents(l);
	mark_entries(l);
	pane_entries(l);
	for (int g = 0; g < GROUP_COUNT; g++) {
		head(l);
		for (int c = 0; c < CMD_COUNT; c++)
			if (command_info((enum command_id)c)->group == (enum command_group)g)
				command_entries(l, (enum command_id)c);
	}
	topic_entries(l);
}

// Lines longer than this are not pleasant to read.
static unsigned text_width(const struct app *app)
{
	enum { WIDEST = 110 };
	unsigned width = pane_width(app, PANE_HELP);
	return width < WIDEST ? width : WIDEST;
}

// Goes through all of it, for n lines or none.
static struct lines make(const struct app *app, size_t first, size_t n, struct row *rows)
{
	_Static_assert(GROUP_COUNT + 2 == HELP_SECTIONS, "each has a digit");
	struct lines l = {.app = app, .first = first, .n = n, .width = text_width(app), .rows = rows};
	l.keys = l.width < NARROW ? KEYS_NARROW : KEYS;
	build(&l);
	return l;
}

size_t pane_help_line(const struct app *app, unsigned section)
{
	return make(app, 0, 0, NULL).at[section <= HELP_SECTIONS ? section : HELP_SECTIONS];
}

unsigned pane_help_section(const struct app *app)
{
	const struct lines l = make(app, 0, 0, NULL);
	unsigned section = HELP_SECTIONS;
	while (section > 0 && l.at[section] > app->lists[PANE_HELP].top)
		section--;
	return section;
}

// With as many empty lines as bring the last section to the top.
static size_t count(const struct app *app)
{
	const struct lines l = make(app, 0, 0, NULL);
	int height = app->layout.pane[PANE_HELP].h - 2 * app->layout.border;
	size_t least = l.at[HELP_SECTIONS] + (height > 0 ? (size_t)height : 0);
	return l.seen > least ? l.seen : least;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	(void)width; // filtered lists ask with another
	make(app, item, 1, out);
}

static void rows(const struct app *app, size_t first, size_t n, unsigned width, struct row *out)
{
	(void)width;
	make(app, first, n, out);
}

static void heading(const struct app *app, struct row *out)
{
	char title[64];
	unsigned section = app->view == VIEW_HELP ? pane_help_section(app) : 0;
	if (section == 0)
		return;
	section_title(app, section, title, sizeof title);
	row_add(out, ROLE_PLAIN, " %u of %u · %s", section, HELP_SECTIONS, title);
}

const struct pane_ops pane_help = {
	.heading = heading,
	.count = count,
	.row = row,
	.rows = rows,
};
