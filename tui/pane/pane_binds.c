// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_binds.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/text/event_row.h"
#include "core/text/visible.h"
#include "core/text/width.h"
#include "tui/bind_item.h"
#include "tui/bind_text.h"
#include "tui/pane/order.h"

enum {
	CLOCK = 8, // of a time: what is shown where microseconds have no room
	ERRNO = 13,
	NARROW = 50,
	MEDIUM = 76,
	WIDE = 110, // room for where it was
	WIDEST = 150
};

static size_t count(const struct app *app)
{
	size_t n = bind_items(app);
	return n ? n : bind_text_lines(app, pane_width(app, PANE_BINDS));
}

// Text from outside, in so many columns; the last one has no blank behind it.
static void add(struct row *out, enum role role, const char *text, unsigned cols)
{
	char plain[EVENT_ROW_TEXT], shown[EVENT_ROW_TEXT];
	if (!cols)
		return;
	width_elide(visible_copy(text, plain, sizeof plain), cols - 1, shown, sizeof shown);
	unsigned used = width_text(shown, strlen(shown));
	row_add(out, role, "%s%*s", shown, used < cols ? (int)(cols - used) : 0, "");
}

// Of another call its name, and where a connect() goes.
static void asked(const struct bind_event *e, char buf[static EVENT_ROW_TEXT])
{
	char dest[DEST_TEXT];
	if (e->call == CALL_BIND)
		event_row_bind(e, buf);
	else if (e->call == CALL_CONNECT && e->attempt.then.dest.addr.family)
		snprintf(buf, EVENT_ROW_TEXT, "%s() %s", call_name(e->call), dest_print(&e->attempt.then, dest));
	else
		snprintf(buf, EVENT_ROW_TEXT, "%s() %s", call_name(e->call),
			 e->socket_known ? kind_info(e->attempt.kind)->name : "");
}

// What is asked for, and the options of the socket, in so many columns.
static void add_bind(struct row *out, const struct bind_event *e, unsigned cols)
{
	char bind[EVENT_ROW_TEXT], options[EVENT_ROW_TEXT];
	asked(e, bind);
	event_row_options(e, options);
	unsigned need = width_text(bind, strlen(bind)) + 1, more = width_text(options, strlen(options)) + 1;
	if (!*options || need + more > cols) {
		// That there are some is worth more than the middle of the address.
		unsigned mark = *options && cols > need ? cols - need : *options ? 2 : 0;
		add(out, ROLE_ADDR, bind, cols - mark);
		add(out, ROLE_VALUE, options, mark);
		return;
	}
	add(out, ROLE_ADDR, bind, need);
	add(out, ROLE_VALUE, options, cols - need);
}

static unsigned at_most(unsigned n, unsigned most)
{
	return n < most ? n : most;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct bind_event *e = bind_item(app, item);
	char text[EVENT_ROW_TEXT], time[EVENT_ROW_TIME];
	if (!e) {
		bind_text_line(app, width, item, out);
		return;
	}
	unsigned who = width < NARROW ? 13 : width < MEDIUM ? 15 : width < WIDE ? 21 : 24;
	event_row_time(e->when, &app->watched.binds.look, time);
	if (width >= NARROW)
		row_add(out, ROLE_DIM, "%.*s ", width < WIDE ? CLOCK : INT_MAX, time);
	row_add(out, e->err ? ROLE_FAIL : ROLE_OK, "%-*s ", ERRNO, e->err ? errno_name(e->err) : "bound");
	add(out, ROLE_LABEL, event_row_who(e, text), who);
	unsigned used = width_text(out->text, out->used), rest = width > used ? width - used : 1;
	if (width < WIDE) {
		add_bind(out, e, rest);
		return;
	}
	unsigned bind = at_most(rest, width < WIDEST ? 38 : 46);
	add_bind(out, e, bind);
	unsigned where = width < WIDEST ? rest - bind : at_most(rest - bind, (width - WIDEST) / 4 + 26);
	add(out, ROLE_DIM, event_row_where(e, text), where);
	add(out, ROLE_KERNEL, event_row_inner(e, text), rest - bind - where);
}

// What has no room in most rows.
static void also(const struct app *app, size_t item, struct row *out)
{
	const struct bind_event *e = bind_item(app, item);
	char text[EVENT_ROW_TEXT];
	if (!e)
		return;
	row_add(out, ROLE_PLAIN, "%s %s ", event_row_asked(e, text), e->err ? "refused" : "");
	row_add(out, ROLE_PLAIN, "%s ", event_row_options(e, text));
	row_add(out, ROLE_PLAIN, "%s %s ", event_row_who(e, text), e->unit);
	row_add(out, ROLE_PLAIN, "%s ", event_row_where(e, text));
	row_add(out, ROLE_PLAIN, "%s ", event_row_inner(e, text));
	if (e->uid_known)
		row_add(out, ROLE_PLAIN, "uid %u ", e->uid);
	if (e->netns)
		row_add(out, ROLE_PLAIN, "netns %llu", (unsigned long long)e->netns);
}

static bool left_out(const struct app *app, size_t item)
{
	const struct bind_event *e = bind_item(app, item);
	return e && !e->err && !(app->traced.shown ? app->traced.all : app->watched.binds.all);
}

static char changed(const struct app *app, size_t item)
{
	const struct watched_binds *b = &app->watched.binds;
	return item < bind_items(app) && b->oldest + item >= b->before ? '+' : ' ';
}

static const char *const orders[] = {"time", "program", "address", "error", NULL};
enum { BY_PROGRAM = 1, BY_ADDRESS };

struct sorting {
	const struct app *app;
	unsigned order;
};

static int compare(const void *x, const void *y, void *data)
{
	const struct sorting *by = data;
	const uint32_t *one = x, *other = y;
	const struct bind_event *a = bind_item(by->app, *one), *b = bind_item(by->app, *other);
	if (by->order == BY_PROGRAM) {
		int c = strcmp(a->program, b->program);
		return c ? c : (a->pid > b->pid) - (a->pid < b->pid);
	}
	if (by->order == BY_ADDRESS) {
		int c = (a->addr_known < b->addr_known) - (a->addr_known > b->addr_known);
		c = c || !a->addr_known ? c : addr_compare(&a->attempt.addr, &b->attempt.addr);
		return c ? c : (a->attempt.port > b->attempt.port) - (a->attempt.port < b->attempt.port);
	}
	return strcmp(errno_name(a->err), errno_name(b->err));
}

static uint32_t itself(const void *data, uint32_t item)
{
	(void)data;
	return item;
}

static void sort(const struct app *app, unsigned order, uint32_t *items, size_t n)
{
	struct sorting by = {app, order};
	if (bind_items(app))
		order_by(items, n, (uint32_t)bind_items(app), compare, itself, &by);
}

const struct pane_ops pane_binds = {
	.heading = bind_text_heading,
	.warning = bind_text_warning,
	.count = count,
	.row = row,
	.also = also,
	.left_out = left_out,
	.orders = orders,
	.sort = sort,
	.changed = changed,
};
