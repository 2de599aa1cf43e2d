// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/tracing_refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/evidence/unseen_mount.h"
#include "core/model/fail.h"

enum { FIRST_USER_NS = 0xEFFFFFFD }; // the inode of the user namespace that is there from the start

bool lockdown_is_confidential(void)
{
	char text[128] = "";
	int dir = -1, fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		dir = unseen_mount("securityfs");
		fd = dir < 0 ? -1 : openat(dir, "lockdown", O_RDONLY | O_CLOEXEC);
	}
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	return n > 0 && strstr(text, "[confidentiality]");
}

static bool has_capability(unsigned cap)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};
	return syscall(SYS_capget, &head, sets) == 0 && sets[cap / 32].effective >> cap % 32 & 1;
}

static bool in_user_namespace(void)
{
	struct stat ns;
	return stat("/proc/self/ns/user", &ns) == 0 && ns.st_ino != FIRST_USER_NS;
}

int tracing_refusal(int code, const char *words, char *err, size_t errlen)
{
	bool admin = has_capability(CAP_SYS_ADMIN), bpf = admin || has_capability(CAP_BPF),
	     perfmon = admin || has_capability(CAP_PERFMON);
	switch (code) {
	case -EPERM:
	case -EACCES:
		if (!bpf || !perfmon)
			return fail(code, err, errlen,
				    "BPF programs need CAP_BPF and CAP_PERFMON, or root: this process lacks %s",
				    bpf       ? "CAP_PERFMON"
				    : perfmon ? "CAP_BPF"
					      : "both");
		if (lockdown_is_confidential())
			return fail(
				code, err, errlen,
				"the kernel is locked down (confidentiality) and lets nobody see into it; a kernel that "
				"boots without lockdown=confidentiality does");
		if (in_user_namespace())
			return fail(
				code, err, errlen,
				"BPF programs need CAP_BPF and CAP_PERFMON outside of any user namespace; this process "
				"is inside of one");
		return fail(code, err, errlen,
			    "the kernel refuses BPF programs (%s); a seccomp filter may be the reason",
			    strerror(-code));
	case -ENOSYS:
		return fail(code, err, errlen, "this kernel has no BPF (CONFIG_BPF_SYSCALL)");
	case -ENOMEM:
		return fail(code, err, errlen,
			    "no memory for BPF programs; where it is the limit of locked memory: ulimit -l unlimited");
	default:
		return fail(code, err, errlen, "the kernel refuses the BPF programs: %s%s%.200s", strerror(-code),
			    words[0] ? ": " : "", words);
	}
}
