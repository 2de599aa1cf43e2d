// SPDX-License-Identifier: GPL-3.0-or-later
// Binding, and looking at the walk: bind, step, detail, expect.
#include "core/command/session_walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/attempt_command.h"
#include "core/command/job.h"
#include "core/evidence/evidence.h"
#include "core/model/next_call.h"
#include "core/model/walk_text.h"
#include "core/text/report.h"
#include "core/text/report_caller.h"
#include "core/text/report_json.h"
#include "core/text/report_next.h"

enum { WIDTH = 79 };

const char job_no_address[] = "no address yet; set one with: address ADDRESS";

// A fresh walk, with or without a bind.
static enum exit_status gather(struct job *r, bool predict)
{
	struct session *s = r->session;
	const struct evidence_how how = {.unprivileged = s->unprivileged, .predict = predict, .witness = s->witness};
	char why[COMMAND_ERROR];
	if (!s->attempt.addr.family)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", job_no_address);
	s->walked = false;
	if (evidence_read(s->observer, false, &s->now, why, sizeof why) < 0 ||
	    evidence_gather(s->observer, &s->now, &s->attempt, &how, why, sizeof why) < 0)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	s->walked = true;
	s->step = s->now.walk.decisive;
	session_saw_walk(s);
	return EXIT_OK;
}

enum exit_status job_walk(struct job *r)
{
	return r->session->walked ? EXIT_OK : gather(r, true);
}

// The report's own JSON, so that a walk looks the same everywhere.
static void add_json(struct job *r, const struct inquiry *in)
{
	const struct facts f = inquiry_facts(in);
	if (r->result)
		json_object_set_new(r->result, "walk", report_json_walk(&f, &in->walk));
}

// Changed at will: then a socket may listen there, and send.
static bool in_lab(const struct session *s)
{
	return s->editor && !editor_has_journal(s->editor);
}

// Whose bind it is, where it is not simply ours.
static void add_caller(struct job *r, const struct inquiry *in)
{
	struct row row;
	for (unsigned i = 0; report_caller_line(&in->caller, in->walk.observed.present, WIDTH, i, &row); i++)
		job_row(r, &row);
}

// The attempt, its result, and a remark on the next call.
static void add_outcome(struct job *r, const struct inquiry *in)
{
	const struct facts f = inquiry_facts(in);
	struct row row;
	row_clear(&row);
	report_head(&f, &in->walk, &row);
	job_row(r, &row);
	add_caller(r, in);
	report_verdict(&f, &in->walk, &row);
	job_row(r, &row);
	for (unsigned i = 0; report_next(&f, &in->walk, job_width(r), i, &row); i++)
		job_row(r, &row);
}

// The errno of the last thing that is said of the next call, and of bind() where that fails.
static const char *next_outcome(const struct inquiry *in)
{
	struct next_call next[NEXT_CALLS];
	const struct facts f = inquiry_facts(in);
	unsigned n = next_calls(&f, &in->walk, next);
	return errno_name(n ? next[n - 1].err : walk_errno(&in->walk));
}

static int take_dest(const struct job *r, struct attempt *a, char *err, size_t errlen)
{
	unsigned long port = NEXT_PORT;
	struct endpoint *dest = &a->then.dest;
	int rc = endpoint_parse(job_value(r, 0), dest, err, errlen);
	if (rc == 0 && job_value(r, 1) && dest->has_port) {
		snprintf(err, errlen, "the port was given already; expected one");
		return -EINVAL;
	}
	if (rc == 0 && !dest->has_port) {
		if (job_value(r, 1))
			number_parse(job_value(r, 1), UINT16_MAX, &port); // checked with the line
		dest->port = (uint16_t)port;
	}
	return rc;
}

void job_add_walk(struct job *r)
{
	struct session *s = r->session;
	struct row row;
	const struct facts f = inquiry_facts(&r->session->now);
	add_json(r, &r->session->now);
	row_clear(&row);
	report_head(&f, &s->now.walk, &row);
	job_row(r, &row);
	add_caller(r, &s->now);
	for (unsigned i = 0; i < s->now.walk.nsteps; i++) {
		report_step(&f, &s->now.walk, i, &row);
		job_row(r, &row);
	}
	report_verdict(&f, &s->now.walk, &row);
	job_row(r, &row);
}

static int found_err(const struct walk *w)
{
	return w->observed.present ? w->observed.err : w->predicted.err;
}

enum exit_status job_bind(struct job *r)
{
	struct session *s = r->session;
	enum exit_status how = gather(r, false);
	if (how != EXIT_OK)
		return how;
	add_json(r, &s->now);
	add_outcome(r, &s->now);
	session_note_bind(s, &s->now);
	if (s->now.walk.agreement == DISAGREES)
		return job_fail(r, EXIT_DISAGREE, NOT_TOLD, "model and kernel disagree: predicted %s, observed %s",
				errno_name(s->now.walk.predicted.err), errno_name(s->now.walk.observed.err));
	return EXIT_OK;
}

// A walk of its own, since it belongs to this one command; the session's stays as it is.
enum exit_status job_next(struct job *r)
{
	static struct inquiry in;
	struct session *s = r->session;
	const struct evidence_how how = {.unprivileged = s->unprivileged, .lab = in_lab(s)};
	struct attempt a = s->attempt;
	char why[COMMAND_ERROR];
	if (!a.addr.family)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", job_no_address);
	if (r->call->id == CMD_LISTEN)
		a.then.listen = true;
	else if (take_dest(r, &a, why, sizeof why) < 0)
		return job_fail(r, EXIT_WRONG, 0, "%s", why);
	int rc = evidence_read(s->observer, false, &in, why, sizeof why);
	if (rc == 0 && attempt_command_scope(&a, in.host, why, sizeof why) < 0) {
		inquiry_free(&in);
		return job_fail(r, EXIT_WRONG, 0, "%s", why);
	}
	if (rc == 0)
		rc = evidence_gather(s->observer, &in, &a, &how, why, sizeof why);
	if (rc == 0) {
		add_json(r, &in);
		add_outcome(r, &in);
		session_note(s, "%s: %s", command_info(r->call->id)->name, next_outcome(&in));
		recording_add_bind(&s->recording, s->line, &in);
	}
	inquiry_free(&in);
	return rc < 0 ? job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why) : EXIT_OK;
}

enum exit_status job_step(struct job *r)
{
	struct session *s = r->session;
	struct row row;
	enum exit_status how = job_walk(r);
	if (how != EXIT_OK)
		return how;
	const struct facts f = inquiry_facts(&r->session->now);
	unsigned long n = 0;
	unsigned last = s->now.walk.nsteps - 1;
	switch (r->call->id) {
	case CMD_STEP_NEXT:
		s->step = s->step < last ? s->step + 1 : last;
		break;
	case CMD_STEP_PREV:
		s->step = s->step ? s->step - 1 : 0;
		break;
	case CMD_STEP_FIRST:
		s->step = 0;
		break;
	case CMD_STEP_DECIDING:
		s->step = s->now.walk.decisive;
		break;
	case CMD_STEP_AT:
		for (n = 0; n < s->now.walk.nsteps; n++)
			if (strcmp(step_info(s->now.walk.steps[n].step)->name, job_value(r, 0)) == 0)
				break;
		if (n == s->now.walk.nsteps)
			return job_fail(r, EXIT_WRONG, 0, "this walk has no step %s", job_value(r, 0));
		s->step = (unsigned)n;
		break;
	default:
		number_parse(job_value(r, 0), 99, &n);
		if (n > s->now.walk.nsteps)
			return job_fail(r, EXIT_WRONG, 0, "this walk has only %u steps", s->now.walk.nsteps);
		s->step = (unsigned)n - 1;
	}
	row_clear(&row);
	report_step(&f, &s->now.walk, s->step, &row);
	job_row(r, &row);
	return EXIT_OK;
}

enum exit_status job_detail(struct job *r)
{
	struct session *s = r->session;
	struct row row;
	enum exit_status how = job_walk(r);
	const struct facts f = inquiry_facts(&r->session->now);
	row_clear(&row);
	for (unsigned n = 0;
	     how == EXIT_OK && report_detail(&f, &s->now.walk, s->step, DETAIL_ALL, job_width(r), n, &row); n++)
		job_row(r, &row);
	return how;
}

// What the last bind ended with; without a bind, what the model says.
enum exit_status job_expect(struct job *r)
{
	struct session *s = r->session;
	const char *wanted = job_value(r, 0);
	enum exit_status how = job_walk(r);
	if (how != EXIT_OK)
		return how;
	const struct facts f = inquiry_facts(&r->session->now);
	const struct walk *w = &s->now.walk;
	int err = found_err(w);
	const char *found = errno_name(err), *code = code_info(w->code)->name;
	char sentence[512];
	bool met = strcmp(wanted, "refused") == 0 ? err != 0 : strcmp(wanted, found) == 0 || strcmp(wanted, code) == 0;
	if (!met)
		return job_fail(r, EXIT_REFUSED, 0, "expected %s, found %s (%s, %s): %s", wanted, found, code,
				w->observed.present ? "observed" : "predicted",
				walk_sentence(&f, w, sentence, sizeof sentence));
	job_line(r, ROLE_OK, "as expected: %s (%s)", found, code);
	return EXIT_OK;
}
