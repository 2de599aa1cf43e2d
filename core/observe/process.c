// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/process.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/model/fail.h"
#include "core/observe/hooks.h"
#include "core/observe/proc.h"

enum { KERNEL_THREAD = 0x00200000 }; // PF_KTHREAD, include/linux/sched.h

int process_check(pid_t pid, char *err, size_t errlen)
{
	char path[64], text[1024], state = 0;
	unsigned flags = 0;
	ssize_t got = proc_read("", proc_path(pid, "stat", path, sizeof path), text, sizeof text);
	if (got == -ENOENT || got == -ESRCH)
		return fail(-ESRCH, err, errlen, "there is no process %d here", (int)pid);
	if (got < 0)
		return fail((int)got, err, errlen, "%s: %s", path, strerror((int)-got));
	const char *after = strrchr(text, ')'); // the name before it may have anything in it
	if (!after || sscanf(after + 1, " %c %*d %*d %*d %*d %*d %u", &state, &flags) != 2)
		return fail(-EBADMSG, err, errlen, "%s does not say what process %d is", path, (int)pid);
	if (state == 'Z' || state == 'X')
		return fail(-ESRCH, err, errlen, "process %d has exited: a zombie has no network namespace", (int)pid);
	if (flags & KERNEL_THREAD)
		return fail(-EINVAL, err, errlen, "process %d is a thread of the kernel, which does not call bind()",
			    (int)pid);
	return 0;
}

// When it began, in nanoseconds since boot, suspended or not, rounded down to the clock's ticks. -1: there is none.
static int64_t began(pid_t pid)
{
	char path[64], text[1024];
	unsigned long long ticks;
	long each = sysconf(_SC_CLK_TCK);
	if (proc_read("", proc_path(pid, "stat", path, sizeof path), text, sizeof text) <= 0 || each <= 0)
		return -1;
	const char *after = strrchr(text, ')');
	if (!after ||
	    sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		   &ticks) != 1)
		return -1;
	return (int64_t)(ticks * (1000000000ull / (unsigned long)each));
}

bool process_is_from_before(pid_t pid, int64_t when)
{
	struct timespec wall, boot;
	int64_t then = began(pid);
	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	int64_t booted = (wall.tv_sec - boot.tv_sec) * 1000000000LL + (wall.tv_nsec - boot.tv_nsec);
	return then >= 0 && booted + then <= when;
}

enum tri process_same_user_ns(pid_t pid)
{
	char path[64];
	struct stat own, its;
	if (stat(proc_path(0, "ns/user", path, sizeof path), &own) < 0 ||
	    stat(proc_path(pid, "ns/user", path, sizeof path), &its) < 0)
		return UNKNOWN;
	return own.st_dev == its.st_dev && own.st_ino == its.st_ino ? YES : NO;
}

// Both can be read, and are not the same.
static bool other_text(pid_t pid, const char *name)
{
	char path[64], own[4096], its[4096];
	return proc_read("", proc_path(0, name, path, sizeof path), own, sizeof own) > 0 &&
	       proc_read("", proc_path(pid, name, path, sizeof path), its, sizeof its) > 0 && strcmp(own, its) != 0;
}

// In capabilities that bind or what comes before it asks for.
static bool other_capabilities(const struct credentials *a, const struct credentials *b)
{
	const uint64_t asked_for =
		UINT64_C(1) << CAP_NET_BIND_SERVICE | UINT64_C(1) << CAP_NET_RAW | UINT64_C(1) << CAP_NET_ADMIN;
	return (a->effective ^ b->effective) & asked_for;
}

unsigned process_credentials_differ(const struct credentials *own, const struct credentials *its)
{
	unsigned differs = 0;
	if (own->uid[ID_FS] != its->uid[ID_FS] || own->uid[ID_EFFECTIVE] != its->uid[ID_EFFECTIVE])
		differs |= DIFFERS(UID);
	if (!credentials_same_groups(own, its))
		differs |= DIFFERS(GROUPS);
	if (other_capabilities(own, its))
		differs |= DIFFERS(CAPABILITIES);
	if (own->no_new_privs != its->no_new_privs)
		differs |= DIFFERS(NO_NEW_PRIVS);
	if (own->seccomp != its->seccomp || own->filters != its->filters)
		differs |= DIFFERS(SECCOMP);
	return differs;
}

static unsigned compare(pid_t pid, const struct credentials *own, const struct credentials *its)
{
	struct hooks ours, theirs;
	unsigned differs = process_credentials_differ(own, its);
	hooks_read(0, &ours);
	hooks_read(pid, &theirs);
	if (process_same_user_ns(pid) == NO)
		differs |= DIFFERS(USER_NS);
	if (its->no_new_privs && !own->no_new_privs && strstr(theirs.lsms, "landlock"))
		differs |= DIFFERS(LANDLOCK);
	if (other_text(pid, "attr/current"))
		differs |= DIFFERS(LABEL);
	// Where neither has a program at bind, being elsewhere makes no difference to it.
	if (other_text(pid, "cgroup") && (ours.cgroup_bind != 0 || theirs.cgroup_bind != 0))
		differs |= DIFFERS(CGROUP);
	return differs;
}

int process_compare(pid_t pid, char *comm, size_t len, unsigned *differs)
{
	// Not on the stack, where the two would be most of it in small threads.
	struct credentials *both = malloc(2 * sizeof *both);
	int rc = both ? credentials_read(0, &both[0]) : -ENOMEM;
	if (rc == 0)
		rc = credentials_read(pid, &both[1]);
	if (rc == 0) {
		snprintf(comm, len, "%s", both[1].comm);
		*differs = compare(pid, &both[0], &both[1]);
	}
	free(both);
	return rc;
}
