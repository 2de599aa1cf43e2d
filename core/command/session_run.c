// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/session_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/argument.h"
#include "core/command/ask_text.h"
#include "core/command/attempt_command.h"
#include "core/command/command_parse.h"
#include "core/command/job.h"
#include "core/command/session_change.h"
#include "core/command/session_compare.h"
#include "core/command/session_hold.h"
#include "core/command/session_lesson.h"
#include "core/command/session_show.h"
#include "core/command/session_walk.h"
#include "core/command/session_write.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"

// The commands that set the attempt.
static enum exit_status run_aim(struct job *r)
{
	struct session *s = r->session;
	char text[ATTEMPT_TEXT], set[48];
	unsigned param = 0;
	struct row row;
	if (r->call->id == CMD_ADDRESS && !job_value(r, 0))
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "address needs ADDRESS[%%SCOPE][:PORT] here");
	const struct host *h = session_look(s, r->error->text, sizeof r->error->text);
	if (!h)
		return EXIT_MISSING;
	char why[COMMAND_ERROR];
	if (r->call->id == CMD_UNPRIVILEGED)
		s->unprivileged = argument_unprivileged(job_value(r, 0), s->unprivileged);
	else if (attempt_command_run(&s->attempt, h, r->call, why, sizeof why, &param) < 0)
		return job_fail(r, EXIT_WRONG, (int)param, "%s", why);
	s->walked = false;
	row_clear(&row);
	row_add(&row, ROLE_LABEL, "bind ");
	row_add(&row, ROLE_ADDR, "%s", attempt_print(&s->attempt, text));
	for (unsigned i = 0; i < s->attempt.nsettings; i++)
		row_add(&row, ROLE_VALUE, "%s",
			(snprintf(text, sizeof text, " %s", setting_print(&s->attempt.settings[i], set)), text));
	if (s->unprivileged)
		row_add(&row, ROLE_VALUE, " %s", unprivileged_name(s->unprivileged));
	job_row(r, &row);
	return EXIT_OK;
}

static enum exit_status run_witness(struct job *r)
{
	struct session *s = r->session;
	char why[WITNESS_ERROR];
	bool on = argument_switch(job_value(r, 0), s->witness != NULL);
	witness_close(s->witness);
	s->witness = NULL;
	if (on && witness_open(&s->witness, why, sizeof why) < 0)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	const char *without = on ? witness_without(s->witness) : "";
	job_line(r, ROLE_DIM, "witness %s%s%s", on ? "on" : "off", *without ? ": route lookups only; " : "", without);
	return EXIT_OK;
}

static enum exit_status run_wait(struct job *r, const char *text)
{
	struct row row;
	row_clear(&row);
	if (text)
		row_add(&row, ROLE_TITLE, "%s", text);
	if (r->rows && text)
		json_array_append_new(r->rows, json_text(text));
	if (r->out->wait)
		r->out->wait(r->out->data, &row);
	else if (text && r->out->row)
		r->out->row(r->out->data, &row);
	return EXIT_OK;
}

// The question, and behind it what may be answered.
static enum exit_status run_ask(struct job *r)
{
	struct ask ask;
	char why[COMMAND_ERROR], text[ASK_TEXT + ASK_CHOICES * (ASK_WORD + 2) + 8];
	size_t at, used;
	if (!job_value(r, 0))
		return job_fail(r, EXIT_WRONG, NOT_TOLD,
				"ask needs TEXT here; without it, the explorer asks for a prediction");
	if (ask_parse(job_value(r, 0), &ask, why, sizeof why, &at) < 0) {
		enum exit_status how = job_fail(r, EXIT_WRONG, 0, "%s", why);
		r->error->column += at;
		return how;
	}
	used = (size_t)snprintf(text, sizeof text, "%s", ask.text);
	for (unsigned i = 0; i < ask.nchoices; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", i ? ", " : " (", ask.choice[i],
					 i + 1 == ask.nchoices ? ")" : "");
	recording_add_ask(&r->session->recording, r->session->line, text, job_value(r, 0));
	return run_wait(r, text);
}

static enum exit_status run_pause(struct job *r)
{
	return run_wait(r, NULL);
}

static enum exit_status run_say(struct job *r)
{
	const char *text = job_value(r, 0);
	recording_add_text(&r->session->recording, FRAME_SAY, r->session->line, text);
	job_line(r, ROLE_PLAIN, "%s", text ? text : "");
	return EXIT_OK;
}

static enum exit_status run_filter(struct job *r)
{
	const char *text = r->call->id == CMD_FILTER ? job_value(r, 0) : NULL;
	snprintf(r->session->filter, sizeof r->session->filter, "%s", text ? text : "");
	return EXIT_OK;
}

static enum exit_status run_command(struct job *r);

// A command behind the words of another one: `do`, `since`, `before`.
static enum exit_status run_behind(struct job *r, unsigned param)
{
	struct command_call call;
	const struct command_call *outer = r->call;
	char why[COMMAND_ERROR];
	size_t column = 0;
	int ret = command_parse(job_value(r, param), &call, why, sizeof why, &column);
	if (ret < 0) {
		enum exit_status how =
			job_fail(r, EXIT_WRONG, (int)param, "%s", ret == -ENODATA ? "expected a command" : why);
		r->error->column += column;
		return how;
	}
	if (call.id == CMD_DO || call.id == CMD_SINCE || call.id == CMD_BEFORE)
		if (outer->id == CMD_DO || call.id != CMD_DO)
			return job_fail(r, EXIT_WRONG, (int)param, "%s cannot stand behind %s",
					command_info(call.id)->name, command_info(outer->id)->name);
	r->call = &call;
	enum exit_status how = run_command(r);
	r->call = outer;
	r->error->column += r->error->has_column ? outer->column[param] : 0;
	return how;
}

static enum exit_status run_lesson(struct job *r)
{
	switch (r->call->id) {
	case CMD_DO:
		job_line(r, ROLE_LABEL, "$ %s", job_value(r, 0));
		return run_behind(r, 0);
	case CMD_SINCE:
	case CMD_BEFORE:
		return job_is_for_kernel(r) ? run_behind(r, 1) : EXIT_OK;
	default:
		return job_lesson(r);
	}
}

// `bind ENDPOINT` aims first.
static enum exit_status run_bind(struct job *r)
{
	if (job_value(r, 0)) {
		struct session_out silent = {0};
		struct job aim = {r->session, r->call, &silent, r->error, NULL, NULL};
		enum exit_status how = run_aim(&aim);
		if (how != EXIT_OK)
			return how;
	}
	return job_bind(r);
}

static enum exit_status run_step(struct job *r)
{
	return job_is_title(r) ? job_lesson(r) : job_step(r);
}

static enum exit_status run_quit(struct job *r)
{
	r->session->quit = true;
	return EXIT_OK;
}

// All that neither aims, nor is a word of lessons, nor changes the network.
static enum exit_status (*const runners[CMD_COUNT])(struct job *r) = {
	[CMD_BIND] = run_bind,
	[CMD_LISTEN] = job_next,
	[CMD_CONNECT] = job_next,
	[CMD_WITNESS] = run_witness,
	[CMD_STEP] = run_step,
	[CMD_STEP_NEXT] = job_step,
	[CMD_STEP_PREV] = job_step,
	[CMD_STEP_FIRST] = job_step,
	[CMD_STEP_DECIDING] = job_step,
	[CMD_STEP_AT] = job_step,
	[CMD_DETAIL] = job_detail,
	[CMD_SHOW] = job_show,
	[CMD_COMPARE] = job_compare,
	[CMD_COMPARE_WITH] = job_compare_with,
	[CMD_PIN] = job_pin,
	[CMD_COUNTERPART] = job_counterpart,
	[CMD_WRITE] = job_write,
	[CMD_EXPECT] = job_expect,
	[CMD_HELP] = job_help,
	[CMD_FILTER] = run_filter,
	[CMD_FILTER_DROP] = run_filter,
	[CMD_SAY] = run_say,
	[CMD_ASK] = run_ask,
	[CMD_PAUSE] = run_pause,
	[CMD_HOLD] = job_hold,
	[CMD_RELEASE] = job_release,
	[CMD_UNDO] = job_undo,
	[CMD_RESET] = job_reset,
	[CMD_KEEP] = job_keep,
	[CMD_QUIT] = run_quit,
};

static enum exit_status run_command(struct job *r)
{
	const struct command *c = command_info(r->call->id);
	if (c->needs & NEED_SCREEN)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s works only in the explorer: it is about the screen",
				c->name);
	if (r->session->followed && r->session->followed->recorded && command_is_live(r->call))
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", command_recorded);
	if ((c->needs & NEED_LAB) && !r->session->editor)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s: %s", c->name, r->session->read_only);
	if (command_is_of_lessons(r->call->id))
		return run_lesson(r);
	if (r->call->id == CMD_UNPRIVILEGED || (r->call->id != CMD_BIND && attempt_command_knows(r->call->id)))
		return run_aim(r);
	return runners[r->call->id] ? runners[r->call->id](r) : job_change(r);
}

// An incomplete result is not handed over.
static enum exit_status hand_over_json(struct job *r, enum exit_status how)
{
	json_t *root = json_object();
	if (r->out->line)
		json_object_set_new(root, "line", json_integer(r->out->line));
	json_object_set_new(root, "command", json_text(r->call ? command_info(r->call->id)->name : NULL));
	json_object_set_new(root, "result", json_text(exit_status_info(how)->result));
	if (how != EXIT_OK) {
		json_t *error = json_object();
		json_object_set_new(error, "text", json_text(r->error->text));
		if (r->error->has_column)
			json_object_set_new(error, "column", json_integer((json_int_t)r->error->column + 1));
		json_object_set_new(root, "error", error);
	}
	json_object_set(root, "lines", r->rows);
	json_object_update(root, r->result);
	char *text = json_text_print(root, JSON_COMPACT);
	json_decref(root);
	if (json_memory_lost() || !text)
		how = job_fail(r, EXIT_MISSING, NOT_TOLD, "cannot print the result as JSON: %s", strerror(ENOMEM));
	else
		r->out->json(r->out->data, text);
	free(text);
	return how;
}

// call is NULL for a line that is none.
static enum exit_status run_call(struct session *s, const struct command_call *call, const struct session_out *out,
				 struct session_error *error)
{
	struct job r = {.session = s, .call = call, .out = out, .error = error};
	if (out->json) {
		json_memory_watch();
		r.rows = json_array();
		r.result = json_object();
	}
	enum exit_status how = call ? run_command(&r) : EXIT_WRONG;
	if (out->json)
		how = hand_over_json(&r, how);
	json_decref(r.rows);
	json_decref(r.result);
	return how;
}

enum exit_status session_run(struct session *s, const struct command_call *call, const struct session_out *out,
			     struct session_error *error)
{
	*error = (struct session_error){0};
	return run_call(s, call, out, error);
}

enum exit_status session_line(struct session *s, const char *line, const struct session_out *out,
			      struct session_error *error)
{
	struct command_call call;
	*error = (struct session_error){0};
	int ret = command_parse(line, &call, error->text, sizeof error->text, &error->column);
	error->has_column = ret < 0 && ret != -ENODATA;
	return ret == -ENODATA ? EXIT_OK : run_call(s, ret < 0 ? NULL : &call, out, error);
}

enum exit_status session_script(struct session *s, const struct script *at, const struct session_out *out,
				struct session_error *error)
{
	struct session_out numbered = *out;
	numbered.line = at->line;
	if (!at->wrong) {
		s->line = at->line;
		enum exit_status how = session_line(s, at->now, &numbered, error);
		s->line = 0;
		return how;
	}
	*error = (struct session_error){.column = at->column, .has_column = true};
	snprintf(error->text, sizeof error->text, "%s", at->wrong);
	return run_call(s, NULL, &numbered, error);
}
