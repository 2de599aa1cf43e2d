// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static const char *const places[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

static bool is_tracefs(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && fs.f_type == TRACEFS_MAGIC;
}

// `ip netns exec` hides tracefs behind a new /sys, and small systems never mount it. A mount that is attached to no
// directory changes neither the system nor this process.
static int mount_unseen(void)
{
	int context = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
	if (context < 0)
		return -errno;
	int fd = (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (fd == 0)
		fd = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
				  MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	int err = fd < 0 ? -errno : 0;
	close(context);
	return err < 0 ? err : fd;
}

int tracefs_open(void)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		int fd = open(places[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 && is_tracefs(fd))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return mount_unseen();
}

int tracefs_read(int dir, const char *name, struct tracepoint *out)
{
	char path[128], text[8192];
	size_t used = 0;
	ssize_t n;
	snprintf(path, sizeof path, "events/%s/format", name);
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while ((n = read(fd, text + used, sizeof text - 1 - used)) > 0)
		used += (size_t)n;
	int err = n < 0 ? -errno : 0;
	close(fd);
	text[used] = '\0';
	return err < 0 ? err : tracepoint_parse(text, out);
}

bool lockdown_is_confidential(void)
{
	char text[128] = "";
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	bool found = f && fgets(text, sizeof text, f) && strstr(text, "[confidentiality]");
	if (f)
		fclose(f);
	return found;
}

int tracefs_refusal(int code, char *err, size_t errlen)
{
	if (code == -ENODEV)
		snprintf(err, errlen, "this kernel has no tracepoints (CONFIG_FTRACE)");
	else if (lockdown_is_confidential())
		snprintf(err, errlen,
			 "the kernel is locked down (confidentiality) and refuses tracepoints to everyone");
	else if (code == -EPERM || code == -EACCES)
		snprintf(err, errlen,
			 "the witness needs root (or CAP_PERFMON, and tracefs mounted at %s and readable): %s",
			 places[0], strerror(-code));
	else
		snprintf(err, errlen, "tracefs cannot be read: %s; as root: mount -t tracefs tracefs %s",
			 strerror(-code), places[0]);
	return code;
}
