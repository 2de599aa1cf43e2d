// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/inventory_sysctl.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
	struct inventory_reading *reading;
	bool strict;           // what can't be read is an error; else only for want of memory or descriptors
	char name[EDIT_VALUE]; // dotted, so far
};

// Reading these does something, or tells a secret.
static bool is_left_out(const char *name)
{
	return strcmp(name, "flush") == 0 || strstr(name, "secret") || strstr(name, "fastopen_key");
}

// Runs of blanks become one, as they are written.
static bool take_value(char *text, ssize_t len, char out[static EDIT_VALUE])
{
	size_t used = 0;
	for (ssize_t i = 0; i < len; i++) {
		bool blank = isspace((unsigned char)text[i]);
		if (blank && (used == 0 || out[used - 1] == ' '))
			continue;
		if (used + 1 == EDIT_VALUE)
			return false;
		out[used++] = blank ? ' ' : text[i];
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return true;
}

// Asked for by name, a sysctl may only be missing. Among all of them are some that the kernel gives to nobody.
static int unreadable(const struct walk *w, int err)
{
	bool poor = err == EMFILE || err == ENFILE || err == ENOMEM;
	return poor || (w->strict && err != ENOENT) ? -err : 0;
}

// The length of its text, as far as that fits; -errno when it can't be read, -ENOENT when it can't be written.
static ssize_t read_value(int dir, const char *file, char *text, size_t len)
{
	struct stat st;
	ssize_t n = 0;
	int fd = openat(dir, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		n = -errno;
	else if (!S_ISREG(st.st_mode) || !(st.st_mode & 0200))
		n = -ENOENT;
	else
		while ((n = read(fd, text, len)) < 0 && (n = -errno) == -EINTR)
			;
	close(fd);
	return n;
}

static int take_file(struct walk *w, int dir, const char *file)
{
	struct edit e;
	char text[1024] = "";
	if (is_left_out(file))
		return 0;
	ssize_t len = read_value(dir, file, text, sizeof text);
	if (len < 0)
		return unreadable(w, (int)-len);
	memset(&e, 0, sizeof e);
	e.kind = EDIT_SYSCTL;
	e.add = true;
	snprintf(e.sysctl.name, sizeof e.sysctl.name, "%s", w->name);
	if (!take_value(text, len, e.sysctl.value))
		e.odd = "a very long value";
	return inventory_take_edit(w->reading, &e);
}

static int take_dir(struct walk *w, int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	size_t at = strlen(w->name);
	if (!dir) {
		rc = errno == ENOENT ? 0 : -errno; // a kernel without IPv6
		if (fd >= 0)
			close(fd);
		return rc;
	}
	for (struct dirent *d; rc == 0 && (d = readdir(dir));) {
		if (d->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(w->name + at, sizeof w->name - at, ".%s", d->d_name) >= sizeof w->name - at)
			continue;
		for (char *p = w->name + at + 1; *p; p++)
			if (*p == '.')
				*p = '/'; // as sysctl(8) has it: a dot inside of a name
		rc = d->d_type == DT_DIR ? take_dir(w, dirfd(dir), d->d_name) : take_file(w, dirfd(dir), d->d_name);
	}
	w->name[at] = '\0';
	closedir(dir);
	return rc;
}

int sysctl_each(struct inventory_reading *r)
{
	struct walk w = {.reading = r, .name = "net"};
	return take_dir(&w, AT_FDCWD, "/proc/sys/net");
}

int sysctl_one(const char *name, struct inventory_reading *r)
{
	struct walk w = {.reading = r, .strict = true};
	char path[EDIT_VALUE + 16];
	snprintf(w.name, sizeof w.name, "%s", name);
	snprintf(path, sizeof path, "/proc/sys/%s", name);
	for (char *p = path + strlen("/proc/sys/"); *p; p++)
		*p = *p == '.' ? '/' : *p == '/' ? '.' : *p;
	return take_file(&w, AT_FDCWD, path);
}
