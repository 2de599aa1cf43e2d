// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/terminfo.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change/own_file.h"

// A description is in a folder of its first letter, or of that letter's number.
static bool is_fine(const char *folder, int len, const char *type, char *err, size_t errlen)
{
	char path[PATH_MAX];
	for (int number = 0; number < 2; number++) {
		if (number)
			snprintf(path, sizeof path, "%.*s/%02x/%s", len, folder, (unsigned char)type[0], type);
		else
			snprintf(path, sizeof path, "%.*s/%c/%s", len, folder, type[0], type);
		int fd = own_file_peek(path);
		if (fd == -EINVAL) {
			snprintf(err, errlen, "%.200s, which describes this terminal, is not a regular file", path);
			return false;
		}
		if (fd >= 0)
			close(fd);
	}
	return true;
}

bool terminfo_check(const char *type, char *err, size_t errlen)
{
	const char *home = getenv("HOME"), *one = getenv("TERMINFO"), *more = getenv("TERMINFO_DIRS");
	char own[PATH_MAX];
	if (!type[0] || strchr(type, '/'))
		return true; // is not a name of one
	snprintf(own, sizeof own, "%s/.terminfo", home ? home : "");
	if (!is_fine(own, (int)strlen(own), type, err, errlen) ||
	    (one && !is_fine(one, (int)strlen(one), type, err, errlen)))
		return false;
	for (const char *at = more; at && *at; at += *at == ':') {
		int len = (int)strcspn(at, ":");
		if (!is_fine(at, len, type, err, errlen))
			return false;
		at += len;
	}
	return true;
}
