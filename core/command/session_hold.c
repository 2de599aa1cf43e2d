// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/session_hold.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/attempt_command.h"
#include "core/command/command_parse.h"

// The parameters of the row.
enum { ADDRESS, PORT, TYPE, PROTO, DEVICE, SETTINGS, LISTEN, TIME_WAIT, NAME };

// Carries out a command of the attempt on the socket to hold.
static int aim(struct held *ask, const struct host *h, enum command_id id, const char *arg, char *err, size_t errlen)
{
	struct command_call call;
	int rc = command_make(id, arg, &call, err, errlen);
	return rc < 0 ? rc : attempt_command_run(&ask->attempt, h, &call, err, errlen, NULL);
}

static int aim_settings(struct held *ask, const struct host *h, const char *text, char *err, size_t errlen)
{
	char one[64];
	int rc = 0;
	for (size_t len; *text && rc == 0; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		snprintf(one, sizeof one, "%.*s", (int)len, text);
		rc = aim(ask, h, CMD_SET, one, err, errlen);
	}
	return rc;
}

// 0, or -EINVAL with a sentence about parameter *param.
static int read_ask(const struct job *r, const struct host *h, struct held *ask, int *param, char *err, size_t errlen)
{
	static const struct {
		int param;
		enum command_id id;
	} simple[] = {
		{TYPE, CMD_TYPE}, {PROTO, CMD_PROTO}, {ADDRESS, CMD_ADDRESS}, {PORT, CMD_PORT}, {DEVICE, CMD_DEVICE}};
	struct addr none = {0};
	int rc = 0;
	ask->attempt = attempt_new(&none);
	for (size_t i = 0; i < sizeof simple / sizeof *simple && rc == 0; i++) {
		const char *value = job_value(r, (unsigned)simple[i].param);
		*param = simple[i].param;
		if (value)
			rc = aim(ask, h, simple[i].id, value, err, errlen);
	}
	if (rc == 0 && job_value(r, SETTINGS)) {
		*param = SETTINGS;
		rc = aim_settings(ask, h, job_value(r, SETTINGS), err, errlen);
	}
	return rc;
}

static enum exit_status only_in_lab(struct job *r)
{
	return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s: only in a lab; start one with bindwalk lab",
			command_info(r->call->id)->name);
}

static void add_json(struct job *r, const struct held *h)
{
	if (!r->result)
		return;
	json_t *out = json_object();
	json_object_set_new(out, "number", json_integer(h->number));
	json_object_set_new(out, "pid", json_integer(h->pid));
	json_object_set_new(out, "port", json_integer(h->attempt.port));
	json_object_set_new(r->result, "holder", out);
}

// No other program's command does the same.
static void record(struct job *r, const char *arg)
{
	char line[COMMAND_ARG + 16];
	struct session *s = r->session;
	snprintf(line, sizeof line, "%s%s%s", command_info(r->call->id)->name, *arg ? " " : "", arg);
	recording_add_change(&s->recording, s->line, line, "");
}

enum exit_status job_hold(struct job *r)
{
	struct session *s = r->session;
	struct held ask = {.after = editor_count(s->editor)};
	char why[COMMAND_ERROR], text[HELD_TEXT], what[HELD_TEXT + 16];
	const char *name = job_value(r, NAME);
	int param = NOT_TOLD;
	if (editor_has_journal(s->editor))
		return only_in_lab(r);
	const struct host *h = session_look(s, why, sizeof why);
	if (!h)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	if (read_ask(r, h, &ask, &param, why, sizeof why) < 0)
		return job_fail(r, EXIT_WRONG, param, "%s", why);
	if (name && strlen(name) >= sizeof ask.name)
		return job_fail(r, EXIT_WRONG, NAME, "the name of a process has at most %zu bytes",
				sizeof ask.name - 1);
	snprintf(ask.name, sizeof ask.name, "%s", name ? name : "hold");
	ask.how = job_value(r, LISTEN) ? HELD_LISTENING : job_value(r, TIME_WAIT) ? HELD_TIME_WAIT : HELD_BOUND;
	if (ask.how == HELD_TIME_WAIT && ask.attempt.kind != KIND_TCP)
		return job_fail(r, EXIT_WRONG, TIME_WAIT, "only TCP has TIME_WAIT");
	const struct held *now = held_add(&s->held, &ask, why, sizeof why);
	if (!now)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", why);
	s->walked = false;
	snprintf(what, sizeof what, "hold %s", held_print(now, text));
	session_changed(s, what);
	session_note(s, "%s", what);
	record(r, r->call->arg);
	add_json(r, now);
	job_line(r, ROLE_DIM, "%u: %s", now->number, text);
	return EXIT_OK;
}

static void release(struct job *r, size_t n)
{
	struct session *s = r->session;
	char text[HELD_TEXT], what[HELD_TEXT + 32];
	const struct held h = s->held.all[n];
	bool alive = held_release(&s->held, n);
	s->walked = false;
	snprintf(what, sizeof what, "%s %s", alive ? "release" : "gone already:", held_print(&h, text));
	session_changed(s, what);
	session_note(s, "%s", what);
	job_line(r, ROLE_DIM, "%s", what);
	if (h.how == HELD_TIME_WAIT)
		job_line(r, ROLE_WARN,
			 "the kernel keeps the closed connection for up to a minute; a fresh lab has none");
}

static enum exit_status no_such(struct job *r, const char *number)
{
	const struct held_list *l = &r->session->held;
	char numbers[HELD_MOST * 12] = "";
	size_t used = 0;
	for (size_t i = 0; i < l->n; i++)
		used += (size_t)snprintf(numbers + used, sizeof numbers - used, "%s%u", i ? ", " : "",
					 l->all[i].number);
	return job_fail(r, EXIT_WRONG, 0, "there is no hold %s; there %s %s", number, l->n == 1 ? "is" : "are",
			numbers);
}

enum exit_status job_release(struct job *r)
{
	struct held_list *l = &r->session->held;
	const char *number = job_value(r, 0);
	unsigned long wanted = 0;
	if (editor_has_journal(r->session->editor))
		return only_in_lab(r);
	if (job_value(r, 1)) {
		session_release_all(r, true);
		record(r, "all");
		return EXIT_OK;
	}
	if (l->n == 0)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "nothing is held");
	size_t n = l->n - 1;
	if (number) {
		number_parse(number, UINT32_MAX, &wanted); // checked with the line
		for (n = 0; n < l->n && l->all[n].number != wanted;)
			n++;
	}
	if (n == l->n)
		return no_such(r, number);
	release(r, n);
	record(r, number ? number : "");
	return EXIT_OK;
}

size_t session_changes(const struct session *s)
{
	size_t n = s->editor ? editor_count(s->editor) : 0;
	for (size_t i = 0; i < s->held.n; i++)
		n += !s->held.all[i].kept;
	return n;
}

int session_undo_holds(struct job *r, bool all)
{
	struct held_list *l = &r->session->held;
	size_t changes = editor_count(r->session->editor);
	int n = 0;
	for (size_t i = l->n; i-- > 0 && (all || n == 0);)
		if (!l->all[i].kept && (all || l->all[i].after >= changes)) {
			release(r, i);
			n++;
		}
	return n;
}

void session_release_all(struct job *r, bool kept)
{
	for (size_t i = r->session->held.n; i-- > 0;)
		if (kept || !r->session->held.all[i].kept)
			release(r, i);
}
