// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/aim.h"
#include "core/examine.h"
#include "core/session_impl.h"

enum { NOT_TOLD = -1 };

int session_open(struct session *s, struct editor *editor, const char *read_only, char *err, size_t errlen)
{
	struct addr none = {0};
	*s = (struct session){.editor = editor, .read_only = read_only};
	s->attempt = attempt_new(&none);
	return observe_open(&s->observer, err, errlen);
}

void session_close(struct session *s)
{
	witness_close(s->witness);
	if (s->observer)
		observe_close(s->observer);
	host_free(s->own);
	*s = (struct session){0};
}

struct host *session_look(struct session *s, char *err, size_t errlen)
{
	struct host *h = NULL;
	return observe_read_small(s->observer, EXAMINE_ROUTES, &h, err, errlen) < 0 ? NULL : h;
}

void session_note(struct session *s, const char *fmt, ...)
{
	char *event = s->log[s->events++ % SESSION_LOG];
	time_t now = time(NULL);
	struct tm tm;
	size_t n = localtime_r(&now, &tm) ? strftime(event, SESSION_EVENT, "%H:%M:%S  ", &tm) : 0;
	va_list args;
	va_start(args, fmt);
	vsnprintf(event + n, SESSION_EVENT - n, fmt, args);
	va_end(args);
}

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
	return json_string(text);
}

void run_row(struct run *r, struct row *row)
{
	if (r->rows)
		json_array_append_new(r->rows, row_json(row));
	if (r->out->row)
		r->out->row(r->out->data, row);
	row_clear(row);
}

void run_line(struct run *r, enum role role, const char *fmt, ...)
{
	char text[ROW_TEXT];
	struct row row;
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	row_clear(&row);
	row_add(&row, role, "%s", text);
	run_row(r, &row);
}

enum session_result run_fail(struct run *r, enum session_result how, int param, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(r->error->text, sizeof r->error->text, fmt, args);
	va_end(args);
	r->error->has_column = param >= 0 && r->call->at[param];
	r->error->column = r->error->has_column ? r->call->column[param] : 0;
	return how;
}

const char *run_value(const struct run *r, unsigned n)
{
	return command_value(r->call, n);
}

// The commands that set what is to be bound.
static enum session_result run_aim(struct run *r)
{
	struct session *s = r->session;
	char text[ATTEMPT_TEXT], set[48];
	unsigned param = 0;
	struct row row;
	if (r->call->id == CMD_ADDRESS && !run_value(r, 0))
		return run_fail(r, SESSION_WRONG, NOT_TOLD, "address needs ADDRESS[%%SCOPE][:PORT] here");
	struct host *h = session_look(s, r->error->text, sizeof r->error->text);
	if (!h)
		return SESSION_MISSING;
	char why[COMMAND_ERROR];
	int ret = aim_run(&s->attempt, h, r->call, why, sizeof why, &param);
	host_free(h);
	if (ret < 0)
		return run_fail(r, SESSION_WRONG, (int)param, "%s", why);
	s->walked = false;
	row_clear(&row);
	row_add(&row, ROLE_LABEL, "bind ");
	row_add(&row, ROLE_ADDR, "%s", attempt_print(&s->attempt, text));
	for (unsigned i = 0; i < s->attempt.nsettings; i++)
		row_add(&row, ROLE_VALUE, "%s",
			(snprintf(text, sizeof text, " %s", setting_print(&s->attempt.settings[i], set)), text));
	if (s->attempt.unprivileged)
		row_add(&row, ROLE_VALUE, " unprivileged");
	run_row(r, &row);
	return SESSION_OK;
}

static enum session_result run_witness(struct run *r)
{
	struct session *s = r->session;
	char why[WITNESS_ERROR];
	bool on = argument_switch(run_value(r, 0), s->witness != NULL);
	witness_close(s->witness);
	s->witness = NULL;
	if (on && witness_open(&s->witness, why, sizeof why) < 0)
		return run_fail(r, SESSION_MISSING, NOT_TOLD, "%s", why);
	run_line(r, ROLE_DIM, "witness %s", on ? "on" : "off");
	return SESSION_OK;
}

static enum session_result run_wait(struct run *r, const char *text)
{
	struct row row;
	row_clear(&row);
	if (text)
		row_add(&row, ROLE_TITLE, "%s", text);
	if (r->rows && text)
		json_array_append_new(r->rows, json_string(text));
	if (r->out->wait)
		r->out->wait(r->out->data, &row);
	else if (text && r->out->row)
		r->out->row(r->out->data, &row);
	return SESSION_OK;
}

static enum session_result run_filter(struct run *r)
{
	const char *text = r->call->id == CMD_FILTER ? run_value(r, 0) : NULL;
	snprintf(r->session->filter, sizeof r->session->filter, "%s", text ? text : "");
	return SESSION_OK;
}

static enum session_result run_command(struct run *r)
{
	const struct command *c = command_info(r->call->id);
	if (c->needs & NEED_SCREEN)
		return run_fail(r, SESSION_WRONG, NOT_TOLD, "%s works in the explorer only: it is about the screen",
				c->name);
	if ((c->needs & NEED_LAB) && !r->session->editor)
		return run_fail(r, SESSION_MISSING, NOT_TOLD, "%s: %s", c->name, r->session->read_only);
	if (r->call->id != CMD_BIND && aim_knows(r->call->id))
		return run_aim(r);
	switch (r->call->id) {
	case CMD_BIND:
		if (run_value(r, 0)) {
			struct session_out silent = {0};
			struct run aim = {r->session, r->call, &silent, r->error, NULL, NULL};
			enum session_result how = run_aim(&aim);
			if (how != SESSION_OK)
				return how;
		}
		return run_bind(r);
	case CMD_WITNESS:
		return run_witness(r);
	case CMD_STEP:
	case CMD_STEP_NEXT:
	case CMD_STEP_PREV:
	case CMD_STEP_FIRST:
	case CMD_STEP_DECIDING:
		return run_step(r);
	case CMD_DETAIL:
		return run_detail(r);
	case CMD_SHOW:
		return run_show(r);
	case CMD_COMPARE:
		return run_compare(r);
	case CMD_WRITE:
		return run_write(r);
	case CMD_EXPECT:
		return run_expect(r);
	case CMD_HELP:
		return run_help(r);
	case CMD_FILTER:
	case CMD_FILTER_DROP:
		return run_filter(r);
	case CMD_SAY:
		run_line(r, ROLE_PLAIN, "%s", run_value(r, 0) ? run_value(r, 0) : "");
		return SESSION_OK;
	case CMD_ASK:
		return run_wait(r, run_value(r, 0));
	case CMD_PAUSE:
		return run_wait(r, NULL);
	case CMD_UNDO:
		return run_undo(r);
	case CMD_RESET:
		return run_reset(r);
	case CMD_KEEP:
		return run_keep(r);
	case CMD_QUIT:
		r->session->quit = true;
		return SESSION_OK;
	default:
		return run_change(r);
	}
}

static const char *result_name(enum session_result how)
{
	static const char *const names[] = {"ok", "failed", "wrong", "disagree", "missing"};
	return names[how];
}

static void hand_over_json(struct run *r, enum session_result how)
{
	json_t *root = json_object();
	if (r->out->line)
		json_object_set_new(root, "line", json_integer(r->out->line));
	json_object_set_new(root, "command", r->call ? json_string(command_info(r->call->id)->name) : json_null());
	json_object_set_new(root, "result", json_string(result_name(how)));
	if (how != SESSION_OK) {
		json_t *error = json_object();
		json_object_set_new(error, "text", json_string(r->error->text));
		if (r->error->has_column)
			json_object_set_new(error, "column", json_integer((json_int_t)r->error->column + 1));
		json_object_set_new(root, "error", error);
	}
	json_object_set(root, "lines", r->rows);
	json_object_update(root, r->result);
	char *text = json_dumps(root, JSON_COMPACT);
	if (text)
		r->out->json(r->out->data, text);
	free(text);
	json_decref(root);
}

// call is NULL for a line that is none.
static enum session_result run_call(struct session *s, const struct command_call *call, const struct session_out *out,
				    struct session_error *error)
{
	struct run r = {.session = s, .call = call, .out = out, .error = error};
	if (out->json) {
		r.rows = json_array();
		r.result = json_object();
	}
	enum session_result how = call ? run_command(&r) : SESSION_WRONG;
	if (out->json)
		hand_over_json(&r, how);
	json_decref(r.rows);
	json_decref(r.result);
	return how;
}

enum session_result session_run(struct session *s, const struct command_call *call, const struct session_out *out,
				struct session_error *error)
{
	*error = (struct session_error){0};
	return run_call(s, call, out, error);
}

enum session_result session_line(struct session *s, const char *line, const struct session_out *out,
				 struct session_error *error)
{
	struct command_call call;
	*error = (struct session_error){0};
	int ret = command_parse(line, &call, error->text, sizeof error->text, &error->column);
	error->has_column = ret < 0 && ret != -ENODATA;
	return ret == -ENODATA ? SESSION_OK : run_call(s, ret < 0 ? NULL : &call, out, error);
}
