// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/caller_read.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/model/addr.h"
#include "core/observe/cap_lack.h"
#include "core/observe/credentials.h"
#include "core/observe/hooks.h"
#include "core/observe/id_map.h"
#include "core/observe/netns.h"
#include "core/observe/proc.h"
#include "core/observe/process.h"

enum { NAMESPACE_DEPTH = 33 }; // the kernel nests 32 user namespaces

// The process to read, or with pid 0 the calling thread, where system calls report what /proc does not.
struct who {
	pid_t pid;
	const struct credentials *cred; // NULL where /proc does not show them
	uid_t uid;                      // effective
	bool effective_known;
	uint64_t effective;
};

// What it may do over the network namespace.
struct over_network {
	enum tri known; // UNKNOWN: it could not be found out
	uint64_t caps;
	bool as_owner;
	bool own; // it belongs to the process's own user namespace, so that `caps` is the effective set
};

static int open_ns(pid_t pid, const char *name)
{
	char path[64];
	return open(proc_path(pid, name, path, sizeof path), O_RDONLY | O_CLOEXEC);
}

static bool own_caps(uint64_t *caps)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	*caps = (uint64_t)data[1].effective << 32 | data[0].effective;
	return true;
}

// 1, 0, or -errno.
static int same_file(int a, int b)
{
	struct stat x, y;
	if (fstat(a, &x) < 0 || fstat(b, &y) < 0)
		return -errno;
	return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

// A filter may answer for the kernel. It does not tell the requests of this ioctl from each other, so where one is
// answered, the refusal of another is the kernel's.
static bool refused_by_kernel(int ns)
{
	int saved = errno;
	bool refused = saved == EPERM && ioctl(ns, NS_GET_NSTYPE) > 0;
	errno = saved;
	return refused;
}

static void take_effective(const struct who *who, struct over_network *out)
{
	out->own = true;
	out->caps = who->effective;
	out->known = who->effective_known ? YES : UNKNOWN;
}

// `at` is a child of the process's own user namespace: its owner has every capability in it, and so has who has them in
// the parent.
static void take_in_child(const struct who *who, int at, struct over_network *out)
{
	uid_t uid = 0;
	if (ioctl(at, NS_GET_OWNER_UID, &uid) < 0)
		return;
	out->as_owner = uid == who->uid;
	out->caps = out->as_owner ? UINT64_MAX : who->effective;
	out->known = out->as_owner || who->effective_known ? YES : UNKNOWN;
}

// What the process may do in the user namespace that `owner` names; `own` is its own. The kernel only hands out
// namespaces that are our own or beneath it.
static void take_from_below(const struct who *who, int owner, int own, struct over_network *out)
{
	int at = dup(owner);
	for (int depth = 0, end = 0; at >= 0 && !end && depth < NAMESPACE_DEPTH; depth++) {
		int parent = ioctl(at, NS_GET_PARENT);
		if (parent < 0) {
			if (refused_by_kernel(at))
				out->known = YES; // not beneath the process's own: it has none there
			break;
		}
		end = same_file(parent, own);
		if (end > 0)
			take_in_child(who, at, out);
		close(at);
		at = parent;
	}
	if (at >= 0)
		close(at);
}

// cap_capable(), security/commoncap.c.
static struct over_network over_network(const struct who *who)
{
	struct over_network out = {.known = UNKNOWN};
	int net = open_ns(0, "ns/net"), no_net = net < 0 ? errno : 0;
	int own = open_ns(who->pid, "ns/user"), no_own = own < 0 ? errno : 0;
	int owner = net < 0 ? -1 : ioctl(net, NS_GET_USERNS), no_owner = owner < 0 ? errno : 0;
	// A kernel without such namespaces has one of each.
	bool one_user = (no_own == ENOENT && net >= 0) || no_owner == ENOTTY || (no_net == ENOENT && own >= 0);
	int same = owner >= 0 && own >= 0 ? same_file(owner, own) : -1;
	if (same > 0 || one_user)
		take_effective(who, &out);
	else if (same == 0)
		take_from_below(who, owner, own, &out);
	else if (net >= 0 && owner < 0 && (errno = no_owner, refused_by_kernel(net)))
		out.known = YES; // it belongs to a user namespace above ours, where nobody here has a capability
	if (owner >= 0)
		close(owner);
	if (own >= 0)
		close(own);
	if (net >= 0)
		close(net);
	return out;
}

// EACCES is ping_init_sock()'s (net/ipv4/ping.c) where nothing else may answer.
static enum tri ping_group_by_trial(const struct who *who)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (fd < 0)
		return errno == EACCES && who->cred && who->cred->seccomp == NO ? NO : UNKNOWN;
	close(fd);
	return YES;
}

static bool inside(uint32_t gid, int64_t low, int64_t high)
{
	return gid >= low && gid <= high;
}

// The kernel compares its own numbers of the groups, in which other extents of the map may stand in another order. In
// one extent they stand as they do here, and then no group without a number is among them.
static enum tri ping_group_by_number(const struct who *who, int64_t low, int64_t high)
{
	struct id_map map;
	char text[32];
	if (!who->cred || id_map_read("gid_map", &map) < 0)
		return UNKNOWN;
	if (!id_map_is_whole(&map)) {
		// Ids without a number all show as this one.
		if (proc_read("", "/proc/sys/kernel/overflowgid", text, sizeof text) <= 0)
			return UNKNOWN;
		uint32_t nobody = (uint32_t)strtoul(text, NULL, 10);
		int first = id_map_extent(&map, (uint32_t)low), last = id_map_extent(&map, (uint32_t)high);
		if (first < 0 || first != last || low == nobody || high == nobody || inside(nobody, low, high))
			return UNKNOWN;
	}
	if (inside(who->cred->gid[ID_EFFECTIVE], low, high))
		return YES;
	uint32_t gid;
	for (const char *at = who->cred->groups; credentials_next_group(&at, &gid);)
		if (inside(gid, low, high))
			return YES;
	return NO;
}

static enum tri in_ping_group(const struct who *who, const struct host *h)
{
	enum tri in = UNKNOWN;
	if (h->sysctl_known[SYSCTL_PING_GID_LOW] && h->sysctl_known[SYSCTL_PING_GID_HIGH])
		in = ping_group_by_number(who, h->sysctl[SYSCTL_PING_GID_LOW], h->sysctl[SYSCTL_PING_GID_HIGH]);
	return in == UNKNOWN && !who->pid ? ping_group_by_trial(who) : in;
}

static enum tri holds(const struct over_network *o, unsigned cap)
{
	return o->known == UNKNOWN ? UNKNOWN : o->caps >> cap & 1 ? YES : NO;
}

// The uid that --unprivileged takes: whose sudo it is, or any that has a number here and that we may take; 0 for none.
static uint32_t ordinary_uid(const struct who *who)
{
	enum { FIRST_OF_PEOPLE = 1000 };
	struct id_map map;
	const char *sudo = getenv("SUDO_UID");
	unsigned long uid;
	if (who->uid != 0 || !(who->effective >> CAP_SETUID & 1) || id_map_read("uid_map", &map) < 0)
		return 0;
	if (sudo && number_parse(sudo, UINT32_MAX - 1, &uid) == 0 && uid && id_map_extent(&map, (uint32_t)uid) >= 0)
		return (uint32_t)uid;
	if (id_map_extent(&map, FIRST_OF_PEOPLE) >= 0)
		return FIRST_OF_PEOPLE;
	for (unsigned i = 0; i < map.n; i++)
		if (map.extents[i].first + map.extents[i].count > 1)
			return map.extents[i].first ? map.extents[i].first : 1;
	return 0;
}

// Where that can't be found out, as of a process that is gone by now, nothing is said.
static void compare_with_us(pid_t pid, struct caller *out)
{
	pid_t of = pid ? pid : netns_process();
	if (of && process_compare(of, out->comm, sizeof out->comm, &out->differs) == 0)
		out->pid = (uint32_t)of;
}

static int read_caller(pid_t pid, const struct host *h, bool own_bind, struct caller *out)
{
	struct credentials cred;
	struct who who = {.pid = pid, .uid = geteuid()};
	*out = (struct caller){.uid = who.uid};
	int rc = credentials_read(pid, &cred);
	if (rc < 0 && pid)
		return rc;
	if (rc == 0) {
		who.cred = &cred;
		who.uid = cred.uid[ID_EFFECTIVE];
		who.effective = cred.effective;
		out->uid = cred.uid[ID_FS];
		out->gid = cred.gid[ID_EFFECTIVE];
	}
	who.effective_known = rc == 0 || own_caps(&who.effective);
	struct over_network o = over_network(&who);
	// Where even that is not known, whose the namespace is makes no difference.
	if ((rc = netns_owner(out->owner, sizeof out->owner)) < 0 && o.known == YES)
		return rc;
	out->as_owner = o.as_owner;
	out->net_bind_service = holds(&o, CAP_NET_BIND_SERVICE);
	out->net_raw = holds(&o, CAP_NET_RAW);
	out->net_admin = holds(&o, CAP_NET_ADMIN);
	if (o.own && who.cred) {
		out->lack_bind_service = cap_lack(pid, who.cred, CAP_NET_BIND_SERVICE);
		out->lack_raw = cap_lack(pid, who.cred, CAP_NET_RAW);
	}
	out->ping_group = in_ping_group(&who, h);
	out->ordinary_uid = pid ? 0 : ordinary_uid(&who);
	hooks_read(pid, &out->hooks);
	out->stand_in = own_bind ? SEEN_OF_IT : pid ? ASKED_AS_IT : ASKED_AS_OURSELVES;
	if (!own_bind) {
		compare_with_us(pid, out);
	} else {
		out->pid = (uint32_t)pid;
		snprintf(out->comm, sizeof out->comm, "%s", cred.comm);
	}
	return 0;
}

int caller_read(pid_t pid, const struct host *h, struct caller *out)
{
	return read_caller(pid, h, false, out);
}

int caller_read_seen(pid_t pid, const struct host *h, struct caller *out)
{
	return read_caller(pid, h, true, out);
}
