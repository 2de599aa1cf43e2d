// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/caller_read.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/observe/hooks.h"
#include "core/observe/netns.h"
#include "core/observe/proc.h"

enum { NAMESPACE_DEPTH = 33 }; // the kernel nests 32 user namespaces

// Who is looked at: a process, or with pid 0 the calling thread, which needs no /proc for most of it.
struct who {
	pid_t pid;
	const char *status; // text of /proc/PID/status; NULL for the calling thread
	uid_t uid;          // effective
};

static int open_ns(pid_t pid, const char *name)
{
	char path[64];
	return open(proc_path(pid, name, path, sizeof path), O_RDONLY | O_CLOEXEC);
}

static int effective_caps(pid_t pid, uint64_t *caps)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = pid};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	if (syscall(SYS_capget, &head, data) < 0)
		return -errno;
	*caps = (uint64_t)data[1].effective << 32 | data[0].effective;
	return 0;
}

// 1, 0, or -errno.
static int same_file(int a, int b)
{
	struct stat x, y;
	if (fstat(a, &x) < 0 || fstat(b, &y) < 0)
		return -errno;
	return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

// Errors that say how things are: no such namespaces in this kernel, no /proc, or one that is not for us. All others
// leave open what there is.
static bool is_an_answer(int err)
{
	return err == ENOENT || err == ENOTTY || err == EPERM || err == EACCES;
}

// A child of the process's own user namespace, `at`: the owner has every capability in it, and so has who has them in
// the parent.
static int caps_in_child(const struct who *who, int at, uint64_t *caps, bool *as_owner)
{
	uid_t uid = 0;
	if (ioctl(at, NS_GET_OWNER_UID, &uid) < 0)
		return -errno;
	*as_owner = uid == who->uid;
	*caps = UINT64_MAX;
	return *as_owner ? 0 : effective_caps(who->pid, caps);
}

// What the process may do in the user namespace that `owner` names, as a capability set; `own` is its own. The kernel
// only hands out namespaces that are our own or beneath it.
static int caps_in(const struct who *who, int owner, int own, uint64_t *caps, bool *as_owner)
{
	int same = same_file(owner, own);
	if (same)
		return same < 0 ? same : effective_caps(who->pid, caps);
	int at = dup(owner), err = at < 0 ? -errno : 0;
	for (int depth = 0, end = 0; err == 0 && !end && depth < NAMESPACE_DEPTH; depth++) {
		int parent = ioctl(at, NS_GET_PARENT);
		if (parent < 0) {
			err = is_an_answer(errno) ? 0 : -errno;
			break;
		}
		end = same_file(parent, own);
		if (end)
			err = end < 0 ? end : caps_in_child(who, at, caps, as_owner);
		close(at);
		at = parent;
	}
	if (at >= 0)
		close(at);
	return err;
}

static int caps_over_network(const struct who *who, uint64_t *caps, bool *as_owner)
{
	*caps = 0;
	int net = open_ns(0, "ns/net"), own = net < 0 ? -1 : open_ns(who->pid, "ns/user");
	int owner = own < 0 ? -1 : ioctl(net, NS_GET_USERNS), err = owner < 0 ? -errno : 0;
	if (err == 0)
		err = caps_in(who, owner, own, caps, as_owner);
	else if (!is_an_answer(-err))
		;
	else if (own < 0 || err == -ENOTTY)
		err = effective_caps(who->pid, caps); // no such namespaces, or not to be told apart
	else
		err = 0; // EPERM: it belongs to a user namespace above ours, where nobody here has a capability
	if (owner >= 0)
		close(owner);
	if (own >= 0)
		close(own);
	if (net >= 0)
		close(net);
	return err;
}

// Groups without a number in this user namespace all show as one number, so that comparing says nothing.
// 1, 0, or -errno, as below.
static int ping_group_by_trial(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (fd < 0)
		return is_an_answer(errno) ? 0 : -errno;
	close(fd);
	return 1;
}

// Is one of our own groups in the range?
static int own_group_in(int64_t low, int64_t high)
{
	int64_t own = getegid();
	if (own >= low && own <= high)
		return 1;
	int n = getgroups(0, NULL), found = 0;
	if (n <= 0)
		return n < 0 ? -errno : 0;
	gid_t *groups = malloc((size_t)n * sizeof *groups);
	if (!groups)
		return -ENOMEM;
	n = getgroups(n, groups);
	for (int i = 0; i < n && !found; i++)
		found = groups[i] >= low && groups[i] <= high;
	if (n < 0)
		found = -errno;
	free(groups);
	return found;
}

// The numbers after "Key:" of a status text: is number `from` or a later one in the range?
static bool listed_in(const char *status, const char *key, unsigned from, unsigned to, int64_t low, int64_t high)
{
	const char *p = strstr(status, key);
	if (!p)
		return false;
	p += strlen(key);
	for (unsigned i = 0; i < to; i++) {
		p += strspn(p, " \t");
		if (*p < '0' || *p > '9')
			return false;
		char *end;
		int64_t gid = strtoll(p, &end, 10);
		if (i >= from && gid >= low && gid <= high)
			return true;
		p = end;
	}
	return false;
}

// ping_init_sock(), net/ipv4/ping.c
static int in_ping_group(const struct who *who, const struct host *h)
{
	int64_t low = h->sysctl[SYSCTL_PING_GID_LOW], high = h->sysctl[SYSCTL_PING_GID_HIGH], unmapped = 65534;
	char text[32];
	if (low > high)
		return 0;
	ssize_t got = proc_read("", "/proc/sys/kernel/overflowgid", text, sizeof text);
	if (got < 0 && !is_an_answer((int)-got))
		return (int)got;
	if (got > 0)
		unmapped = strtoll(text, NULL, 10);
	if (who->status)
		return listed_in(who->status, "\nGid:", 1, 2, low, high) ||
		       listed_in(who->status, "\nGroups:", 0, UINT32_MAX, low, high);
	if (low == unmapped || high == unmapped)
		return ping_group_by_trial();
	return own_group_in(low, high);
}

int caller_read(pid_t pid, const struct host *h, struct caller *out)
{
	char status[16384];
	struct who who = {.pid = pid, .uid = geteuid()};
	*out = (struct caller){0};
	if (pid) {
		char path[64];
		unsigned real, effective;
		ssize_t got = proc_read("", proc_path(pid, "status", path, sizeof path), status, sizeof status);
		if (got < 0)
			return (int)got;
		const char *uid = strstr(status, "\nUid:");
		if (!uid || sscanf(uid, "\nUid: %u %u", &real, &effective) != 2)
			return -EBADMSG;
		who.status = status;
		who.uid = effective;
	}
	uint64_t caps;
	int err = caps_over_network(&who, &caps, &out->as_owner);
	if (err < 0)
		return err;
	out->uid = who.uid;
	out->net_bind_service = caps >> CAP_NET_BIND_SERVICE & 1;
	out->net_raw = caps >> CAP_NET_RAW & 1;
	out->net_admin = caps >> CAP_NET_ADMIN & 1;
	int member = in_ping_group(&who, h);
	if (member < 0 || (err = netns_owner(out->owner, sizeof out->owner)) < 0)
		return member < 0 ? member : err;
	out->ping_group = member;
	hooks_read(pid, &out->hooks);
	return 0;
}
