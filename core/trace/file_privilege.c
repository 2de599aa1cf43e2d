// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/file_privilege.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/observe/proc.h"
#include "core/observe/process.h"

enum { NO_ID = UINT32_MAX };

// Is the id, as we count it, one of the process's user namespace? *root gets the one that is root there, or NO_ID. In
// our own namespace the numbers outside are its parent's, and say nothing.
static bool is_mapped(pid_t pid, const char *map, uint32_t id, uint32_t *root)
{
	char path[64], text[4096];
	bool found = false, ours = process_same_user_ns(pid) != NO;
	unsigned inside, outside, count;
	int used;
	*root = NO_ID;
	if (proc_read("", proc_path(pid, map, path, sizeof path), text, sizeof text) <= 0)
		return true; // not known: as outside of any namespace
	for (const char *at = text; sscanf(at, "%u %u %u%n", &inside, &outside, &count, &used) == 3; at += used) {
		uint32_t first = ours ? inside : outside;
		found |= id >= first && id - first < count;
		if (inside == 0 && count)
			*root = first;
	}
	return found;
}

// bprm_fill_uid() (fs/exec.c): not where either id has no meaning.
static bool sets_id(const struct stat *st, pid_t pid, const struct credentials *c)
{
	uint32_t root;
	// Without the group's x, S_ISGID means mandatory locking.
	bool set_uid = st->st_mode & S_ISUID, set_gid = (st->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
	if ((!set_uid && !set_gid) || !is_mapped(pid, "uid_map", st->st_uid, &root) ||
	    !is_mapped(pid, "gid_map", st->st_gid, &(uint32_t){0}))
		return false;
	if (set_gid && st->st_gid != c->gid[ID_EFFECTIVE] && st->st_gid != c->gid[ID_REAL])
		return true;
	if (!set_uid)
		return false;
	if (st->st_uid != c->uid[ID_EFFECTIVE] && st->st_uid != c->uid[ID_REAL])
		return true;
	// A caller with CAP_SETUID becomes root, but one without root's capabilities.
	return st->st_uid == root && c->uid[ID_REAL] != root && c->bounding & ~c->permitted;
}

uint64_t file_capabilities_gain(const void *attribute, size_t len, const struct credentials *c, uint32_t root)
{
	struct vfs_ns_cap_data data = {0};
	uint64_t permitted = 0, inheritable = 0;
	memcpy(&data, attribute, len < sizeof data ? len : sizeof data);
	uint32_t revision = le32toh(data.magic_etc) & VFS_CAP_REVISION_MASK;
	unsigned words = revision == VFS_CAP_REVISION_1 ? VFS_CAP_U32_1 : VFS_CAP_U32_2;
	size_t size = revision == VFS_CAP_REVISION_1   ? XATTR_CAPS_SZ_1
		      : revision == VFS_CAP_REVISION_2 ? XATTR_CAPS_SZ_2
						       : XATTR_CAPS_SZ_3;
	// One that is some namespace's counts where its root is root: rootid_owns_currentns().
	if (len != size || (revision == VFS_CAP_REVISION_3 && le32toh(data.rootid) != root))
		return 0;
	for (unsigned i = 0; i < words; i++) {
		permitted |= (uint64_t)le32toh(data.data[i].permitted) << 32 * i;
		inheritable |= (uint64_t)le32toh(data.data[i].inheritable) << 32 * i;
	}
	return ((permitted & c->bounding) | (inheritable & c->inheritable)) & ~c->permitted;
}

static bool gives_capabilities(const char *path, pid_t pid, const struct credentials *c)
{
	struct vfs_ns_cap_data data;
	uint32_t root;
	ssize_t len = getxattr(path, "security.capability", &data, sizeof data);
	is_mapped(pid, "uid_map", 0, &root);
	return len > 0 && file_capabilities_gain(&data, (size_t)len, c, root);
}

// A script has what its interpreter gives.
static bool is_script(const char *path)
{
	char head[2] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof head);
	if (fd >= 0)
		close(fd);
	return n == sizeof head && memcmp(head, "#!", sizeof head) == 0;
}

enum file_privilege file_privilege(const char *path, pid_t pid, bool ours)
{
	struct stat st;
	struct statvfs fs;
	struct credentials *c = malloc(sizeof *c);
	enum file_privilege out = FILE_PLAIN;
	if (!c || stat(path, &st) < 0 || !S_ISREG(st.st_mode) || (statvfs(path, &fs) == 0 && fs.f_flag & ST_NOSUID) ||
	    credentials_read(pid, c) < 0 || (c->no_new_privs && !ours))
		;
	else if (sets_id(&st, pid, c))
		out = FILE_SET_ID;
	else if (gives_capabilities(path, pid, c))
		out = FILE_CAPABILITIES;
	free(c);
	return out != FILE_PLAIN && is_script(path) ? FILE_PLAIN : out;
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
