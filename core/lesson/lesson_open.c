// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_open.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/change/own_file.h"
#include "core/lesson/lesson_list.h"
#include "core/model/fail.h"

static int read_text(struct lesson *out, const char *name, const char *text, size_t len, const char *release,
		     struct lesson_error *error)
{
	struct utsname u;
	char why[COMMAND_ERROR];
	if (!release && uname(&u) == 0)
		release = u.release;
	int rc = lesson_read(out, name, text, len, release, error);
	if (rc == 0)
		return 0;
	snprintf(why, sizeof why, "%s", rc == -ENOMEM ? strerror(ENOMEM) : error->text);
	if (error->line && error->has_column)
		snprintf(error->text, sizeof error->text, "%.80s:%u:%zu: %.220s", name, error->line, error->column + 1,
			 why);
	else
		snprintf(error->text, sizeof error->text, "%.80s: %.220s", name, why);
	return rc;
}

static int read_file(struct lesson *out, const char *path, const char *release, struct lesson_error *error)
{
	char *text;
	ssize_t len = own_file_named(path, LESSON_LIMIT, &text, error->text, sizeof error->text);
	if (len < 0)
		return (int)len;
	int rc = read_text(out, path, text, (size_t)len, release, error);
	free(text);
	return rc;
}

int lesson_open(struct lesson *out, const char *name, struct lesson_error *error)
{
	return lesson_open_for(out, name, NULL, error);
}

int lesson_open_for(struct lesson *out, const char *name, const char *release, struct lesson_error *error)
{
	const struct listed_lesson *listed = strchr(name, '/') ? NULL : listed_lesson_find(name);
	*out = (struct lesson){0};
	*error = (struct lesson_error){0};
	if (listed)
		return read_text(out, listed->file, listed->text, strlen(listed->text), release, error);
	int rc = read_file(out, name, release, error);
	const char *near = rc == -ENOENT ? listed_lesson_nearest(name) : NULL;
	if (near)
		fail(rc, error->text, sizeof error->text, "'%.80s' is neither a lesson nor a file; did you mean %s?",
		     name, near);
	else if (rc == -ENOENT)
		fail(rc, error->text, sizeof error->text,
		     "'%.80s' is neither a lesson nor a file; bindwalk lesson list names the lessons", name);
	return rc;
}
