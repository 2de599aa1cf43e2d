// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/class_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/change/own_file.h"
#include "core/model/fail.h"

// A descriptor of a regular file or a folder; -EINVAL for anything else, which to open may act on.
static int open_at(int folder, const char *name, mode_t type)
{
	struct stat st;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if ((st.st_mode & S_IFMT) != type)
		return -EINVAL;
	int fd =
		openat(folder, name,
		       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (type == S_IFDIR ? O_DIRECTORY : 0));
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || (st.st_mode & S_IFMT) != type) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

// Of somebody's state folder that was copied whole, or of the one in it.
static int open_in(int folder, const char *name)
{
	int sub = open_at(folder, name, S_IFDIR);
	if (sub < 0)
		return sub;
	int fd = open_at(sub, "progress", S_IFREG);
	if (fd < 0) {
		int deeper = open_at(sub, "bindwalk", S_IFDIR);
		fd = deeper < 0 ? -ENOENT : open_at(deeper, "progress", S_IFREG);
		if (deeper >= 0)
			close(deeper);
	}
	close(sub);
	return fd;
}

static void learner_name(const char *file, char out[static CLASS_NAME])
{
	static const char *const ends[] = {".txt", ".progress"};
	snprintf(out, CLASS_NAME, "%s", file);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(out), end = strlen(ends[i]);
		if (len > end && strcmp(out + len - end, ends[i]) == 0)
			out[len - end] = '\0';
	}
}

static void leave_out(struct class_report *r, const char *name, const char *why)
{
	if (r->left++ == 0)
		snprintf(r->why, sizeof r->why, "%.200s %.200s", name, why);
}

// 0, also for a file that is left out; -ENOMEM.
static int read_one(struct class_report *r, int folder, const char *file)
{
	char why[OWN_FILE_WHY], name[CLASS_NAME], *text;
	struct progress p = {0};
	int fd = open_at(folder, file, S_IFREG);
	if (fd == -EINVAL)
		fd = open_in(folder, file);
	if (fd == -EINVAL || fd == -ENOENT) {
		r->others++;
		return 0;
	}
	if (fd < 0) {
		leave_out(r, file, strerror(-fd));
		return 0;
	}
	ssize_t n = own_file_read(fd, PROGRESS_BYTES, &text, why, sizeof why);
	close(fd);
	if (n < 0) {
		leave_out(r, file, why);
		return 0;
	}
	int rc = progress_fold(&p, text, (size_t)n);
	free(text);
	learner_name(file, name);
	if (rc == 0 && p.events)
		rc = class_add(r, name, &p);
	r->others += p.events == 0;
	r->skipped += p.events ? p.skipped : 0;
	progress_free(&p);
	if (rc == -E2BIG)
		leave_out(r, file, "is one learner too many");
	return rc == -E2BIG ? 0 : rc;
}

int class_read(const char *path, struct class_report *out, char *err, size_t errlen)
{
	*out = (struct class_report){0};
	DIR *d = opendir(path);
	if (!d)
		return fail(-errno, err, errlen, "%.200s: %s", path,
			    errno == ENOTDIR ? "expected a folder with progress files" : strerror(errno));
	int rc = 0;
	for (const struct dirent *e; rc == 0 && (errno = 0, e = readdir(d));)
		if (e->d_name[0] != '.')
			rc = read_one(out, dirfd(d), e->d_name);
	if (rc == 0 && errno)
		rc = -errno;
	closedir(d);
	class_sort(out);
	if (rc < 0) {
		fail(rc, err, errlen, "%.200s: %s", path, strerror(-rc));
		class_free(out);
	}
	return rc;
}
