// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/session_write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/change/own_file.h"
#include "core/command/command_edit.h"
#include "core/command/lab_make.h"
#include "core/command/lab_recipe.h"
#include "core/command/memory_file.h"
#include "core/command/session_compare.h"
#include "core/command/session_walk.h"
#include "core/record/record_write.h"
#include "core/text/json_text.h"
#include "core/text/matrix_text.h"
#include "core/text/report.h"
#include "core/text/report_json.h"
#include "core/text/report_markdown.h"
#include "core/text/stream_end.h"
#include "core/text/versus.h"

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

// Overwrites the target of a link, and only if it is a regular file: replacing a device would remove it for
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

enum format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_JSON };

static enum format format_of(const char *path)
{
	return ends_in(path, ".json") ? FORMAT_JSON : ends_in(path, ".md") ? FORMAT_MARKDOWN : FORMAT_TEXT;
}

static int put_json(json_t *value, FILE *out)
{
	char *text = json_text_print(value, JSON_INDENT(2));
	int err = !text ? -ENOMEM : fprintf(out, "%s\n", text) < 0 ? -EIO : 0;
	free(text);
	json_decref(value);
	return err;
}

typedef bool text_line(const void *data, unsigned width, unsigned n, struct row *out);

static int put_text(text_line *line, const void *data, struct report_style style, FILE *out)
{
	enum { WIDTH = 79 };
	struct row row;
	for (unsigned n = 0; line(data, WIDTH, n, &row); n++)
		report_print(&row, style, out);
	return stream_end(out);
}

static bool versus_line(const void *data, unsigned width, unsigned n, struct row *out)
{
	return versus_text_line(data, width, n, out);
}

static bool matrix_line(const void *data, unsigned width, unsigned n, struct row *out)
{
	return matrix_text_line(data, width, n, out);
}

static int put_walk(struct job *r, enum format format, struct report_style style, FILE *out)
{
	const struct walk *w = &r->session->now.walk;
	const struct facts f = inquiry_facts(&r->session->now);
	return format == FORMAT_JSON       ? report_json(&f, w, out)
	       : format == FORMAT_MARKDOWN ? report_markdown(&f, w, out)
					   : report_text(&f, w, style, out);
}

static int put_versus(struct job *r, enum format format, struct report_style style, FILE *out)
{
	const struct versus *v = &r->session->versus;
	return format == FORMAT_JSON       ? put_json(versus_json(v), out)
	       : format == FORMAT_MARKDOWN ? versus_markdown(v, out)
					   : put_text(versus_line, v, style, out);
}

static int put_matrix(struct job *r, enum format format, struct report_style style, FILE *out)
{
	const struct matrix *m = &r->session->matrix;
	return format == FORMAT_JSON       ? put_json(matrix_json(m), out)
	       : format == FORMAT_MARKDOWN ? matrix_markdown(m, out)
					   : put_text(matrix_line, m, style, out);
}

// "NAME.json, NAME.md or NAME.sh".
static char *record_names(char *buf, size_t len)
{
	size_t used = 0;
	buf[0] = '\0';
	for (unsigned f = 0; f < RECORD_FORMATS && used < len; f++)
		used += (size_t)snprintf(buf + used, len - used, "%sNAME%s",
					 !f                        ? ""
					 : f + 1 == RECORD_FORMATS ? " or "
								   : ", ",
					 record_format_info((enum record_format)f)->end);
	return buf;
}

// The recording of the session, up to now.
static enum exit_status make_session(struct job *r)
{
	struct session *s = r->session;
	char names[128], why[COMMAND_ERROR];
	if (record_format_of(job_value(r, 0)) < 0)
		return job_fail(r, EXIT_WRONG, 0, "a session is saved as %s", record_names(names, sizeof names));
	if (!s->recording.n)
		return job_fail(r, EXIT_WRONG, NOT_TOLD, "nothing was done yet in this session");
	if (!s->followed)
		session_look(s, why,
			     sizeof why); // the host after the last change; without it, the recording has none there
	snprintf(s->recording.lab, sizeof s->recording.lab, "%s", s->editor ? lab_recipe_here() : "");
	s->recording.read = command_edit_line;
	s->recording.recipe = lab_recipe_script;
	return EXIT_OK;
}

static int put_session(struct job *r, enum format format, struct report_style style, FILE *out)
{
	(void)format;
	(void)style;
	return record_write(&r->session->recording, (enum record_format)record_format_of(job_value(r, 0)), out);
}

static const struct {
	const char *name;                        // as the command takes it
	enum exit_status (*make)(struct job *r); // gets what is to be written
	int (*put)(struct job *r, enum format format, struct report_style style, FILE *out);
} written[] = {
	[SHOWS_WALK] = {"walk", job_walk, put_walk},
	[SHOWS_VERSUS] = {"compare", job_versus, put_versus},
	[SHOWS_MATRIX] = {"matrix", job_matrix, put_matrix},
	[SHOWS_SESSION] = {"session", make_session, put_session},
};

// What the command names, otherwise what is on the screen.
static enum session_shows what(const struct job *r)
{
	const char *name = job_value(r, 1);
	for (unsigned i = 0; name && i < sizeof written / sizeof *written; i++)
		if (strcmp(written[i].name, name) == 0)
			return (enum session_shows)i;
	return r->session->shows;
}

enum exit_status job_write(struct job *r)
{
	char home[PATH_MAX];
	const char *path = at_home(job_value(r, 0), home, sizeof home);
	const struct report_style style = {.ascii = r->out->ascii};
	enum session_shows shows = what(r);
	struct memory_file memory;
	enum exit_status how = written[shows].make(r);
	if (how != EXIT_OK)
		return how;
	int err = memory_file_open(&memory);
	if (err == 0)
		err = memory_file_close(&memory, written[shows].put(r, format_of(path), style, memory.file));
	if (err == 0) {
		err = write_whole(path, job_value(r, 2), memory.text.p, memory.text.len);
		free(memory.text.p);
	}
	if (err == -EEXIST && job_value(r, 2))
		return job_fail(r, EXIT_WRONG, 0, "%s is a dangling link; remove it first", path);
	if (err == -EEXIST)
		return job_fail(r, EXIT_WRONG, 0, "%s already exists; overwrite it with: write %s force", path, path);
	if (err == -ENOTSUP)
		return job_fail(r, EXIT_WRONG, 0, "%s is a device, pipe or socket; expected the name of a file", path);
	if (err < 0)
		return job_fail(r, EXIT_WRONG, 0, "%s: %s", path, strerror(-err));
	job_line(r, ROLE_DIM, "%s saved to %s", shows == SHOWS_VERSUS ? "comparison" : written[shows].name, path);
	return EXIT_OK;
}
