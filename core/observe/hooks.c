// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/observe/proc.h"

enum { CALL_LSM_LIST_MODULES = 461, LSMS = 32 };

// include/uapi/linux/lsm.h
static const char *lsm_name(uint64_t id)
{
	static const char *const names[] = {"capability", "selinux", "smack",     "tomoyo",   "apparmor",
					    "yama",       "loadpin", "safesetid", "lockdown", "bpf",
					    "landlock",   "ima",     "evm",       "ipe"};
	return id >= 100 && id - 100 < sizeof names / sizeof *names ? names[id - 100] : "unknown";
}

static void read_lsms(char *out, size_t len)
{
	out[0] = '\0';
	if (proc_read("", "/sys/kernel/security/lsm", out, len) > 0) {
		out[strcspn(out, "\n")] = '\0';
		return;
	}
	// securityfs is often not mounted in containers; the call is younger (6.8) but needs nothing.
	uint64_t ids[LSMS];
	uint32_t size = sizeof ids;
	long n = syscall(CALL_LSM_LIST_MODULES, ids, &size, 0);
	out[0] = '\0';
	size_t used = 0;
	for (long i = 0; i < n; i++) {
		int more = snprintf(out + used, len - used, "%s%s", i ? "," : "", lsm_name(ids[i]));
		if (more < 0 || (size_t)more >= len - used)
			return;
		used += (size_t)more;
	}
}

// The folder of a process's cgroup in the unified hierarchy: 0 or -errno.
static int cgroup_folder(pid_t pid, char *out, size_t len)
{
	static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	char path[64], text[PATH_MAX + 64];
	ssize_t got = proc_read("", proc_path(pid, "cgroup", path, sizeof path), text, sizeof text);
	if (got < 0)
		return (int)got;
	const char *line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line)
		return -ENOENT;
	line += *line == '\n';
	line += 3;
	for (unsigned i = 0; i < sizeof mounts / sizeof *mounts; i++) {
		struct statfs fs;
		if (statfs(mounts[i], &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC) {
			int n = snprintf(out, len, "%s%.*s", mounts[i], (int)strcspn(line, "\n"), line);
			return n < 0 || (size_t)n >= len ? -ENAMETOOLONG : 0;
		}
	}
	return -ENOENT;
}

static int count_programs(int cgroup, uint32_t type)
{
	union bpf_attr attr;
	memset(&attr, 0, sizeof attr);
	attr.query.target_fd = (uint32_t)cgroup;
	attr.query.attach_type = type;
	attr.query.query_flags = BPF_F_QUERY_EFFECTIVE;
	// Without room for program ids the kernel only counts.
	if (syscall(SYS_bpf, BPF_PROG_QUERY, &attr, sizeof attr) < 0)
		return -errno;
	return (int)attr.query.prog_cnt;
}

static int count_bind_programs(pid_t pid)
{
	static const uint32_t types[] = {BPF_CGROUP_INET4_BIND, BPF_CGROUP_INET6_BIND, BPF_CGROUP_INET4_POST_BIND,
					 BPF_CGROUP_INET6_POST_BIND};
	char folder[PATH_MAX];
	if (cgroup_folder(pid, folder, sizeof folder) < 0)
		return -1;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int total = 0;
	for (unsigned i = 0; i < sizeof types / sizeof *types && total >= 0; i++) {
		int n = count_programs(fd, types[i]);
		total = n < 0 ? -1 : total + n;
	}
	close(fd);
	return total;
}

void hooks_read(pid_t pid, struct hooks *out)
{
	*out = (struct hooks){.seccomp = UNKNOWN};
	read_lsms(out->lsms, sizeof out->lsms);
	char path[64], text[16384];
	unsigned long value;
	if (proc_read("", proc_path(pid, "status", path, sizeof path), text, sizeof text) > 0) {
		out->seccomp = proc_field(text, "Seccomp", 10, &value) == 0 && value != 0 ? YES : NO;
		out->no_new_privs = proc_field(text, "NoNewPrivs", 10, &value) == 0 && value != 0;
	}
	if (!pid && out->seccomp == UNKNOWN) { // no /proc, but we may ask for ourselves
		int mode = prctl(PR_GET_SECCOMP);
		out->seccomp = mode < 0 ? UNKNOWN : mode ? YES : NO;
		out->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	}
	out->cgroup_bind = count_bind_programs(pid);
}
