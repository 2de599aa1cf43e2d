// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/job.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/text/json_text.h"

// As text a line has a gap where what stands at the right edge begins.
static json_t *row_json(const struct row *row)
{
	char text[ROW_TEXT + 2];
	unsigned i = 0;
	while (i < row->nspans && !row->spans[i].right)
		i++;
	size_t left = i < row->nspans ? row->spans[i].start : row->used;
	snprintf(text, sizeof text, "%.*s%s%s", (int)left, row->text, left && left < row->used ? "  " : "",
		 row->text + left);
	return json_text(text);
}

void job_row(struct job *r, struct row *row)
{
	if (r->rows)
		json_array_append_new(r->rows, row_json(row));
	if (r->out->row)
		r->out->row(r->out->data, row);
	row_clear(row);
}

void job_line(struct job *r, enum role role, const char *fmt, ...)
{
	char text[ROW_TEXT];
	struct row row;
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	row_clear(&row);
	row_add(&row, role, "%s", text);
	job_row(r, &row);
}

enum exit_status job_fail(struct job *r, enum exit_status how, int param, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(r->error->text, sizeof r->error->text, fmt, args);
	va_end(args);
	r->error->has_column = param >= 0 && r->call->at[param];
	r->error->column = r->error->has_column ? r->call->column[param] : 0;
	return how;
}

const char *job_value(const struct job *r, unsigned n)
{
	return command_value(r->call, n);
}

unsigned job_width(const struct job *r)
{
	enum { WIDTH = 80 };
	return r->out->width ? r->out->width : WIDTH;
}
