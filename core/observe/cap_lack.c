// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/cap_lack.h"

#include <endian.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include "core/observe/proc.h"

bool cap_in_file(const void *attribute, size_t len, unsigned cap)
{
	struct vfs_ns_cap_data data = {0};
	if (len > sizeof data || len < XATTR_CAPS_SZ_1)
		return false;
	memcpy(&data, attribute, len);
	uint32_t revision = le32toh(data.magic_etc) & VFS_CAP_REVISION_MASK;
	size_t size = revision == VFS_CAP_REVISION_1   ? XATTR_CAPS_SZ_1
		      : revision == VFS_CAP_REVISION_2 ? XATTR_CAPS_SZ_2
		      : revision == VFS_CAP_REVISION_3 ? XATTR_CAPS_SZ_3
						       : 0;
	unsigned words = size == XATTR_CAPS_SZ_1 ? 1 : 2;
	return len == size && cap / 32 < words && le32toh(data.data[cap / 32].permitted) >> cap % 32 & 1;
}

enum { IN_NO_FILE, IN_FILE, FILE_UNREAD };

static int in_program(pid_t pid, unsigned cap)
{
	char path[64], attribute[XATTR_CAPS_SZ_3];
	proc_path(pid, "exe", path, sizeof path);
	ssize_t len = getxattr(path, "security.capability", attribute, sizeof attribute);
	if (len < 0)
		return errno == ENODATA || errno == ENOTSUP ? IN_NO_FILE : FILE_UNREAD;
	return cap_in_file(attribute, (size_t)len, cap) ? IN_FILE : IN_NO_FILE;
}

static int count(uint64_t set)
{
	return __builtin_popcountll(set);
}

// On purpose, and not for all processes: less than the first process has, or few at all, as in a container.
static bool is_restricted(uint64_t bounding)
{
	struct credentials first;
	if (credentials_read(1, &first) == 0 && (first.bounding & ~bounding))
		return true;
	return count(bounding) <= CAP_LAST_CAP / 2;
}

enum lack cap_lack(pid_t pid, const struct credentials *c, unsigned cap)
{
	uint64_t bit = UINT64_C(1) << cap;
	if (c->effective & bit)
		return LACK_PLAIN;
	if (!(c->bounding & bit))
		return LACK_DROPPED;
	bool root = c->uid[ID_REAL] == 0 || c->uid[ID_EFFECTIVE] == 0; // gets it with the next program that it executes
	if (root || (c->permitted | c->inheritable | c->ambient) & bit)
		return LACK_PLAIN;
	int file = in_program(pid, cap);
	if (file == IN_FILE)
		return c->no_new_privs ? LACK_NO_NEW_PRIVS : LACK_PLAIN;
	return file == IN_NO_FILE && is_restricted(c->bounding) ? LACK_BOUNDING : LACK_PLAIN;
}
