// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/inputrc.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change/own_file.h"

enum { MOST_FILES = 32, MOST_BYTES = 1 << 20 };

// As readline finds it.
static const char *at_home(const char *path, char buf[static PATH_MAX])
{
	const char *home = getenv("HOME");
	const struct passwd *user = home ? NULL : getpwuid(geteuid());
	if (strncmp(path, "~/", 2) != 0 || (!home && !user))
		return path;
	snprintf(buf, PATH_MAX, "%s%s", home ? home : user->pw_dir, path + 1);
	return buf;
}

static bool can_read(const char *path, unsigned *files);

// Also where a condition would leave one out.
static bool can_include(char *text, unsigned *files)
{
	char *rest = NULL;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char word[16] = "";
		int at = 0;
		if (sscanf(line, " $ %15s %n", word, &at) == 1 && at > 0 && strcasecmp(word, "include") == 0 &&
		    !can_read(line + at, files))
			return false;
	}
	return true;
}

static bool can_read(const char *path, unsigned *files)
{
	char full[PATH_MAX], why[OWN_FILE_WHY], *text = NULL;
	if (strcmp(path, "/dev/null") == 0)
		return true;
	if (++*files > MOST_FILES) // one that includes itself has no end
		return false;
	int fd = own_file_peek(at_home(path, full));
	if (fd < 0)
		return fd != -EINVAL;
	ssize_t n = own_file_read(fd, MOST_BYTES, &text, why, sizeof why);
	close(fd);
	bool can = n >= 0 && can_include(text, files);
	free(text);
	return can;
}

bool inputrc_check(char *err, size_t errlen)
{
	const char *path = getenv("INPUTRC");
	unsigned files = 0;
	if (!path || !*path)
		path = "~/.inputrc";
	if (can_read(path, &files))
		return true;
	snprintf(err, errlen,
		 "%.100s is not used: it, or a file it includes, is not a regular file of at most %d bytes", path,
		 MOST_BYTES);
	setenv("INPUTRC", "/dev/null", 1);
	return false;
}
