// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/matrix_text.h"

#include <string.h>

#include "core/text/json_text.h"
#include "core/text/labelled.h"
#include "core/text/markdown.h"
#include "core/text/stream_end.h"

enum { NAME_SETS = 3 };

static const struct {
	unsigned width;
	const char *name[WAY_COUNT];
} names[NAME_SETS] = {
	{19, {"nothing", "address configured", "Any-IP route", "IP_FREEBIND", "IP_TRANSPARENT", "ip_nonlocal_bind"}},
	{11, {"nothing", "configured", "Any-IP", "FREEBIND", "TRANSPARENT", "sysctl"}},
	{8, {"nothing", "address", "Any-IP", "FREEBIND", "TRANSP.", "sysctl"}},
};

bool matrix_cell_differs(const struct matrix_cell *c)
{
	return c->live && c->live_err != c->err;
}

static int cell_err(const struct matrix_cell *c)
{
	return c->live ? c->live_err : c->err;
}

static const char *cell_word(const struct matrix_cell *c)
{
	int err = cell_err(c);
	return err ? errno_name(err) : c->live ? "bound" : "binds";
}

// "!": not as predicted. "●": bound for real. "?": the model is not certain.
static const char *cell_mark(const struct matrix_cell *c)
{
	return matrix_cell_differs(c) ? "!" : c->live ? "●" : c->certain ? " " : "?";
}

struct matrix_layout matrix_layout(const struct matrix *m, unsigned width, enum matrix_column most)
{
	enum { MARKS = 2, ROOMY = 18 }; // a cursor and a mark before each cell
	unsigned longest = (unsigned)strlen("v4-mapped");
	for (int w = 0; w < WAY_COUNT; w++)
		for (int c = 0; c < AS_COUNT; c++) {
			unsigned len = (unsigned)strlen(cell_word(&m->cells[w][c]));
			longest = len > longest ? len : longest;
		}
	struct matrix_layout l = {.label = names[0].width, .cell = longest + MARKS, .only = AS_COUNT};
	while (l.names + 1 < NAME_SETS && l.label + AS_COUNT * l.cell > width)
		l.label = names[++l.names].width;
	if (l.label + AS_COUNT * l.cell > width && l.cell > longest + 1)
		l.cell = longest + 1; // the cursor stands in the mark's place
	if (l.label + AS_COUNT * l.cell > width) {
		l.only = most;
		l.cell = longest + MARKS;
		for (l.names = 0; l.names + 1 < NAME_SETS && names[l.names].width + l.cell > width; l.names++)
			;
		l.label = names[l.names].width;
	}
	while (l.only == AS_COUNT && l.cell < ROOMY && l.label + AS_COUNT * (l.cell + 1) <= width)
		l.cell++;
	return l;
}

// Is the column shown; is it the last one shown?
static bool is_shown(const struct matrix_layout *l, int c)
{
	return l->only == AS_COUNT || c == (int)l->only;
}

static bool is_last(const struct matrix_layout *l, int c)
{
	return c == (int)l->only || c + 1 == AS_COUNT;
}

void matrix_heading(const struct matrix_layout *l, struct row *out)
{
	row_clear(out);
	row_add(out, ROLE_LABEL, "%-*s", (int)l->label, "");
	for (int c = 0; c < AS_COUNT; c++)
		if (is_shown(l, c))
			row_add(out, ROLE_TITLE, "  %-*s", is_last(l, c) ? 0 : (int)l->cell - 2,
				matrix_column_name((enum matrix_column)c));
}

// The last cell of a row is not padded.
static void add_cell(const struct matrix_cell *c, unsigned width, bool selected, bool last, struct row *out)
{
	const char *word = cell_word(c), *mark = cell_mark(c);
	bool cursor = width >= strlen(word) + 2;
	if (cursor || selected)
		row_add(out, ROLE_POINTED, "%s", selected ? "▸" : " ");
	if (cursor || !selected)
		row_add(out, matrix_cell_differs(c) || !c->certain ? ROLE_WARN : ROLE_SYSCALL, "%s", mark);
	row_add(out,
		matrix_cell_differs(c) ? ROLE_WARN
		: cell_err(c)          ? ROLE_FAIL
				       : ROLE_OK,
		"%-*s", last ? 0 : (int)(width - (cursor ? 2 : 1)), word);
}

void matrix_row(const struct matrix *m, const struct matrix_layout *l, enum matrix_way w, enum matrix_column selected,
		struct row *out)
{
	row_clear(out);
	row_add(out, ROLE_LABEL, "%-*s", (int)l->label, names[l->names].name[w]);
	for (int c = 0; c < AS_COUNT; c++)
		if (is_shown(l, c))
			add_cell(&m->cells[w][c], l->cell, c == (int)selected, is_last(l, c), out);
}

static bool has(const struct matrix *m, bool (*is)(const struct matrix_cell *c))
{
	for (int w = 0; w < WAY_COUNT; w++)
		for (int c = 0; c < AS_COUNT; c++)
			if (is(&m->cells[w][c]))
				return true;
	return false;
}

static bool is_live(const struct matrix_cell *c)
{
	return c->live;
}

static bool is_open(const struct matrix_cell *c)
{
	return !c->certain && !c->live;
}

void matrix_legend(const struct matrix *m, struct row *out)
{
	row_clear(out);
	row_add(out, ROLE_DIM,
		has(m, is_live) ? "● bound for real under each change" : "predicted for this host under each change");
	if (has(m, matrix_cell_differs))
		row_add(out, ROLE_WARN, " · ! not as predicted");
	if (has(m, is_open))
		row_add(out, ROLE_WARN, " · ? not certain");
}

void matrix_cell_text(const struct matrix_cell *c, enum matrix_way w, enum matrix_column col, struct row *out)
{
	row_clear(out);
	row_add(out, ROLE_TITLE, "%s %s", matrix_column_name(col), matrix_way_heading(w));
	if (c->live && matrix_cell_differs(c))
		row_add(out, ROLE_WARN, ", live: %s, but predicted: ", c->live_err ? errno_name(c->live_err) : "bound");
	else if (c->live)
		row_add(out, ROLE_SYSCALL, ", live, as predicted: ");
	else
		row_add(out, ROLE_MODEL, c->certain ? ", predicted: " : ", predicted, not certain: ");
}

static void attempt_text(const struct attempt *a, char *buf, size_t len)
{
	char text[ATTEMPT_TEXT], set[48];
	size_t used = (size_t)snprintf(buf, len, "%s", attempt_print(a, text));
	for (unsigned i = 0; i < a->nsettings && used < len; i++)
		used += (size_t)snprintf(buf + used, len - used, " %s", setting_print(&a->settings[i], set));
}

bool matrix_text_line(const struct matrix *m, unsigned width, unsigned n, struct row *out)
{
	const struct matrix_layout l = matrix_layout(m, width, AS_IPV4);
	const struct labelled at = {.label = 11, .width = width};
	struct row legend;
	char text[512];
	matrix_legend(m, &legend);
	if (labelled_line(&(struct labelled){.width = width}, "", ROLE_DIM, legend.text, &n, out))
		return true;
	if (n-- == 0) {
		matrix_heading(&l, out);
		return true;
	}
	if (n < WAY_COUNT) {
		matrix_row(m, &l, (enum matrix_way)n, AS_COUNT, out);
		return true;
	}
	n -= WAY_COUNT;
	for (int c = 0; c < AS_COUNT; c++) {
		attempt_text(&m->cells[WAY_NOTHING][c].attempt, text, sizeof text);
		if (labelled_line(&at, matrix_column_name((enum matrix_column)c), ROLE_ADDR, text, &n, out))
			return true;
	}
	return false;
}

int matrix_markdown(const struct matrix *m, FILE *out)
{
	char text[512];
	fputs("| |", out);
	for (int c = 0; c < AS_COUNT; c++) {
		attempt_text(&m->cells[WAY_NOTHING][c].attempt, text, sizeof text);
		fprintf(out, " %s ", matrix_column_name((enum matrix_column)c));
		markdown_put(text, out);
		fputs(" |", out);
	}
	fputs("\n|---|---|---|---|\n", out);
	for (int w = 0; w < WAY_COUNT; w++) {
		fputs("| ", out);
		markdown_put(names[0].name[w], out);
		fputs(" |", out);
		for (int c = 0; c < AS_COUNT; c++) {
			const struct matrix_cell *cell = &m->cells[w][c];
			fprintf(out, " %s (%s%s) |", cell_word(cell),
				cell->live      ? "live"
				: cell->certain ? "predicted"
						: "predicted, not certain",
				matrix_cell_differs(cell) ? ", not as predicted" : "");
		}
		fputc('\n', out);
	}
	return stream_end(out);
}

json_t *matrix_json(const struct matrix *m)
{
	json_t *out = json_array();
	for (int w = 0; w < WAY_COUNT; w++)
		for (int c = 0; c < AS_COUNT; c++) {
			const struct matrix_cell *cell = &m->cells[w][c];
			char addr[ADDR_TEXT];
			json_t *one =
				json_pack("{s:s,s:s,s:s,s:s,s:b,s:s}", "with", matrix_way_name((enum matrix_way)w),
					  "as", matrix_column_name((enum matrix_column)c), "address",
					  addr_print(&cell->attempt.addr, addr), "predicted", errno_name(cell->err),
					  "certain", cell->certain, "code", code_info(cell->code)->name);
			json_object_set_new(one, "observed", json_text(cell->live ? errno_name(cell->live_err) : NULL));
			json_array_append_new(out, one);
		}
	return out;
}
