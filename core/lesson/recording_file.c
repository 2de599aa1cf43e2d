// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/recording_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/change/own_file.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_recording.h"
#include "core/model/fail.h"

int recording_file_read(const char *path, struct recording *out, char *err, size_t errlen)
{
	char why[RECORDING_ERROR], *text;
	ssize_t len = own_file_named(path, RECORDING_FILE, &text, err, errlen);
	if (len < 0)
		return len == -EINVAL ? -EISDIR : (int)len; // it is not the text that is wrong
	int rc = recording_json_read(text, (size_t)len, out, why, sizeof why);
	free(text);
	return rc < 0 ? fail(rc, err, errlen, "%.200s: %.280s", path, why) : 0;
}

int recording_file_beside(const char *lesson, struct recording *out, char *err, size_t errlen)
{
	char path[PATH_MAX];
	const char *slash = strrchr(lesson, '/'), *dot = strrchr(lesson, '.');
	int stem = (int)(dot && dot > lesson && (!slash || dot > slash + 1) ? dot - lesson : (ptrdiff_t)strlen(lesson));
	snprintf(path, sizeof path, "%.*s.json", stem, lesson);
	int rc = recording_file_read(path, out, err, errlen);
	return rc == -ENOENT
		       ? fail(rc, err, errlen, "there is no recording of this; :write %.80s session makes one", path)
		       : rc;
}

int recording_of(const char *what, struct recording *out)
{
	char err[RECORDING_ERROR];
	const struct listed_lesson *listed = listed_lesson_find(what);
	return listed ? lesson_recording(listed->name, out) : recording_file_beside(what, out, err, sizeof err);
}
