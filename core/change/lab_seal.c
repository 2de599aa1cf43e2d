// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/lab_seal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/change/lab_mounts.h"
#include "core/model/fail.h"

#define BIT(cap) (UINT64_C(1) << (cap))

// For networks; for files where root's own are not readable otherwise, as a home of mode 0700 is under sudo; and to
// become another user, or one of a lab in this lab (CAP_SETFCAP). Not among them is what reaches the whole system, and
// CAP_DAC_READ_SEARCH, with which open_by_handle_at(2) passes by the mounts.
static const uint64_t kept = BIT(CAP_NET_ADMIN) | BIT(CAP_NET_RAW) | BIT(CAP_NET_BIND_SERVICE) |
			     BIT(CAP_NET_BROADCAST) | BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) |
			     BIT(CAP_FSETID) | BIT(CAP_SETFCAP) | BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_SETPCAP) |
			     BIT(CAP_KILL);

static int drop_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	for (unsigned long cap = 0;; cap++) {
		int has = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
		if (has < 0)
			break; // the kernel's last one was before
		if (has && !(cap < 64 && (kept & BIT(cap))) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	}
	if (syscall(SYS_capget, &head, data) < 0)
		return -errno;
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		data[i].permitted &= (uint32_t)(kept >> (32 * i));
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0; // root's exec would add them
	}
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

// A directory leads past the mounts, a socket to its own network, a namespace to itself. A pipe is all that a shell's
// <(COMMAND) needs.
static int drop_descriptors(void)
{
	DIR *all = opendir("/proc/self/fd");
	if (!all)
		return -errno;
	for (struct dirent *e; (e = readdir(all));) {
		struct stat st;
		int fd = atoi(e->d_name); // 0 for . and ..
		if (fd > STDERR_FILENO && (fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode)))
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	closedir(all);
	return 0;
}

static int refused(int err, const char *what, char *why, size_t whylen)
{
	bool by_rule = err == -EPERM || err == -EACCES || err == -EINVAL;
	return fail(err, why, whylen, "cannot close the lab off: %s: %s%s", what, strerror(-err),
		    by_rule ? " (if this is a container or a chroot, start Bindwalk outside of it)" : "");
}

int lab_seal_processes(char *why, size_t whylen)
{
	return unshare(CLONE_NEWPID) < 0 ? refused(-errno, "processes of its own", why, whylen) : 0;
}

int lab_seal(char *why, size_t whylen)
{
	char what[LAB_ERROR];
	if (unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) < 0)
		return refused(-errno, "namespaces", why, whylen);
	int err = lab_mounts(what, sizeof what);
	if (err < 0)
		return refused(err, what, why, whylen);
	snprintf(why, whylen, "%s", what);
	if ((err = drop_descriptors()) < 0)
		return refused(err, "/proc/self/fd", why, whylen);
	if ((err = drop_capabilities()) < 0)
		return refused(err, "capabilities", why, whylen);
	return 0;
}
