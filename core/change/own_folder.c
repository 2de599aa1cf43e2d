// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/own_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/model/fail.h"

enum { NOBODY = 65534 }; // how a user namespace shows all users that it does not know, root among them

// Somebody whose folder it is can put another one in the place of ours. Of what is missing, the folder in which it
// would be made counts.
static bool belongs_to_other(const char *path)
{
	char folder[PATH_MAX];
	struct stat st = {0};
	int n = snprintf(folder, sizeof folder, "%s", path);
	if (n >= (int)sizeof folder)
		return true;
	for (char *slash; stat(folder, &st) < 0 && (slash = strrchr(folder, '/')); *slash = '\0')
		;
	return st.st_uid != 0 && st.st_uid != NOBODY && st.st_uid != geteuid();
}

static const char *usable(const char *path)
{
	return path && path[0] == '/' && !belongs_to_other(path) ? path : NULL;
}

static const char *find_home(void)
{
	const char *home = usable(getenv("HOME"));
	const struct passwd *user = home ? NULL : getpwuid(geteuid());
	return home ? home : usable(user ? user->pw_dir : NULL);
}

static const struct {
	const char *variable, *under; // the home
} places[] = {
	[OWN_CONFIG] = {"XDG_CONFIG_HOME", "/.config"},
	[OWN_STATE] = {"XDG_STATE_HOME", "/.local/state"},
	[OWN_RUNTIME] = {"XDG_RUNTIME_DIR", NULL},
};

// *home is how much of the path must be there already, 0 for nothing.
static int find_path(enum own_place place, char out[static OWN_PATH], size_t *home)
{
	const char *xdg = usable(getenv(places[place].variable));
	if (!xdg && !places[place].under)
		return find_path(OWN_STATE, out, home);
	const char *base = xdg ? xdg : find_home(), *under = places[place].under;
	if (!base)
		return -ENOENT;
	*home = xdg ? 0 : strlen(base);
	int n = snprintf(out, OWN_PATH, "%s%s/bindwalk", base, xdg ? "" : under);
	return n < OWN_PATH ? 0 : -ENAMETOOLONG;
}

// Whatever the umask, each folder is for us alone.
static int make_one(const char *path)
{
	if (mkdir(path, 0700) < 0)
		return errno == EEXIST ? 0 : -errno;
	return chmod(path, 0700) < 0 ? -errno : 0;
}

// Makes what is missing of the path; it is as before in the end.
static int make_path(char *path, size_t home)
{
	int rc = 0;
	for (char *slash = path + 1; rc == 0 && (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		struct stat st;
		if ((size_t)(slash - path) <= home)
			rc = stat(path, &st) < 0 ? -errno : 0;
		else
			rc = make_one(path);
	}
	return rc ? rc : make_one(path);
}

static int check(int fd, const char *path, char *err, size_t errlen)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return fail(-errno, err, errlen, "%s: %s", path, strerror(errno));
	if (st.st_uid != geteuid())
		return fail(-EPERM, err, errlen, "%s belongs to uid %u, not to you (uid %u), so it is not used", path,
			    st.st_uid, geteuid());
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return fail(-EPERM, err, errlen, "others can write to %s, so it is not used; fix it with chmod go-w",
			    path);
	return 0;
}

int own_folder_open(struct own_folder *f, enum own_place place, bool make, char *err, size_t errlen)
{
	size_t home;
	*f = (struct own_folder){.fd = -1};
	int rc = find_path(place, f->path, &home);
	if (rc < 0)
		return fail(rc, err, errlen, "neither %s nor HOME is a folder of yours", places[place].variable);
	char *last = strrchr(f->path, '/');
	*last = '\0';
	bool other = belongs_to_other(f->path);
	*last = '/';
	if (other)
		return fail(-EPERM, err, errlen, "%s is not used, because its parent folder belongs to somebody else",
			    f->path);
	if (make && (rc = make_path(f->path, home)) < 0)
		return fail(rc, err, errlen, "cannot create %s: %s", f->path, strerror(-rc));
	f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool link = f->fd < 0 && errno == ENOTDIR && lstat(f->path, &st) == 0 && S_ISLNK(st.st_mode);
	if (link)
		return fail(-ELOOP, err, errlen, "%s is a link, which Bindwalk does not follow; expected a folder",
			    f->path);
	if (f->fd < 0)
		return fail(errno == ENOTDIR && !make ? -ENOENT : -errno, err, errlen, "%s: %s", f->path,
			    strerror(errno));
	rc = check(f->fd, f->path, err, errlen);
	if (rc < 0)
		own_folder_close(f);
	return rc;
}

void own_folder_close(struct own_folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}
