// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/versus.h"

#include <string.h>

#include "core/text/json_text.h"
#include "core/text/markdown.h"
#include "core/text/report.h"
#include "core/text/step_row.h"
#include "core/text/stream_end.h"
#include "core/text/width.h"

static const char differs_mark[] = "≠";

void versus_make(struct versus *v, const struct snapshot *first, const struct snapshot *second)
{
	v->walk[0] = first;
	v->walk[1] = second;
	walk_beside(&first->walk, &second->walk, &v->beside);
}

// One step of a row, BESIDE_NONE if that walk takes none.
static int step_at(const struct versus *v, unsigned row, unsigned side)
{
	return v->beside.row[row].step[side];
}

// The step that a row is about, whichever walk takes it.
static enum step_id about(const struct versus *v, unsigned row)
{
	int first = step_at(v, row, 0);
	return first >= 0 ? v->walk[0]->walk.steps[first].step : v->walk[1]->walk.steps[step_at(v, row, 1)].step;
}

void versus_summary(const struct versus *v, struct row *out)
{
	unsigned row = v->beside.first;
	if (row == v->beside.n) {
		row_add(out, ROLE_DIM, "No step differs.");
		return;
	}
	row_add(out, ROLE_WARN, "%s ", differs_mark);
	row_add(out, ROLE_PLAIN, "First difference: ");
	row_add(out, ROLE_DECISIVE, "%s", beside_role(about(v, row)));
	row_add(out, ROLE_DIM, " (");
	for (unsigned side = 0; side < 2; side++) {
		int step = step_at(v, row, side);
		step = step >= 0 ? step : v->beside.row[row].elsewhere[side];
		if (step >= 0)
			row_add(out, ROLE_DIM, "%s%s step %d", side ? ", " : "", v->title[side], step + 1);
		else
			row_add(out, ROLE_DIM, "%s%s no such step", side ? ", " : "", v->title[side]);
	}
	row_add(out, ROLE_DIM, ")");
}

void versus_heading(const struct versus *v, unsigned side, struct row *out)
{
	row_add(out, ROLE_TITLE, "%s ", v->title[side]);
	snapshot_attempt(v->walk[side], ROLE_ADDR, out);
}

static void add_gap(const struct versus *v, unsigned row, unsigned side, const char *none, struct row *out)
{
	int elsewhere = v->beside.row[row].elsewhere[side];
	if (elsewhere < 0)
		row_add(out, ROLE_DIM, "     %s", none);
	else
		row_add(out, ROLE_DIM, "     step %d here", elsewhere + 1);
}

// The left part of a step's row: without the evidence.
static void half(const struct versus *v, unsigned row, unsigned side, unsigned width, bool ascii, struct row *out)
{
	struct row whole, one;
	int step = step_at(v, row, side);
	size_t from, to;
	row_clear(&one);
	if (step < 0) {
		add_gap(v, row, side, "-", &one);
	} else {
		whole = v->walk[side]->steps[step];
		snapshot_answer(v->walk[side], (unsigned)step, &from, &to);
		row_add_part(&one, &whole, 0, to);
		step_row_fit(&one, width, ascii);
	}
	step_row_cell(out, &one, 0, one.used, width);
}

enum { MARK = 2 }; // columns of the mark before a half: in ASCII it is "!="

static void add_mark(const struct versus *v, unsigned row, bool ascii, struct row *out)
{
	bool here = row == v->beside.first;
	row_add(out, ROLE_WARN, "%s%s", here ? differs_mark : " ", here && ascii ? "" : " ");
}

void versus_row(const struct versus *v, unsigned i, unsigned width, bool ascii, struct row *out)
{
	enum { BETWEEN = 3 }; // columns: " │ "
	unsigned taken = BETWEEN + 2 * MARK, room = width > taken ? width - taken : 0, left = room / 2;
	row_clear(out);
	add_mark(v, i, ascii, out);
	half(v, i, 0, left, ascii, out);
	row_add(out, ROLE_DIM, ascii ? " | " : " │ ");
	add_mark(v, i, ascii, out);
	half(v, i, 1, room - left, ascii, out);
}

// Is the step worth its own line on a small screen?
static bool is_result(const struct versus *v, unsigned side, int step)
{
	return v->walk[side]->walk.steps[step].step == STEP_RESULT;
}

static bool stands_out(const struct versus *v, unsigned row, unsigned side, bool brief)
{
	int step = step_at(v, row, side);
	const struct walk_step *s = &v->walk[side]->walk.steps[step];
	if (row == v->beside.first || s->decisive || brief)
		return row == v->beside.first || s->decisive;
	return is_result(v, side, step) || (v->beside.row[row].differs && s->reached);
}

static bool reached(const struct versus *v, unsigned side, int step)
{
	return v->walk[side]->walk.steps[step].reached;
}

unsigned versus_lines(const struct versus *v, enum versus_fold fold, struct versus_line out[static VERSUS_LINES])
{
	bool brief = fold == VERSUS_BRIEF;
	unsigned n = 0;
	for (unsigned side = 0; side < 2; side++) {
		out[n++] = (struct versus_line){.side = side, .from = BESIDE_NONE, .to = BESIDE_NONE};
		bool folding = false;
		for (unsigned row = 0; row < v->beside.n; row++) {
			int step = step_at(v, row, side);
			if (step < 0)
				continue;
			bool out_of_line = stands_out(v, row, side, brief);
			if (brief && !out_of_line && (!reached(v, side, step) || is_result(v, side, step)))
				continue;
			if (folding && !out_of_line && reached(v, side, step) == reached(v, side, out[n - 1].from))
				out[n - 1].to = step;
			else
				out[n++] = (struct versus_line){.side = side, .from = step, .to = step, .row = row};
			folding = fold != VERSUS_WHOLE && !out_of_line;
		}
	}
	return n;
}

// "– 1-4 socket, hooks, family, table"
static void add_folded(const struct versus *v, const struct versus_line *l, struct row *out)
{
	const struct walk *w = &v->walk[l->side]->walk;
	bool got_there = w->steps[l->from].reached;
	row_add(out, ROLE_DIM, "%s ", got_there ? "–" : "·");
	row_add(out, ROLE_DIM, "%d-%d ", l->from + 1, l->to + 1);
	for (int i = l->from; i <= l->to; i++)
		row_add(out, ROLE_DIM, "%s%s",
			i > l->from ? ", "
			: got_there ? ""
				    : "not reached: ",
			step_info(w->steps[i].step)->name);
}

void versus_line_row(const struct versus *v, const struct versus_line *l, unsigned width, bool ascii, struct row *out)
{
	row_clear(out);
	if (l->from < 0) {
		struct row end;
		versus_heading(v, l->side, out);
		row_clear(&end);
		snapshot_outcome(v->walk[l->side], &end);
		for (unsigned i = 0; i < end.nspans; i++)
			row_right(out, (enum role)end.spans[i].role, "%.*s", (int)end.spans[i].len,
				  end.text + end.spans[i].start);
		return;
	}
	bool one = l->from == l->to;
	add_mark(v, one ? l->row : v->beside.n + 1, ascii, out);
	if (!one) {
		add_folded(v, l, out);
		return;
	}
	struct row whole = v->walk[l->side]->steps[l->from];
	step_row_fit(&whole, width > MARK ? width - MARK : 0, ascii);
	for (unsigned i = 0; i < whole.nspans; i++) {
		const struct span *s = &whole.spans[i];
		if (s->right)
			row_right(out, (enum role)s->role, "%.*s", (int)s->len, whole.text + s->start);
		else
			row_add(out, (enum role)s->role, "%.*s", (int)s->len, whole.text + s->start);
	}
}

// A cell of the wrapped table: "✗ 12 no interface has 2001:db8::1".
static void cell_text(const struct versus *v, unsigned row, unsigned side, struct row *out)
{
	int step = step_at(v, row, side);
	size_t from, to;
	row_clear(out);
	if (step < 0) {
		add_gap(v, row, side, "no such step", out);
		return;
	}
	const struct row *whole = &v->walk[side]->steps[step];
	snapshot_answer(v->walk[side], (unsigned)step, &from, &to);
	row_add(out, (enum role)whole->spans[0].role, "%.*s", (int)whole->spans[0].len, whole->text);
	row_add(out, ROLE_DIM, "%2d ", step + 1);
	row_add_part(out, whole, from, to);
}

// Part n of a cell that is wrapped; false when there is no such part.
static bool cell_part(const struct row *cell, unsigned width, unsigned hanging, unsigned n, size_t *from, size_t *to)
{
	size_t at = 0, next = 0;
	for (unsigned i = 0;; i++) {
		*from = at;
		*to = at + width_wrap(cell->text + at, cell->used - at, i ? width - hanging : width, &next);
		at += next;
		if (i == n)
			return true;
		if (at >= cell->used || next == 0)
			return false;
	}
}

enum { NAME = 13, HANGING = 5, NARROWEST = 60 };

// A name and two cells, on as many lines as the longer cell needs; counts *n down.
static bool table_line(const char *name, bool mark, const struct row cell[2], unsigned width, unsigned *n,
		       struct row *out)
{
	enum { BEFORE = 2 + NAME + 1, BETWEEN = 1 };
	unsigned room = (width < NARROWEST ? NARROWEST : width) - BEFORE - BETWEEN;
	const unsigned cols[2] = {room / 2, room - room / 2};
	for (unsigned part = 0;; part++) {
		size_t from[2], to[2];
		bool has[2];
		for (unsigned side = 0; side < 2; side++)
			has[side] = cell_part(&cell[side], cols[side], HANGING, part, &from[side], &to[side]);
		if (part && !has[0] && !has[1])
			return false;
		if ((*n)-- > 0)
			continue;
		row_clear(out);
		row_add(out, ROLE_WARN, "%s ", mark && !part ? differs_mark : " ");
		row_add(out, ROLE_LABEL, "%-*s ", NAME, part ? "" : name);
		for (unsigned side = 0; side < 2; side++) {
			unsigned hang = part && has[side] ? HANGING : 0;
			if (hang)
				row_add(out, ROLE_PLAIN, "%*s", (int)hang, "");
			if (side)
				row_add_part(out, &cell[side], has[side] ? from[side] : 0, has[side] ? to[side] : 0);
			else
				step_row_cell(out, &cell[side], has[side] ? from[side] : 0, has[side] ? to[side] : 0,
					      cols[side] - hang);
			if (!side && has[1])
				row_add(out, ROLE_PLAIN, " ");
		}
		return true;
	}
}

// The lines of a sentence, in the same way.
static bool sentence_line(const struct row *text, unsigned width, unsigned *n, struct row *out)
{
	size_t from, to;
	for (unsigned part = 0; text->used && cell_part(text, width, 0, part, &from, &to); part++)
		if ((*n)-- == 0) {
			row_clear(out);
			row_add_part(out, text, from, to);
			return true;
		}
	return false;
}

static void verdict_cell(const struct versus *v, unsigned side, struct row *out)
{
	row_clear(out);
	snapshot_outcome(v->walk[side], out);
}

bool versus_text_line(const struct versus *v, unsigned width, unsigned n, struct row *out)
{
	struct row cell[2], text;
	row_clear(&text);
	if (v->about[0])
		row_add(&text, ROLE_TITLE, "%s", v->about);
	if (sentence_line(&text, width, &n, out))
		return true;
	for (unsigned side = 0; side < 2; side++) {
		row_clear(&cell[side]);
		versus_heading(v, side, &cell[side]);
	}
	if (table_line("", false, cell, width, &n, out))
		return true;
	for (unsigned side = 0; side < 2; side++)
		verdict_cell(v, side, &cell[side]);
	if (table_line("", false, cell, width, &n, out))
		return true;
	for (unsigned row = 0; row < v->beside.n; row++) {
		for (unsigned side = 0; side < 2; side++)
			cell_text(v, row, side, &cell[side]);
		if (table_line(beside_role(about(v, row)), row == v->beside.first, cell, width, &n, out))
			return true;
	}
	row_clear(&text);
	versus_summary(v, &text);
	return sentence_line(&text, width, &n, out);
}

int versus_markdown(const struct versus *v, FILE *out)
{
	struct row r;
	if (v->about[0]) {
		row_clear(&r);
		row_add(&r, ROLE_PLAIN, "%s", v->about);
		markdown_put(r.text, out);
		fputs("\n\n", out);
	}
	fputs("| | step |", out);
	for (unsigned side = 0; side < 2; side++) {
		row_clear(&r);
		versus_heading(v, side, &r);
		fputc(' ', out);
		markdown_put(r.text, out);
		fputs(" |", out);
	}
	fputs("\n|---|---|---|---|\n", out);
	for (unsigned row = 0; row < v->beside.n; row++) {
		fprintf(out, "| %s | %s |", row == v->beside.first ? differs_mark : "", beside_role(about(v, row)));
		for (unsigned side = 0; side < 2; side++) {
			cell_text(v, row, side, &r);
			fputc(' ', out);
			markdown_put(r.text, out);
			fputs(" |", out);
		}
		fputc('\n', out);
	}
	fputs("| | |", out);
	for (unsigned side = 0; side < 2; side++) {
		verdict_cell(v, side, &r);
		fputs(" **", out);
		markdown_put(r.text, out);
		fputs("** |", out);
	}
	row_clear(&r);
	versus_summary(v, &r);
	fputs("\n\n", out);
	markdown_put(r.text, out);
	fputc('\n', out);
	return stream_end(out);
}

static json_t *step_json(const struct versus *v, unsigned row, unsigned side)
{
	int i = step_at(v, row, side);
	char answer[ROW_TEXT];
	size_t from, to;
	if (i < 0)
		return json_null();
	const struct walk *w = &v->walk[side]->walk;
	snapshot_answer(v->walk[side], (unsigned)i, &from, &to);
	snprintf(answer, sizeof answer, "%.*s", (int)(to - from), v->walk[side]->steps[i].text + from);
	return json_pack("{s:i,s:s,s:b,s:b,s:o}", "step", i + 1, "name", step_info(w->steps[i].step)->name, "reached",
			 w->steps[i].reached, "decisive", w->steps[i].decisive, "answer", json_text(answer));
}

static json_t *walk_json(const struct versus *v, unsigned side)
{
	const struct walk *w = &v->walk[side]->walk;
	struct row r;
	row_clear(&r);
	snapshot_attempt(v->walk[side], ROLE_PLAIN, &r);
	return json_pack("{s:s,s:o,s:s,s:o,s:s}", "title", v->title[side], "attempt", json_text(r.text), "predicted",
			 errno_name(w->predicted.err), "observed",
			 json_text(w->observed.present ? errno_name(w->observed.err) : NULL), "code",
			 code_info(w->code)->name);
}

json_t *versus_json(const struct versus *v)
{
	json_t *rows = json_array(), *out = json_object();
	for (unsigned row = 0; row < v->beside.n; row++)
		json_array_append_new(rows, json_pack("{s:s,s:b,s:o,s:o}", "role", beside_role(about(v, row)),
						      "differs", v->beside.row[row].differs, "first",
						      step_json(v, row, 0), "second", step_json(v, row, 1)));
	json_object_set_new(out, "about", json_text(v->about[0] ? v->about : NULL));
	json_object_set_new(out, "first", walk_json(v, 0));
	json_object_set_new(out, "second", walk_json(v, 1));
	json_object_set_new(out, "first_difference",
			    json_text(v->beside.first < v->beside.n ? beside_role(about(v, v->beside.first)) : NULL));
	json_object_set_new(out, "rows", rows);
	return out;
}
