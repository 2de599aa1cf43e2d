// SPDX-License-Identifier: GPL-3.0-or-later
// Binding, and looking at the walk: bind, step, detail, expect, write, compare.
#include "core/command/session_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/change/editor_undo.h"
#include "core/change/own_file.h"
#include "core/command/attempt_command.h"
#include "core/command/command_edit.h"
#include "core/command/job.h"
#include "core/command/memory_file.h"
#include "core/evidence/evidence.h"
#include "core/evidence/trial.h"
#include "core/model/matrix.h"
#include "core/model/next_call.h"
#include "core/model/walk_text.h"
#include "core/text/json_text.h"
#include "core/text/report.h"
#include "core/text/report_caller.h"
#include "core/text/report_json.h"
#include "core/text/report_next.h"

enum { WIDTH = 79 };

static const char no_address[] = "no address yet; set one with: address ADDRESS";

// A fresh walk, with or without a bind.
static enum exit_status gather(struct job *r, bool predict)
{
	struct session *s = r->session;
	const struct evidence_how how = {.unprivileged = s->unprivileged, .predict = predict, .witness = s->witness};
	char why[COMMAND_ERROR];
	if (!s->attempt.addr.family)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", no_address);
	s->walked = false;
	if (evidence_read(s->observer, false, &s->now, why, sizeof why) < 0 ||
	    evidence_gather(s->observer, &s->now, &s->attempt, &how, why, sizeof why) < 0)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	s->walked = true;
	s->step = s->now.walk.decisive;
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
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", no_address);
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
	for (unsigned n = 0; how == EXIT_OK && report_detail(&f, &s->now.walk, s->step, job_width(r), n, &row); n++)
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

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n > m && strcmp(text + n - m, end) == 0;
}

// A file appears whole or not at all: it is written beside its place and then moved there. The kernel applies the
// umask, which other threads share.
static int write_beside(const char *path, bool force, const char *text, size_t len)
{
	enum { TRIES = 100 };
	char temporary[PATH_MAX + 32];
	int fd = -1;
	for (int i = 0; i < TRIES && fd < 0; i++) {
		snprintf(temporary, sizeof temporary, "%s.%d-%d~", path, (int)getpid(), i);
		fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			return -errno;
	}
	int err = fd < 0 ? -EBUSY : own_file_write(fd, text, len);
	if (fd < 0)
		return err;
	if (close(fd) < 0 && err == 0)
		err = -errno;
	if (err == 0 && (force ? rename(temporary, path) : link(temporary, path)) < 0)
		err = -errno;
	if (err < 0 || !force)
		unlink(temporary);
	return err;
}

// What is there is overwritten where its name leads to, and never anything but a file: a device would be gone for
// everybody.
static int write_whole(const char *path, bool force, const char *text, size_t len)
{
	char real[PATH_MAX];
	struct stat st;
	if (stat(path, &st) < 0)
		return errno == ENOENT ? write_beside(path, false, text, len) : -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -ENOTSUP;
	if (!force)
		return -EEXIST;
	return realpath(path, real) ? write_beside(real, true, text, len) : -errno;
}

// "~/" is home, as in a shell.
static const char *at_home(const char *path, char *buf, size_t len)
{
	const char *home = getenv("HOME");
	if (strncmp(path, "~/", 2) != 0 || !home)
		return path;
	int n = snprintf(buf, len, "%s%s", home, path + 1);
	return n > 0 && (size_t)n < len ? buf : path;
}

enum exit_status job_write(struct job *r)
{
	struct session *s = r->session;
	char home[PATH_MAX];
	const char *path = at_home(job_value(r, 0), home, sizeof home);
	struct report_style style = {.ascii = r->out->ascii};
	struct memory_file memory;
	enum exit_status how = job_walk(r);
	if (how != EXIT_OK)
		return how;
	const struct facts f = inquiry_facts(&r->session->now);
	int err = memory_file_open(&memory);
	if (err == 0)
		err = memory_file_close(&memory, ends_in(path, ".json")
							 ? report_json(&f, &s->now.walk, memory.file)
							 : report_text(&f, &s->now.walk, style, memory.file));
	if (err == 0) {
		err = write_whole(path, job_value(r, 1), memory.text.p, memory.text.len);
		free(memory.text.p);
	}
	if (err == -EEXIST && job_value(r, 1))
		return job_fail(r, EXIT_WRONG, 0, "%s is a dangling link; remove it first", path);
	if (err == -EEXIST)
		return job_fail(r, EXIT_WRONG, 0, "%s already exists; overwrite it with: write %s force", path, path);
	if (err == -ENOTSUP)
		return job_fail(r, EXIT_WRONG, 0, "%s is a device, pipe or socket; expected the name of a file", path);
	if (err < 0)
		return job_fail(r, EXIT_WRONG, 0, "%s: %s", path, strerror(-err));
	job_line(r, ROLE_DIM, "walk saved to %s", path);
	return EXIT_OK;
}

// Undoes the latest changes down to so many. 0, or -errno with a sentence in err, after the one that is there.
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

// Binds a cell for real, in a lab that is changed for the moment.
static int bind_cell(struct job *r, struct matrix_cell *cell, enum matrix_way w, const struct caller *caller, char *err,
		     size_t errlen)
{
	struct editor *e = r->session->editor;
	struct addr real =
		addr_is_mapped(&cell->attempt.addr) ? addr_from_v4(addr_v4(&cell->attempt.addr)) : cell->attempt.addr;
	struct prefix p = matrix_anyip(&real);
	char line[128], text[PREFIX_TEXT];
	struct edit edit[COMMAND_EDITS];
	struct trial t;
	size_t before = editor_count(e);
	int ret = 0;
	bool anyip = w == WAY_ANYIP && !addr_is_any(&real) && !addr_is_multicast(&real);
	for (int i = 0; i < 3 && ret == 0; i++) {
		if (i < 2)
			snprintf(line, sizeof line, "sysctl net.ipv%d.ip_nonlocal_bind %d", i ? 6 : 4, w == WAY_SYSCTL);
		else
			snprintf(line, sizeof line, "route add local %s dev lo", prefix_print(&p, text));
		if (i == 2 && !anyip)
			break;
		ret = command_edit_line(line, edit, err, errlen);
		if (ret > 0)
			ret = editor_make(e, edit, err, errlen);
		if (ret == -EEXIST || ret == -ENOENT || ret == -EACCES)
			ret = 0; // the route is there already; a kernel without IPv6
	}
	if (ret == 0 && (ret = trial_run(&cell->attempt, caller, &t)) < 0)
		snprintf(err, errlen, "could not try a socket: %s", strerror(-ret));
	if (ret == 0)
		err[0] = '\0';
	int stuck = undo_to(e, before, err, errlen);
	cell->live = ret == 0;
	cell->live_err = ret == 0 ? t.err : 0;
	return ret < 0 ? ret : stuck;
}

static void add_cell(struct row *row, const struct matrix_cell *c)
{
	char text[64];
	bool differs = c->live && c->live_err != c->err;
	int err = c->live ? c->live_err : c->err;
	snprintf(text, sizeof text, "%s%s%s", err ? errno_name(err) : "binds", c->certain || c->live ? "" : "?",
		 differs ? " !" : "");
	row_add(row, differs ? ROLE_WARN : err ? ROLE_FAIL : ROLE_OK, " %-16s", text);
}

static void add_matrix(struct job *r, const struct matrix *m)
{
	json_t *matrix = json_array();
	for (int w = 0; w < WAY_COUNT; w++)
		for (int c = 0; c < AS_COUNT; c++) {
			const struct matrix_cell *cell = &m->cells[w][c];
			char addr[ADDR_TEXT];
			json_t *one = json_pack("{s:s,s:s,s:s,s:s,s:s}", "with", matrix_way_name((enum matrix_way)w),
						"as", matrix_column_name((enum matrix_column)c), "address",
						addr_print(&cell->attempt.addr, addr), "predicted",
						errno_name(cell->err), "code", code_info(cell->code)->name);
			json_object_set_new(one, "observed", json_text(cell->live ? errno_name(cell->live_err) : NULL));
			json_array_append_new(matrix, one);
		}
	json_object_set_new(r->result, "matrix", matrix);
}

enum exit_status job_compare(struct job *r)
{
	struct session *s = r->session;
	struct matrix m;
	char why[COMMAND_ERROR] = "", text[ATTEMPT_TEXT];
	struct row row;
	bool live = job_value(r, 0) != NULL, disagrees = false;
	if (live && s->editor && editor_has_journal(s->editor))
		return job_fail(r, EXIT_MISSING, 0,
				"compare live changes sysctls and routes and changes them back; it needs a lab");
	if (live && !s->editor)
		return job_fail(r, EXIT_MISSING, 0, "compare live changes the namespace: %s", s->read_only);
	if (!s->attempt.addr.family)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "%s", no_address);
	const struct host *h = session_look(s, why, sizeof why);
	if (!h)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	struct caller caller;
	const struct question unasked = {0};
	if (session_caller(s, h, &caller, why, sizeof why) < 0)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	int err = matrix_predict(&(struct facts){h, &caller, &unasked}, &s->attempt, &m);
	for (int w = 0; w < WAY_COUNT && live && err == 0; w++)
		for (int c = 0; c < AS_COUNT && err == 0; c++) {
			struct matrix_cell *cell = &m.cells[w][c];
			err = bind_cell(r, cell, (enum matrix_way)w, &caller, why, sizeof why);
			disagrees |= cell->live && cell->certain && cell->live_err != cell->err;
		}
	if (err < 0)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "compare: %s", why[0] ? why : strerror(-err));
	if (r->result)
		add_matrix(r, &m);
	job_line(r, ROLE_DIM,
		 live ? "real binds under each change; ! = the model predicted otherwise"
		      : "predicted for this host with each change; `compare live` really binds (lab only)");
	row_clear(&row);
	row_add(&row, ROLE_LABEL, "%-16s", "");
	for (int c = 0; c < AS_COUNT; c++)
		row_add(&row, ROLE_TITLE, " %-16s", matrix_column_name((enum matrix_column)c));
	job_row(r, &row);
	for (int w = 0; w < WAY_COUNT; w++) {
		row_add(&row, ROLE_LABEL, "%-16s", matrix_way_name((enum matrix_way)w));
		for (int c = 0; c < AS_COUNT; c++)
			add_cell(&row, &m.cells[w][c]);
		job_row(r, &row);
	}
	for (int c = 0; c < AS_COUNT; c++)
		job_line(r, ROLE_DIM, "%-16s %s", matrix_column_name((enum matrix_column)c),
			 attempt_print(&m.cells[WAY_NOTHING][c].attempt, text));
	return disagrees ? job_fail(r, EXIT_DISAGREE, NOT_TOLD, "model and kernel disagree at each !") : EXIT_OK;
}
