// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/own_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/model/fail.h"

static int check(const struct stat *st, char *why, size_t len)
{
	if (S_ISLNK(st->st_mode))
		return fail(-ELOOP, why, len, "is a link, which Bindwalk does not follow; put the file itself there");
	if (!S_ISREG(st->st_mode))
		return fail(-EINVAL, why, len, "is not a regular file");
	if (st->st_uid != geteuid())
		return fail(-EPERM, why, len, "belongs to uid %u, not to you (uid %u)", st->st_uid, geteuid());
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return fail(-EPERM, why, len, "can be written by others; fix it with chmod go-w");
	if (st->st_nlink == 0) // removed since it was looked at
		return fail(-ENOENT, why, len, "does not exist");
	if (st->st_nlink != 1)
		return fail(-EMLINK, why, len, "has %lu names (hard links); expected one", (unsigned long)st->st_nlink);
	return 0;
}

int own_file_open(const struct own_folder *f, const char *name, int flags, char *why, size_t len)
{
	struct stat st;
	// To open a device may act on it already, so look first; and again at what was opened.
	int rc = fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : check(&st, why, len);
	bool fresh = rc == -ENOENT && flags & O_CREAT;
	if (rc < 0 && !fresh)
		return rc == -ENOENT ? fail(rc, why, len, "does not exist") : rc;
	if (!fresh && flags & O_EXCL)
		return fail(-EEXIST, why, len, "already exists");
	int fd = openat(f->fd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(-errno, why, len, "cannot be opened: %s", strerror(errno));
	rc = fstat(fd, &st) < 0 ? -errno : check(&st, why, len);
	if (rc == 0 && fresh && fchmod(fd, 0600) < 0)
		rc = fail(-errno, why, len, "cannot be created: %s", strerror(errno));
	if (rc < 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

bool own_file_is_at(const struct own_folder *f, const char *name, int fd)
{
	struct stat at, of;
	return fstatat(f->fd, name, &at, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &of) == 0 && at.st_dev == of.st_dev &&
	       at.st_ino == of.st_ino;
}

ssize_t own_file_read(int fd, size_t most, char **out, char *why, size_t len)
{
	struct stat st;
	*out = NULL;
	if (fstat(fd, &st) < 0)
		return fail(-errno, why, len, "cannot be read: %s", strerror(errno));
	if (st.st_size > (off_t)most)
		return fail(-EFBIG, why, len, "is larger than %zu bytes", most);
	size_t size = (size_t)st.st_size, used = 0; // bytes added later were not there yet
	char *text = malloc(size + 1);
	ssize_t n = 1;
	if (!text)
		return fail(-ENOMEM, why, len, "cannot be read: %s", strerror(ENOMEM));
	while (used < size && n > 0) {
		n = pread(fd, text + used, size - used, (off_t)used);
		used += n > 0 ? (size_t)n : 0;
		if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0) {
		free(text);
		return fail(-errno, why, len, "cannot be read: %s", strerror(errno));
	}
	text[used] = '\0';
	*out = text;
	return (ssize_t)used;
}

int own_file_write(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

int own_file_replace(const struct own_folder *f, const char *name, const char *text, size_t len)
{
	char beside[NAME_MAX + 1], why[OWN_FILE_WHY];
	snprintf(beside, sizeof beside, "%.200s.%d~", name, (int)getpid());
	unlinkat(f->fd, beside, 0); // of a process with our number that is gone
	int fd = own_file_open(f, beside, O_WRONLY | O_CREAT | O_EXCL, why, sizeof why);
	if (fd < 0)
		return fd;
	int rc = own_file_write(fd, text, len);
	if (rc == 0 && fdatasync(fd) < 0)
		rc = -errno;
	close(fd);
	if (rc == 0 && renameat(f->fd, beside, f->fd, name) < 0)
		rc = -errno;
	if (rc < 0)
		unlinkat(f->fd, beside, 0);
	return rc;
}

int own_file_peek(const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return -errno;
	int fd = S_ISREG(st.st_mode) ? open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
	return fd >= 0 ? fd : S_ISREG(st.st_mode) ? -errno : -EINVAL;
}

ssize_t own_file_named(const char *path, size_t most, char **out, char *err, size_t errlen)
{
	char why[OWN_FILE_WHY];
	int fd = own_file_peek(path);
	*out = NULL;
	if (fd < 0)
		return fail(fd, err, errlen, "%.200s: %s", path,
			    fd == -EINVAL ? "expected a regular file" : strerror(-fd));
	ssize_t len = own_file_read(fd, most, out, why, sizeof why);
	close(fd);
	return len < 0 ? fail((int)len, err, errlen, "%.200s %s", path, why) : len;
}
