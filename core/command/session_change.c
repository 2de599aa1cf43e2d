// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of the namespace, and undoing them.
#include "core/command/session_change.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/change/editor_undo.h"
#include "core/change/inventory.h"
#include "core/command/argument.h"
#include "core/command/attempt_command.h"
#include "core/command/command_edit.h"
#include "core/command/job.h"
#include "core/command/nearest.h"
#include "core/command/session_hold.h"
#include "core/observe/proc.h"
#include "core/text/growing.h"

// The interfaces that a change names must be there: said with their names, before the kernel says only "No such
// device".
static enum exit_status check_links(struct job *r)
{
	char why[COMMAND_ERROR];
	const struct command *c = command_info(r->call->id);
	const struct host *h = NULL;
	enum exit_status how = EXIT_OK;
	for (unsigned i = 0; i < command_params(r->call->id) && how == EXIT_OK; i++) {
		const char *name = c->params[i].kind == ARG_LINK ? job_value(r, i) : NULL;
		if (!name)
			continue;
		if (!h && !(h = session_look(r->session, why, sizeof why)))
			return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
		const struct link *l = host_link_named(h, name);
		if (!l && attempt_command_no_link(h, name, why, sizeof why) < 0)
			how = job_fail(r, EXIT_WRONG, (int)i, "%s", why);
		else if (l && strcmp(l->name, name) != 0)
			how = job_fail(r, EXIT_WRONG, (int)i, "%s is an alternative name; use %s in a change", name,
				       l->name);
	}
	return how;
}

static const char *sysctl_word(void *data, size_t n)
{
	(void)data;
	return argument_word(ARG_SYSCTL, n);
}

static enum exit_status no_sysctl(struct job *r)
{
	const char *name = job_value(r, 1), *near = nearest_word(name, sysctl_word, NULL);
	return job_fail(r, EXIT_WRONG, 1, "this kernel has no sysctl %s here%s%s%s", name,
			near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

// A switch without a value is flipped.
static enum exit_status toggle(struct job *r, struct edit *e)
{
	const char *name = e->sysctl.name;
	char path[256], now[64];
	ssize_t n = proc_read("", proc_sysctl_path(name, path, sizeof path), now, sizeof now);
	if (n == -ENOENT)
		return no_sysctl(r);
	if (n < 0)
		return job_fail(r, EXIT_WRONG, 1, "%s: %s", name, strerror((int)-n));
	if (strcmp(now, "0\n") != 0 && strcmp(now, "1\n") != 0)
		return job_fail(r, EXIT_WRONG, 1, "%s cannot be toggled; write it with sysctl %s VALUE; it is %.*s",
				name, name, (int)strcspn(now, "\n"), now);
	snprintf(e->sysctl.value, sizeof e->sysctl.value, "%s", now[0] == '0' ? "1" : "0");
	return EXIT_OK;
}

enum exit_status job_change(struct job *r)
{
	struct session *s = r->session;
	char why[COMMAND_ERROR] = "", text[EDIT_TEXT], line[EDIT_TEXT];
	struct edit edits[COMMAND_EDITS];
	enum exit_status how = check_links(r);
	if (how != EXIT_OK)
		return how;
	int n = command_edits(r->call, edits, why, sizeof why);
	if (n == -ENODATA) {
		if ((how = toggle(r, edits)) != EXIT_OK)
			return how;
		n = 1;
	}
	if (n < 0)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", why);
	for (int i = 0; i < n; i++) {
		size_t before = editor_count(s->editor);
		int err = editor_make(s->editor, &edits[i], why, sizeof why);
		if (err == -ENOENT && r->call->id == CMD_SYSCTL)
			return no_sysctl(r);
		if (err < 0)
			return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", why);
		s->walked = false;
		bool made = editor_count(s->editor) > before; // of a deletion, the very route that it took
		const struct edit *edit = made ? editor_at(s->editor, before) : &edits[i];
		edit_shell(edit, text, sizeof text);
		session_note(s, "%s", text);
		recording_add_change(&s->recording, s->line, edit_print(edit, line, sizeof line), text);
		session_changed(s, text);
		job_line(r, ROLE_DIM, "%s", text);
	}
	return EXIT_OK;
}

static enum exit_status not_agreed(struct job *r)
{
	return job_fail(r, EXIT_WRONG, NOT_TOLD, "not confirmed; everything stays as it is");
}

// What undoing the last changes runs, from the last one on, and where each change's part of the text ends.
struct way_back {
	struct growing text;
	size_t *end, n;
};

// The recording gets the hosts before and after: an undo brings back more than its text says.
static void see_host(struct session *s)
{
	char why[COMMAND_ERROR];
	if (!s->followed)
		session_look(s, why, sizeof why);
}

static void plan_way_back(struct session *s, struct way_back *w)
{
	const struct editor *e = s->editor;
	char text[EDIT_TEXT];
	if (editor_count(e) > 0)
		see_host(s);
	*w = (struct way_back){.n = editor_count(e)};
	w->end = calloc(w->n + 1, sizeof *w->end);
	for (size_t i = 0; i < w->n && w->end; i++) {
		const struct inventory *back = editor_back(e, w->n - i - 1);
		for (size_t k = 0; k < back->n; k++)
			if (!back->edits[k].by_kernel)
				growing_add(&w->text, "%s%s", w->text.len ? "\n" : "",
					    edit_shell(&back->edits[k], text, sizeof text));
		w->end[i] = w->text.len;
	}
}

// Records that the last `n` of them were undone.
static void note_way_back(struct session *s, struct way_back *w, size_t n, const char *command)
{
	if (n > 0 && w->end && w->text.p)
		w->text.p[w->end[n - 1]] = '\0';
	if (n > 0)
		recording_add_change(&s->recording, s->line, command, w->text.p ? w->text.p : "");
	if (n > 0)
		see_host(s);
	free(w->end);
	free(w->text.p);
}

enum exit_status job_undo(struct job *r)
{
	struct session *s = r->session;
	struct way_back way;
	char why[COMMAND_ERROR] = "";
	bool all = job_value(r, 0) != NULL;
	if (editor_count(s->editor) > 0 && !editor_agreed(s->editor, EDITOR_UNDO))
		return not_agreed(r);
	plan_way_back(s, &way);
	int held = session_undo_holds(r, all), n = held && !all ? 0 : editor_undo(s->editor, all, why, sizeof why);
	note_way_back(s, &way, way.n - editor_count(s->editor), all ? "undo all" : "undo");
	if (n == -ENODATA && all) {
		n = 0;
		why[0] = '\0';
	}
	if (n == -ENODATA)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "there is no change to undo");
	s->walked = false;
	if (n < 0)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s%s", why, all ? "; the others are undone" : "");
	n += held;
	if (why[0])
		job_line(r, ROLE_WARN, "%s", why);
	session_changed(s, "undo");
	session_note(s, "undo: %d change%s", n, n == 1 ? "" : "s");
	job_line(r, ROLE_DIM, "%d change%s undone, %zu left", n, n == 1 ? "" : "s", session_changes(s));
	return EXIT_OK;
}

enum exit_status job_reset(struct job *r)
{
	struct session *s = r->session;
	struct way_back way;
	char why[COMMAND_ERROR] = "", text[ATTEMPT_TEXT];
	plan_way_back(s, &way);
	int err = editor_reset(s->editor, why, sizeof why);
	note_way_back(s, &way, err < 0 ? 0 : way.n, "reset");
	if (err < 0)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", why);
	session_release_all(r, false);
	s->attempt = s->first.attempt;
	s->unprivileged = s->first.unprivileged;
	s->walked = false;
	session_changed(s, "reset");
	session_note(s, "reset");
	if (why[0])
		job_line(r, ROLE_WARN, "%s", why);
	if (s->first.attempt.addr.family)
		job_line(r, ROLE_DIM, "lab reset; the bind is %s again", attempt_print(&s->first.attempt, text));
	else
		job_line(r, ROLE_DIM, "lab reset, and no bind is set");
	return EXIT_OK;
}

enum exit_status job_keep(struct job *r)
{
	struct session *s = r->session;
	char why[COMMAND_ERROR] = "";
	size_t n = session_changes(s);
	if (n > 0 && !editor_agreed(s->editor, EDITOR_KEEP))
		return not_agreed(r);
	if (editor_keep(s->editor, why, sizeof why) < 0)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	held_keep(&s->held);
	session_note(s, "keep: %zu change%s", n, n == 1 ? "" : "s");
	job_line(r, ROLE_DIM, "%zu change%s kept", n, n == 1 ? "" : "s");
	return EXIT_OK;
}
