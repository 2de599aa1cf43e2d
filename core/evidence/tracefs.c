// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/evidence/tracing_refusal.h"
#include "core/evidence/unseen_mount.h"
#include "core/model/fail.h"

static const char *const places[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

static bool is_tracefs(int fd)
{
	struct statfs fs;
	return fstatfs(fd, &fs) == 0 && fs.f_type == TRACEFS_MAGIC;
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
	return unseen_mount("tracefs"); // `ip netns exec` hides it behind a new /sys, and small systems never mount it
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

int tracefs_refusal(int code, char *err, size_t errlen)
{
	if (code == -ENODEV)
		return fail(code, err, errlen, "this kernel has no tracepoints (CONFIG_FTRACE)");
	if (code == -EPERM || code == -EACCES)
		return fail(
			code, err, errlen,
			"tracepoints need root, or CAP_PERFMON and CAP_DAC_READ_SEARCH where tracefs is mounted at %s: "
			"%s",
			places[0], strerror(-code));
	return fail(code, err, errlen, "tracefs cannot be read: %s; as root: mount -t tracefs tracefs %s",
		    strerror(-code), places[0]);
}

int tracefs_no_point(const char *name, char *err, size_t errlen)
{
	if (lockdown_is_confidential()) // since it booted: tracefs stays empty then
		return fail(-ENOENT, err, errlen,
			    "the kernel is locked down (confidentiality) and has no tracepoints; boot it without "
			    "lockdown=confidentiality");
	return fail(-ENOENT, err, errlen, "this kernel has no tracepoint %s (%s)", name,
		    strncmp(name, "syscalls/", strlen("syscalls/")) == 0 ? "CONFIG_FTRACE_SYSCALLS" : "CONFIG_FTRACE");
}
