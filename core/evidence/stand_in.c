// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/stand_in.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/observe/credentials.h"
#include "core/observe/proc.h"
#include "core/observe/process.h"

// Becomes somebody else. 0 or -errno; *missing as in stand_in_process().
typedef int become_fn(const void *who, unsigned *missing);

struct errand {
	become_fn *become;
	const void *who;
	unsigned needed;
	stand_in_fn *run;
	const void *data;
	size_t len; // of the result
};

// The child's answer.
struct outcome {
	int rc;
	unsigned missing;
	bool done;
	_Alignas(max_align_t) unsigned char result[STAND_IN_RESULT];
};

static void go(const struct errand *e, struct outcome *out)
{
	out->rc = e->become(e->who, &out->missing);
	if (out->rc == 0 && !(out->missing & e->needed)) {
		out->rc = e->run(e->data, out->result);
		out->done = true;
	}
}

static int read_outcome(int fd, struct outcome *out, size_t size)
{
	ssize_t got;
	do
		got = read(fd, out, size); // as small as this, it comes whole
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : (size_t)got == size ? 0 : -ECHILD;
}

// The child of a process that may have threads: nothing there may wait for one of them.
static int by_child(const struct errand *e, struct outcome *out)
{
	size_t size = offsetof(struct outcome, result) + e->len;
	int ends[2], status;
	if (e->len > sizeof out->result)
		return -EMSGSIZE;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid_t child = fork();
	if (child == 0) {
		go(e, out);
		_exit(write(ends[1], out, size) != (ssize_t)size);
	}
	int rc = child < 0 ? -errno : 0;
	close(ends[1]);
	if (child > 0) {
		rc = read_outcome(ends[0], out, size);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
	return rc < 0 ? rc : out->rc;
}

static int set_caps(uint64_t effective, uint64_t inheritable)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t set = (uint32_t)(effective >> 32 * i);
		data[i] = (struct __user_cap_data_struct){set, set, (uint32_t)(inheritable >> 32 * i)};
	}
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

uint64_t stand_in_keeps(enum unprivileged how)
{
	return how == UNPRIVILEGED_AMBIENT ? UINT64_C(1) << CAP_NET_BIND_SERVICE : 0;
}

// As CapabilityBoundingSet=CAP_NET_BIND_SERVICE of a service unit leaves it. Root is no exception: where its uid stays,
// the next program that it executes gets nothing either.
static int take_bounding_set(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (cap != CAP_NET_BIND_SERVICE && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	return prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_KEEP_CAPS, 0, 0, 0) < 0 ? -errno : 0;
}

// libc's wrappers would signal all threads, but the child has only one.
static int become_lowered(const void *who, unsigned *missing)
{
	const struct caller *c = who;
	uint64_t keep = stand_in_keeps(c->unprivileged);
	int rc = c->unprivileged > UNPRIVILEGED_ON ? take_bounding_set() : 0;
	*missing = 0;
	if (rc == 0 && syscall(SYS_setresuid, c->uid, c->uid, c->uid) < 0)
		rc = -errno;
	if (rc == 0)
		rc = set_caps(keep, keep);
	if (rc == 0 && keep && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0) < 0)
		rc = -errno;
	return rc;
}

int stand_in_lowered(const struct caller *c, stand_in_fn *run, const void *data, void *result, size_t len)
{
	const struct errand e = {.become = become_lowered, .who = c, .run = run, .data = data, .len = len};
	struct outcome out = {0};
	int rc = by_child(&e, &out);
	if (out.done)
		memcpy(result, out.result, len);
	return rc;
}

static void enter_user_ns(pid_t pid)
{
	char path[64];
	int fd = open(proc_path(pid, "ns/user", path, sizeof path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	setns(fd, CLONE_NEWUSER);
	close(fd);
}

static void take_groups(const struct credentials *its)
{
	static gid_t groups[sizeof its->text / 2]; // of the child alone
	size_t n = 0;
	for (const char *at = its->groups; credentials_next_group(&at, &groups[n]);)
		n++;
	setgroups(n, groups);
	if (setresgid(its->gid[ID_REAL], its->gid[ID_EFFECTIVE], its->gid[ID_SAVED]) == 0)
		setfsgid(its->gid[ID_FS]);
}

// Takes on what it can; a later comparison shows the rest.
static void take(const struct credentials *its, const struct credentials *own)
{
	if (its->no_new_privs)
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!credentials_same_groups(its, own))
		take_groups(its);
	prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	if (setresuid(its->uid[ID_REAL], its->uid[ID_EFFECTIVE], its->uid[ID_SAVED]) == 0)
		setfsuid(its->uid[ID_FS]);
	set_caps(its->effective & own->permitted, 0);
}

static int become_process(const void *who, unsigned *missing)
{
	pid_t pid = *(const pid_t *)who;
	static struct credentials its, own; // of the child alone
	if (process_same_user_ns(pid) == NO)
		enter_user_ns(pid);
	*missing = process_same_user_ns(pid) == YES ? 0 : DIFFERS(USER_NS); // it may not be seen any more later
	int rc = credentials_read(pid, &its); // in the numbers of the namespace that this is in now
	if (rc == 0)
		rc = credentials_read(0, &own);
	if (rc == 0)
		take(&its, &own);
	if (rc == 0)
		rc = credentials_read(0, &own);
	if (rc == 0)
		*missing |= process_credentials_differ(&own, &its) &
			    (DIFFERS(UID) | DIFFERS(GROUPS) | DIFFERS(CAPABILITIES));
	return rc;
}

int stand_in_process(pid_t pid, unsigned needed, stand_in_fn *run, const void *data, void *result, size_t len,
		     unsigned *missing)
{
	const struct errand e = {become_process, &pid, needed, run, data, len};
	struct outcome out = {0};
	int rc = by_child(&e, &out);
	*missing = out.missing;
	if (out.done)
		memcpy(result, out.result, len);
	return rc;
}
