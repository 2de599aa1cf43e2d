// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/trace_row.h"

#include <errno.h>

#include "core/text/event_row.h"

// What a line begins with, so that it is told from the program's own.
static const char *class_of(const struct bind_event *e, const struct event_verdict *v)
{
	if (!e->err)
		return "OK";
	return v && v->present && code_class_name(v->class) ? code_class_name(v->class) : "OTHER";
}

static void add_asked(const struct bind_event *e, struct row *out)
{
	char text[EVENT_ROW_TEXT];
	row_add(out, ROLE_ADDR, "%s ", event_row_asked(e, text));
}

bool trace_row_is_lowered(const struct bind_event *e)
{
	return e->lowered && (e->err == EACCES || e->err == EPERM);
}

void trace_row(const struct bind_event *e, const struct event_verdict *v, struct row *out)
{
	char text[EVENT_ROW_TEXT];
	const char *where = e->container[0] ? e->container : e->unit;
	row_clear(out);
	row_add(out, e->err ? ROLE_FAIL : ROLE_OK, "%s ", class_of(e, v));
	row_add(out, ROLE_LABEL, "%s ", event_row_who(e, text));
	if (*where)
		row_add(out, ROLE_DIM, "%s ", where);
	add_asked(e, out);
	row_add(out, e->err ? ROLE_FAIL : ROLE_OK, "%s", errno_name(e->err));
	if (trace_row_is_lowered(e))
		row_add(out, ROLE_WARN, " (traced, with fewer capabilities)");
	const char *sentence = event_row_sentence(e, v);
	if (*sentence)
		row_add(out, v && v->present ? ROLE_PLAIN : ROLE_DIM, " %s", sentence);
}
