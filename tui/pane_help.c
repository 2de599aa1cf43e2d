// SPDX-License-Identifier: GPL-3.0-or-later
// The help, made from the command table and the key table: a key that is bound anew, or a command that is added, shows here
// by itself.
#include <stdio.h>
#include <string.h>

#include "tui/pane.h"
#include "tui/width.h"

struct text {
	enum role role;
	const char *mark, *text;
};

static const char *const introduction[] = {
	"Can this socket bind to that address? The panes show what the kernel looks at, the walk shows each question that it "
	"asks on the way, and the answer. What you see is predicted from the state of this host until you bind for real; then "
	"the walk shows both.",
	"To begin: Enter binds, n and p go through the steps, f switches IP_FREEBIND, a types another address. The panes mark "
	"(▸) what the selected step looks at.",
};

static const struct text marks[] = {
	{ROLE_OK, "✓", "answered, and the walk went on"},
	{ROLE_OK, "●", "this step decided"},
	{ROLE_FAIL, "✗", "this step refused"},
	{ROLE_DIM, "·", "not reached"},
	{ROLE_DIM, "?", "happens, but nobody outside can see the answer"},
	{ROLE_WARN, "!", "two kinds of evidence contradict each other"},
	{ROLE_POINTED, "▸", "in the panes: the selected step looks at it"},
	{ROLE_MODEL, "model", "predicted from the state of this host"},
	{ROLE_SYSCALL, "syscall", "observed: what socket(), setsockopt(), bind() returned"},
	{ROLE_ASKED, "asked", "the kernel's answer to the same question, asked for at the same moment"},
	{ROLE_KERNEL, "kernel", "what the kernel itself was seen to do while bind ran"},
};

enum {
	INTRODUCTION = sizeof introduction / sizeof introduction[0],
	MARKS = sizeof marks / sizeof marks[0],
	KEYS_WIDTH = 21,
	NAME_WIDTH = 14,
	NAMES_FROM = 100, // columns of a pane that has room for the names too
	MARK_WIDTH = 10
};

// Counts lines down to the one that is wanted.
struct lines {
	size_t wanted, seen;
	unsigned width;
	struct row *out;
};

static bool next(struct lines *l)
{
	return l->seen++ == l->wanted;
}

static void head(struct lines *l, const char *title)
{
	if (next(l))
		row_add(l->out, ROLE_PLAIN, " ");
	if (next(l))
		row_add(l->out, ROLE_TITLE, "%s", title);
}

// "f  Ctrl-F" of one command and argument, of all contexts; context gets the first one.
static void key_list(enum command_id id, const char *arg, char *buf, size_t len, enum key_context *context)
{
	size_t at = 0;
	buf[0] = '\0';
	*context = CONTEXT_COUNT;
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		char name[KEY_NAME];
		if (b->command != id || strcmp(b->arg, arg) != 0 || b->context == CONTEXT_PROMPT ||
		    !keys_reachable(b->context, b))
			continue;
		if (*context == CONTEXT_COUNT)
			*context = b->context;
		keys_name(b->key, name);
		if (strstr(buf, name)) // a second context has it too
			continue;
		int n = snprintf(buf + at, len - at, "%s%s", at ? " " : "", name);
		if (n < 0 || (size_t)n >= len - at) {
			buf[at] = '\0';
			break;
		}
		at += (size_t)n;
	}
}

static void add_name(struct lines *l, const char *name)
{
	if (l->width >= NAMES_FROM)
		row_add(l->out, ROLE_DIM, "%-*s ", NAME_WIDTH, name);
}

static void key_line(struct lines *l, enum command_id id, const char *arg)
{
	const struct command *c = command_info(id);
	char keys[40];
	enum key_context context;
	if (!next(l))
		return;
	key_list(id, arg, keys, sizeof keys, &context);
	row_add(l->out, ROLE_KEY, "  %-*s ", KEYS_WIDTH, keys);
	add_name(l, arg[0] ? arg : c->needs & NEED_KEY ? "" : c->name);
	if (id == CMD_FLIP)
		row_add(l->out, ROLE_PLAIN, "%s on or off", option_info((enum option_id)option_find(arg))->symbol);
	else if (id == CMD_PANE)
		row_add(l->out, ROLE_PLAIN, "to the pane %s", arg);
	else
		row_add(l->out, ROLE_PLAIN, "%s", c->help);
	if (c->needs & NEED_LAB)
		row_add(l->out, ROLE_WARN, " (lab only)");
	if (context > CONTEXT_MAIN && context < CONTEXT_FILTER && id != CMD_BACK && id != CMD_BIND)
		row_add(l->out, ROLE_DIM, " (%s)", keys_context_name(context));
}

// A command that no key has: its synopsis, and where that is long, what it does on a line of its own.
static void typed_lines(struct lines *l, const struct command *c)
{
	bool here = next(l);
	if (here)
		row_add(l->out, ROLE_KEY, "  :%-*s ", KEYS_WIDTH - 1, c->synopsis);
	if (strlen(c->synopsis) > KEYS_WIDTH - 1) {
		if (here)
			return;
		here = next(l);
		if (here)
			row_add(l->out, ROLE_KEY, "  %-*s ", KEYS_WIDTH, "");
	}
	if (!here)
		return;
	add_name(l, "");
	row_add(l->out, ROLE_PLAIN, "%s", c->help);
	if (c->needs & NEED_LAB)
		row_add(l->out, ROLE_WARN, " (lab only)");
}

// A command has a line for each argument that a key gives it; one without keys has a line of its own.
static void command_lines(struct lines *l, enum command_id id)
{
	const char *said[16];
	size_t n = 0;
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		bool again = false;
		if (b->command != id || b->context == CONTEXT_PROMPT)
			continue;
		for (size_t j = 0; j < n; j++)
			again |= strcmp(said[j], b->arg) == 0;
		if (again || n == sizeof said / sizeof said[0])
			continue;
		said[n++] = b->arg;
		key_line(l, id, b->arg);
	}
	if (n == 0 && !(command_info(id)->needs & NEED_KEY))
		typed_lines(l, command_info(id));
}

static void paragraph(struct lines *l, const char *text)
{
	for (size_t len = strlen(text), end, rest; len > 0; text += rest, len -= rest) {
		end = width_wrap(text, len, l->width, &rest);
		if (next(l))
			row_add(l->out, ROLE_PLAIN, "%.*s", (int)end, text);
	}
}

static size_t build(size_t wanted, unsigned width, struct row *out)
{
	struct lines l = {.wanted = wanted, .width = width, .out = out};
	for (size_t i = 0; i < INTRODUCTION; i++) {
		if (i && next(&l))
			row_add(out, ROLE_PLAIN, " ");
		paragraph(&l, introduction[i]);
	}
	for (int g = 0; g < GROUP_COUNT; g++) {
		head(&l, command_group_title((enum command_group)g));
		for (int c = 0; c < CMD_COUNT; c++)
			if (command_info((enum command_id)c)->group == (enum command_group)g)
				command_lines(&l, (enum command_id)c);
	}
	head(&l, "Marks");
	for (size_t i = 0; i < MARKS; i++)
		if (next(&l)) {
			unsigned used = width_text(marks[i].mark, strlen(marks[i].mark));
			row_add(out, marks[i].role, "  %s%*s", marks[i].mark, (int)(MARK_WIDTH - used), "");
			row_add(out, ROLE_PLAIN, "%s", marks[i].text);
		}
	return l.seen;
}

// Lines longer than this are no pleasure to read.
static unsigned text_width(const struct app *app)
{
	enum { WIDEST = 110 };
	unsigned width = pane_width(app, PANE_HELP);
	return width < WIDEST ? width : WIDEST;
}

static size_t count(const struct app *app)
{
	struct row r;
	row_clear(&r);
	return build(SIZE_MAX, text_width(app), &r);
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	(void)width; // filtered lists ask with another
	build(item, text_width(app), out);
}

const struct pane_ops pane_help = {
	.name = "help",
	.title = "Help",
	.count = count,
	.row = row,
};
