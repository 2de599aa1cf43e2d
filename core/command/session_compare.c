// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/session_compare.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/change/editor_undo.h"
#include "core/command/attempt_command.h"
#include "core/command/command_edit.h"
#include "core/command/session_walk.h"
#include "core/evidence/evidence.h"
#include "core/evidence/trial.h"
#include "core/text/matrix_text.h"
#include "core/text/versus.h"

// Undoes the latest changes until so many are left. 0, or -errno with a sentence appended to err.
static int undo_to(struct editor *e, size_t count, char *err, size_t errlen)
{
	char why[COMMAND_ERROR];
	size_t at = strlen(err);
	int rc = 0;
	while (rc >= 0 && editor_count(e) > count)
		rc = editor_undo(e, false, why, sizeof why);
	if (rc < 0)
		snprintf(err + at, errlen - at, "%sthis lab could not be restored; try reset: %.300s",
			 at ? "; and " : "", why);
	return rc < 0 ? rc : 0;
}

// Runs a line in the lab. It is no error if the object exists already or this kernel lacks the feature.
static int change_lab(struct editor *e, const char *line, char *err, size_t errlen)
{
	struct edit edit[COMMAND_EDITS];
	int ret = command_edit_line(line, edit, err, errlen);
	if (ret > 0)
		ret = editor_make(e, edit, err, errlen);
	return ret == -EEXIST || ret == -ENOENT || ret == -EACCES ? 0 : ret;
}

// Makes the real bind of a cell, in a lab that is changed for that moment.
static int bind_cell(struct job *r, const struct host *h, struct matrix_cell *cell, enum matrix_way w,
		     const struct caller *caller, char *err, size_t errlen)
{
	struct editor *e = r->session->editor;
	char line[MATRIX_CHANGE];
	struct trial t;
	size_t before = editor_count(e);
	int ret = 0;
	for (int i = 4; i <= 6 && ret == 0; i += 2) {
		snprintf(line, sizeof line, "sysctl net.ipv%d.ip_nonlocal_bind %d", i, w == WAY_SYSCTL);
		ret = change_lab(e, line, err, errlen);
	}
	if (ret == 0 && *matrix_change(h, &cell->attempt, w, line))
		ret = change_lab(e, line, err, errlen);
	if (ret == 0 && (ret = trial_run(&cell->attempt, caller, &t)) < 0)
		snprintf(err, errlen, "could not try a socket: %s", strerror(-ret));
	if (ret == 0)
		err[0] = '\0';
	int stuck = undo_to(e, before, err, errlen);
	cell->live = ret == 0;
	cell->live_err = ret == 0 ? t.err : 0;
	return ret < 0 ? ret : stuck;
}

static enum exit_status may_be_live(struct job *r)
{
	const struct session *s = r->session;
	if (s->editor && editor_has_journal(s->editor))
		return job_fail(r, EXIT_MISSING, 0,
				"compare live changes sysctls and routes and changes them back; it needs a lab");
	return s->editor ? EXIT_OK
			 : job_fail(r, EXIT_MISSING, 0, "compare live changes the namespace: %s", s->read_only);
}

// Who holds the port is the same under each change.
static enum exit_status make_matrix(struct job *r, bool live)
{
	struct session *s = r->session;
	char why[COMMAND_ERROR] = "";
	struct inquiry in = {0};
	enum exit_status how = live ? may_be_live(r) : EXIT_OK;
	if (how != EXIT_OK)
		return how;
	if (!s->attempt.addr.family)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", job_no_address);
	in.host = session_look(s, why, sizeof why);
	if (!in.host || session_caller(s, in.host, &in.caller, why, sizeof why) < 0)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	evidence_holders(&in, &s->attempt, true);
	const struct facts f = inquiry_facts(&in);
	int err = matrix_predict(&f, &s->attempt, &s->matrix);
	for (int w = 0; w < WAY_COUNT && live && err == 0; w++)
		for (int c = 0; c < AS_COUNT && err == 0; c++)
			err = bind_cell(r, in.host, &s->matrix.cells[w][c], (enum matrix_way)w, &in.caller, why,
					sizeof why);
	inquiry_free(&in);
	s->has_matrix = err == 0;
	s->matrix_of = s->attempt;
	return err < 0 ? job_fail(r, EXIT_MISSING, NOT_TOLD, "compare: %s", why[0] ? why : strerror(-err)) : EXIT_OK;
}

enum exit_status job_compare(struct job *r)
{
	const struct matrix *m = &r->session->matrix;
	struct row row;
	bool disagrees = false;
	enum exit_status how = make_matrix(r, job_value(r, 0) != NULL);
	if (how != EXIT_OK)
		return how;
	if (r->result)
		json_object_set_new(r->result, "matrix", matrix_json(m));
	for (unsigned n = 0; matrix_text_line(m, job_width(r), n, &row); n++)
		job_row(r, &row);
	for (int w = 0; w < WAY_COUNT; w++)
		for (int c = 0; c < AS_COUNT; c++)
			disagrees |= m->cells[w][c].certain && matrix_cell_differs(&m->cells[w][c]);
	return disagrees ? job_fail(r, EXIT_DISAGREE, NOT_TOLD, "model and kernel disagree at each !") : EXIT_OK;
}

enum exit_status job_matrix(struct job *r)
{
	const struct session *s = r->session;
	return s->has_matrix && attempt_equal(&s->matrix_of, &s->attempt) ? EXIT_OK : make_matrix(r, false);
}

// Predicts the other bind over the host of the present walk.
static void look_beside(struct job *r, const struct attempt *a)
{
	struct session *s = r->session;
	struct inquiry in = {.host = s->now.host, .caller = s->now.caller};
	const struct facts f = inquiry_facts(&in);
	evidence_holders(&in, a, true);
	evidence_predict(s->observer, &in, a);
	snapshot_take(&s->other, &f, &in.walk);
	inquiry_free(&in);
	walks_seen_other(&s->seen, &s->other, &s->versus);
}

static enum exit_status with_address(struct job *r)
{
	struct session *s = r->session;
	struct attempt a = s->attempt;
	struct endpoint ep;
	char why[COMMAND_ERROR];
	unsigned long port;
	if (endpoint_parse(job_value(r, 1), &ep, why, sizeof why) < 0)
		return job_fail(r, EXIT_WRONG, 1, "%s", why);
	if (ep.addr.family != a.addr.family)
		a = counterpart(s->now.host, &a); // the options of that family
	attempt_aim(&a, &ep);
	a.family = ep.addr.family;
	if (job_value(r, 2) && number_parse(job_value(r, 2), UINT16_MAX, &port) == 0)
		a.port = (uint16_t)port;
	if (attempt_command_scope(&a, s->now.host, why, sizeof why) < 0)
		return job_fail(r, EXIT_WRONG, 1, "%s", why);
	look_beside(r, &a);
	return EXIT_OK;
}

static enum exit_status find_versus(struct job *r, const char *kind, bool address)
{
	struct session *s = r->session;
	enum exit_status how = job_walk(r);
	if (how != EXIT_OK)
		return how;
	session_saw_walk(s);
	if (address)
		return with_address(r);
	if (kind && strcmp(kind, "before") == 0)
		return walks_seen_before(&s->seen, &s->versus)
			       ? EXIT_OK
			       : job_fail(r, EXIT_WRONG, 0,
					  "nothing has changed yet, so there is no walk before this one");
	if (kind && strcmp(kind, "pinned") == 0)
		return walks_seen_pinned(&s->seen, &s->versus)
			       ? EXIT_OK
			       : job_fail(r, EXIT_WRONG, 0, "no walk is pinned; pin the present one with: pin");
	struct attempt a = pairs_counterpart(&s->pairs, s->now.host, &s->attempt);
	look_beside(r, &a);
	return EXIT_OK;
}

enum exit_status job_compare_with(struct job *r)
{
	const char *kind = job_value(r, 0);
	struct row row;
	if (kind && job_value(r, 1))
		return job_fail(r, EXIT_WRONG, 1, "expected either %s or an address", kind);
	enum exit_status how = find_versus(r, kind, job_value(r, 1) != NULL);
	if (how != EXIT_OK)
		return how;
	r->session->has_versus = true;
	if (r->result)
		json_object_set_new(r->result, "compare", versus_json(&r->session->versus));
	for (unsigned n = 0; versus_text_line(&r->session->versus, job_width(r), n, &row); n++)
		job_row(r, &row);
	return EXIT_OK;
}

enum exit_status job_versus(struct job *r)
{
	return r->session->has_versus ? EXIT_OK : find_versus(r, NULL, false);
}

enum exit_status job_pin(struct job *r)
{
	enum exit_status how = job_walk(r);
	if (how != EXIT_OK)
		return how;
	session_saw_walk(r->session);
	walks_seen_pin(&r->session->seen);
	job_line(r, ROLE_DIM, "walk pinned; compare with pinned sets the present one beside it");
	return EXIT_OK;
}

enum exit_status job_counterpart(struct job *r)
{
	struct session *s = r->session;
	char why[COMMAND_ERROR], text[ATTEMPT_TEXT];
	struct row row;
	if (!s->attempt.addr.family)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", job_no_address);
	const struct host *h = session_look(s, why, sizeof why);
	if (!h)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	const struct attempt from = s->attempt;
	s->attempt = pairs_counterpart(&s->pairs, h, &from);
	pairs_note(&s->pairs, h, &from, &s->attempt, true);
	s->walked = false;
	row_clear(&row);
	row_add(&row, ROLE_LABEL, "bind ");
	row_add(&row, ROLE_ADDR, "%s", attempt_print(&s->attempt, text));
	job_row(r, &row);
	return EXIT_OK;
}
