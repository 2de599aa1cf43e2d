// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/observe/proc.h"

enum { NAMESPACE_DEPTH = 33 }; // the kernel nests 32 user namespaces

static uint64_t effective_caps(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	if (syscall(SYS_capget, &head, data) < 0)
		return 0;
	return (uint64_t)data[1].effective << 32 | data[0].effective;
}

static bool same_file(int a, int b)
{
	struct stat x, y;
	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

// What the thread may do in the user namespace that `owner` names, as a capability set. The kernel only hands out namespaces
// that are our own or beneath it, so `owner` is never above us (cap_capable(), security/commoncap.c).
static uint64_t caps_in(int owner, int own, bool *as_owner)
{
	if (same_file(owner, own))
		return effective_caps();
	int at = dup(owner);
	uint64_t caps = 0;
	for (int depth = 0; at >= 0 && depth < NAMESPACE_DEPTH; depth++) {
		int parent = ioctl(at, NS_GET_PARENT);
		if (parent < 0)
			break;
		if (same_file(parent, own)) {
			// A child of ours: its owner has every capability in it, and so has who has them here.
			uid_t uid = 0;
			*as_owner = ioctl(at, NS_GET_OWNER_UID, &uid) == 0 && uid == geteuid();
			caps = *as_owner ? UINT64_MAX : effective_caps();
			close(parent);
			break;
		}
		close(at);
		at = parent;
	}
	if (at >= 0)
		close(at);
	return caps;
}

static uint64_t caps_over_network(bool *as_owner)
{
	uint64_t caps = 0;
	int net = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int own = open("/proc/thread-self/ns/user", O_RDONLY | O_CLOEXEC);
	int owner = net >= 0 ? ioctl(net, NS_GET_USERNS) : -1;
	if (owner >= 0 && own >= 0)
		caps = caps_in(owner, own, as_owner);
	else if (net < 0 || own < 0 || errno == ENOTTY)
		caps = effective_caps(); // no such namespaces, or not to be told apart
	// else EPERM: it belongs to a user namespace above ours, where we have no rights
	if (owner >= 0)
		close(owner);
	if (own >= 0)
		close(own);
	if (net >= 0)
		close(net);
	return caps;
}

// Groups without a number in this user namespace all show as one number, so that comparing says nothing.
static bool ping_group_by_trial(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

// ping_init_sock(), net/ipv4/ping.c
static bool in_ping_group(const struct host *h)
{
	int64_t low = h->sysctl[SYSCTL_PING_GID_LOW], high = h->sysctl[SYSCTL_PING_GID_HIGH], unmapped = 65534;
	char text[32];
	if (proc_read("", "/proc/sys/kernel/overflowgid", text, sizeof text) > 0)
		unmapped = strtoll(text, NULL, 10);
	if (low == unmapped || high == unmapped)
		return ping_group_by_trial();
	if (low > high)
		return false;
	int64_t own = getegid();
	if (own >= low && own <= high)
		return true;
	int n = getgroups(0, NULL);
	gid_t *groups = n > 0 ? malloc((size_t)n * sizeof *groups) : NULL;
	bool found = false;
	n = groups ? getgroups(n, groups) : 0;
	for (int i = 0; i < n && !found; i++)
		found = groups[i] >= low && groups[i] <= high;
	free(groups);
	return found;
}

void cred_read(const struct host *h, struct cred *out)
{
	bool as_owner = false;
	uint64_t caps = caps_over_network(&as_owner);
	*out = (struct cred){
		.uid = geteuid(),
		.net_bind_service = caps >> CAP_NET_BIND_SERVICE & 1,
		.net_raw = caps >> CAP_NET_RAW & 1,
		.net_admin = caps >> CAP_NET_ADMIN & 1,
		.as_owner = as_owner,
		.ping_group = in_ping_group(h),
	};
}
