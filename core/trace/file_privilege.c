// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/file_privilege.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum file_privilege file_privilege(const char *path)
{
	struct stat st;
	struct statvfs fs;
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || (statvfs(path, &fs) == 0 && fs.f_flag & ST_NOSUID))
		return FILE_PLAIN;
	// Without the group's x, S_ISGID means mandatory locking.
	bool set_gid = (st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
	if ((st.st_mode & S_ISUID && st.st_uid != geteuid()) || (set_gid && st.st_gid != getegid()))
		return FILE_SET_ID;
	return getxattr(path, "security.capability", NULL, 0) > 0 ? FILE_CAPABILITIES : FILE_PLAIN;
}

const char *file_of_command(const char *command, char *buf, size_t len)
{
	const char *path = getenv("PATH");
	if (strchr(command, '/')) {
		int n = snprintf(buf, len, "%s", command);
		return n > 0 && (size_t)n < len && access(buf, X_OK) == 0 ? buf : NULL;
	}
	for (path = path ? path : "/bin:/usr/bin"; path; path = strchr(path, ':') ? strchr(path, ':') + 1 : NULL) {
		int folder = (int)strcspn(path, ":");
		int n = snprintf(buf, len, "%.*s%s%s", folder, path, folder ? "/" : "./", command);
		struct stat st;
		if (n > 0 && (size_t)n < len && access(buf, X_OK) == 0 && stat(buf, &st) == 0 && S_ISREG(st.st_mode))
			return buf;
	}
	return NULL;
}
