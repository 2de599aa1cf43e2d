// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/progress_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/change/own_file.h"
#include "core/model/fail.h"

static const char name[] = "progress";

// Is there no room for `more` bytes?
static bool is_full(int fd, off_t more)
{
	struct stat st;
	return fstat(fd, &st) == 0 && st.st_size + more > PROGRESS_BYTES;
}

// A descriptor or -errno; -ENOENT for no file yet.
static int open_file(int flags, char *err, size_t errlen)
{
	struct own_folder f;
	char why[OWN_FILE_WHY];
	int fd = own_folder_open(&f, OWN_STATE, flags & O_CREAT, err, errlen);
	if (fd < 0)
		return fd;
	fd = own_file_open(&f, name, flags, why, sizeof why);
	if (fd < 0)
		snprintf(err, errlen, "%.200s/%s %s; progress is not kept", f.path, name, why);
	own_folder_close(&f);
	if (fd >= 0 && is_full(fd, flags & O_CREAT ? PROGRESS_LINE : 0)) {
		close(fd);
		return fail(-EFBIG, err, errlen, "%.200s/%s is full; progress is not kept until you move it away",
			    f.path, name);
	}
	return fd;
}

// A line that was torn must not take the next one with it.
static bool is_torn(int fd)
{
	struct stat st;
	char last = '\n';
	return fstat(fd, &st) == 0 && st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
}

int progress_append(const struct progress_event *e, char *err, size_t errlen)
{
	struct progress_event dated = *e;
	char line[1 + PROGRESS_LINE] = "\n";
	time_t now = time(NULL);
	struct tm tm;
	if (!dated.when[0] && gmtime_r(&now, &tm))
		strftime(dated.when, sizeof dated.when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	size_t len = progress_format(&dated, line + 1);
	int fd = open_file(O_RDWR | O_APPEND | O_CREAT, err, errlen);
	if (fd < 0)
		return fd;
	int rc = 0;
	bool torn = is_torn(fd);
	ssize_t n = write(fd, torn ? line : line + 1, len + torn);
	if (n != (ssize_t)(len + torn))
		rc = fail(n < 0 ? -errno : -ENOSPC, err, errlen, "progress is not kept: %s",
			  strerror(n < 0 ? errno : ENOSPC));
	close(fd);
	return rc;
}

int progress_load(struct progress *out, char *err, size_t errlen)
{
	char *text, why[OWN_FILE_WHY];
	*out = (struct progress){0};
	int fd = open_file(O_RDONLY, err, errlen);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	ssize_t n = own_file_read(fd, PROGRESS_BYTES, &text, why, sizeof why);
	close(fd);
	if (n < 0)
		return fail((int)n, err, errlen, "the file of your progress %s", why);
	int rc = progress_fold(out, text, (size_t)n);
	free(text);
	if (rc < 0) {
		progress_free(out);
		fail(rc, err, errlen, "your progress cannot be read: %s", strerror(-rc));
	}
	return rc;
}
