// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/state_dir.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int state_dir(char *out, size_t len)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = -1;
	if (state && state[0] == '/')
		n = snprintf(out, len, "%s/bindwalk", state);
	else if (home && home[0] == '/')
		n = snprintf(out, len, "%s/.local/state/bindwalk", home);
	return n > 0 && (size_t)n < len ? 0 : -ENOENT;
}

// How much of a path is the home of its user: 0 for nothing.
static size_t home_length(const char *path)
{
	const char *home = getenv("HOME");
	size_t len = home ? strlen(home) : 0;
	while (len > 1 && home[len - 1] == '/')
		len--;
	return len > 1 && strncmp(path, home, len) == 0 && path[len] == '/' ? len : 0;
}

int state_dir_make(const char *dir)
{
	char path[PATH_MAX];
	struct stat st;
	int n = snprintf(path, sizeof path, "%s/", dir);
	if (n < 0 || (size_t)n >= sizeof path)
		return -ENAMETOOLONG;
	size_t home = home_length(path);
	path[home] = '\0';
	if (home && stat(path, &st) < 0)
		return -errno;
	path[home] = '/';
	for (char *slash = path + home + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}
