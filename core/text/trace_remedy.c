// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/trace_remedy.h"

#include <string.h>

#include "core/text/quoting.h"
#include "core/text/report_remedy.h"

// An interpreter's file is no place for a script's privileges.
static bool is_interpreter(enum program p)
{
	return p == PROGRAM_PYTHON || p == PROGRAM_NODE || p == PROGRAM_JAVA;
}

// The capability that setcap(8) would give to a file. Returns its length, 0 for another remedy.
static int file_capability(const struct remedy *r, const char **name)
{
	static const char before[] = "setcap cap_";
	*name = r->change + sizeof before - 1;
	return r->kind == REMEDY_CAPABILITY && strncmp(r->change, before, sizeof before - 1) == 0
		       ? (int)strcspn(*name, "+")
		       : 0;
}

// With the program's file in the place of PROGRAM.
static void add_change(const struct remedy *r, const struct trace_owner *o, struct row *out)
{
	const char *cap;
	int len = file_capability(r, &cap);
	if (len && is_interpreter(o->program->known)) {
		row_add(out, ROLE_KEY,
			"setpriv --reuid=USER --regid=GROUP --init-groups --inh-caps=+%.*s --ambient-caps=+%.*s COMMAND",
			len, cap, len, cap);
		return;
	}
	static const char word[] = "PROGRAM";
	const char *at = r->kind == REMEDY_CAPABILITY ? strstr(r->change, word) : NULL, *exe = o->program->exe;
	if (at && *exe == '/' && quote_is_bare(exe))
		row_add(out, ROLE_KEY, "%.*s%s%s", (int)(at - r->change), r->change, exe, at + sizeof word - 1);
	else
		row_add(out, ROLE_KEY, "%s", r->change);
}

void trace_remedy_add(const struct remedy_choice *c, const struct trace_owner *o, struct row *out)
{
	const struct remedy *r = c->remedy;
	bool spelled = c->way == WAY_SPELLED || c->way == WAY_UNIT;
	bool in_code = c->way == WAY_CODE && o->program->known != PROGRAM_COUNT;
	if (spelled)
		row_add(out, ROLE_LABEL, "%s: ", c->way == WAY_UNIT ? o->unit : program_name(o->program->known));
	if (spelled)
		row_add(out, ROLE_KEY, "%s", c->spelled);
	else
		add_change(r, o, out);
	if (c->way == WAY_SPELLED)
		row_add(out, ROLE_DIM, "  (%s", r->change);
	else if (in_code)
		row_add(out, ROLE_DIM, "  (in its code");
	else
		row_add(out, ROLE_DIM, "  (%s", c->way == WAY_UNIT ? "[Service]" : remedy_price_short(r));
	if ((c->way == WAY_SPELLED || in_code) && r->needs != NEEDS_NOTHING)
		row_add(out, ROLE_DIM, "; needs %s", remedy_needs_name(r->needs));
	row_add(out, ROLE_DIM, "%s)", r->verified ? "" : "; may be enough");
}

struct rows {
	report_line *put_row;
	void *data;
	unsigned put;
};

static void begin(const char *label, struct row *out)
{
	row_clear(out);
	out->hanging = REMEDY_INDENT;
	row_add(out, ROLE_LABEL, "%-*s", REMEDY_INDENT, label);
}

static void put_labelled(struct rows *rows, const char *label, enum role role, const char *text)
{
	struct row r;
	begin(label, &r);
	row_add(&r, role, "%s", text);
	rows->put_row(&r, rows->data);
}

static void put_choice(struct rows *rows, const struct remedy_choice *c, const struct trace_owner *o)
{
	const struct remedy *r = c->remedy;
	bool next_time = r->kind == REMEDY_WAIT || r->kind == REMEDY_OTHER;
	struct row row;
	begin(rows->put++ ? "" : "remedy", &row);
	trace_remedy_add(c, o, &row);
	rows->put_row(&row, rows->data);
	if (r->keep[0] && c->way == WAY_HOST)
		put_labelled(rows, next_time ? " next" : " keep", ROLE_DIM, r->keep);
}

static bool leaves_the_same(const struct remedy *a, const struct remedy *b)
{
	return b->then.remains && strcmp(a->then.sentence, b->then.sentence) == 0;
}

// A program that nothing is known of may take its socket from systemd.
static void put_socket_unit(struct rows *rows, const struct remedy_choice *choices, unsigned n,
			    const struct trace_owner *o)
{
	char spelled[SPELLING_TEXT], text[SPELLING_TEXT + 80];
	for (unsigned i = 0; i < n && o->program->known == PROGRAM_COUNT; i++) {
		const struct remedy *r = choices[i].remedy;
		if (r->reach != REACH_SOCKET || !r->verified ||
		    !program_spelling(PROGRAM_SYSTEMD, &r->spelling, spelled))
			continue;
		snprintf(text, sizeof text, "systemd: %s, in a .socket unit that binds in its place", spelled);
		put_labelled(rows, "config", ROLE_DIM, text);
		return;
	}
}

void trace_remedy_rows(const struct remedy *all, unsigned n, const char *none, const struct trace_owner *o,
		       unsigned most, report_line *put_row, void *data)
{
	struct remedy_choice choices[REMEDIES];
	struct rows rows = {.put_row = put_row, .data = data};
	unsigned count = remedy_order(all, n, o->program->known, o->unit, choices);
	count = most && count > most ? most : count;
	for (unsigned i = 0; i < count; i++) {
		const struct remedy *r = choices[i].remedy;
		bool ends = i + 1 == count || !leaves_the_same(r, choices[i + 1].remedy);
		put_choice(&rows, &choices[i], o);
		if (r->then.remains && ends) {
			char text[sizeof r->then.sentence + 32];
			snprintf(text, sizeof text, "%s: %s", errno_name(r->then.err), r->then.sentence);
			put_labelled(&rows, " then", ROLE_WARN, text);
		}
	}
	put_socket_unit(&rows, choices, count, o);
	if (count == 0 && none) {
		char text[300];
		snprintf(text, sizeof text, "none: %s", none);
		put_labelled(&rows, "remedy", ROLE_DIM, text);
	}
}
