// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/model/addr.h"
#include "core/model/fail.h"

// Facts about an entered user namespace, known only before.
struct entered {
	ino_t home; // the one left for it, 0: none
	uid_t of;   // its owner
};
static struct entered of_process;
static _Thread_local struct entered of_thread; // netns_enter_owner()
static pid_t entered_process; // whose network namespace it is that was entered, 0: no process was named

struct target {
	const char *which;
	enum { BY_PID, BY_PATH, BY_NAME } kind;
	char path[PATH_MAX];
};

static int find_place(const char *which, struct target *p, char *err, size_t errlen)
{
	static const char *const folders[] = {"/run/netns", "/var/run/netns"};
	size_t len = strlen(which);
	p->which = which;
	if (len == 0 || len + 16 > sizeof p->path || strcmp(which, ".") == 0 || strcmp(which, "..") == 0)
		return fail(-EINVAL, err, errlen,
			    "'%.60s' is not a network namespace; expected a name of `ip netns`, "
			    "a process id or a path",
			    which);
	if (strspn(which, "0123456789") == len) {
		p->kind = BY_PID;
		if (len > 10 || strspn(which, "0") == len)
			return fail(-EINVAL, err, errlen, "'%.60s' is not a process id", which);
		snprintf(p->path, sizeof p->path, "/proc/%s/ns/net", which);
		return 0;
	}
	p->kind = strchr(which, '/') ? BY_PATH : BY_NAME;
	if (p->kind == BY_PATH) {
		snprintf(p->path, sizeof p->path, "%s", which);
		return 0;
	}
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(p->path, sizeof p->path, "%s/%s", folders[i], which);
		if (access(p->path, F_OK) == 0)
			break;
	}
	return 0;
}

static int no_open(const struct target *p, int rc, char *err, size_t errlen)
{
	if (p->kind == BY_PID && (rc == -ENOENT || rc == -ESRCH))
		return fail(-ESRCH, err, errlen, "there is no process %s here", p->which);
	if (p->kind == BY_PID && (rc == -EACCES || rc == -EPERM))
		return fail(
			rc, err, errlen,
			"the namespaces of process %s cannot be read: that needs CAP_SYS_PTRACE over the process, which root "
			"%s",
			p->which, geteuid() == 0 ? "may lack in a container" : "usually has");
	if (p->kind == BY_NAME && rc == -ENOENT)
		return fail(rc, err, errlen, "there is no network namespace '%.60s'; `ip netns` lists them", p->which);
	return fail(rc, err, errlen, "%.200s: %s", p->path, strerror(-rc));
}

// The descriptor is one of a network namespace, and says so itself.
static bool is_netns(int fd)
{
	struct statfs fs;
	int type = ioctl(fd, NS_GET_NSTYPE);
	return fstatfs(fd, &fs) == 0 && fs.f_type == NSFS_MAGIC &&
	       (type == CLONE_NEWNET || (type < 0 && errno == ENOTTY));
}

static bool same_file(int fd, const char *path)
{
	struct stat a, b;
	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int netns_join(int net)
{
	if (same_file(net, "/proc/thread-self/ns/net"))
		return 0; // our own namespace needs no capability
	return setns(net, CLONE_NEWNET) < 0 ? -errno : 0;
}

// An owner of its user namespace has every right in there, once there.
int netns_enter_owner(int net)
{
	struct stat own;
	uid_t uid = 0;
	int owner = ioctl(net, NS_GET_USERNS), rc = -EPERM;
	if (owner < 0)
		return rc;
	if (stat("/proc/thread-self/ns/user", &own) == 0 && !same_file(owner, "/proc/thread-self/ns/user") &&
	    ioctl(owner, NS_GET_OWNER_UID, &uid) == 0)
		rc = setns(owner, CLONE_NEWUSER) < 0 ? -errno : 0;
	if (rc == 0)
		of_thread = (struct entered){own.st_ino, uid};
	close(owner);
	return rc;
}

bool netns_owner_is_next(int net)
{
	int owner = ioctl(net, NS_GET_USERNS), above = owner < 0 ? -1 : ioctl(owner, NS_GET_PARENT);
	bool is = above >= 0 && same_file(above, "/proc/thread-self/ns/user");
	if (above >= 0)
		close(above);
	if (owner >= 0)
		close(owner);
	return is;
}

void netns_forget_owner(void)
{
	of_thread = (struct entered){0};
}

static int move_in(const struct target *p, int net, char *err, size_t errlen)
{
	int rc = netns_join(net);
	if (rc == -EPERM && netns_enter_owner(net) == 0) {
		of_process = of_thread;
		rc = netns_join(net);
	}
	if (rc == -EPERM)
		return fail(
			rc, err, errlen,
			"entering network namespace %.60s needs CAP_SYS_ADMIN in the user namespace that owns it; run "
			"Bindwalk as root, or as the user who made it",
			p->which);
	return rc < 0 ? fail(rc, err, errlen, "cannot enter network namespace %.60s: %s%s", p->which, strerror(-rc),
			     rc == -EINVAL ? " (the process has more than one thread)" : "")
		      : 0;
}

// A descriptor of it, or -errno with a sentence.
static int open_place(const struct target *p, char *err, size_t errlen)
{
	int fd = open(p->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return no_open(p, -errno, err, errlen);
	if (is_netns(fd))
		return fd;
	close(fd);
	return fail(-EINVAL, err, errlen, "%.200s is not a network namespace", p->path);
}

int netns_enter(const char *which, char *err, size_t errlen)
{
	struct target p = {0};
	int rc = find_place(which, &p, err, errlen);
	int fd = rc == 0 ? open_place(&p, err, errlen) : rc;
	if (fd < 0)
		return fd;
	rc = move_in(&p, fd, err, errlen);
	if (rc == 0 && p.kind == BY_PID)
		entered_process = (pid_t)strtol(which, NULL, 10);
	close(fd);
	return rc;
}

int netns_inode(const char *which, uint64_t *inode, char *err, size_t errlen)
{
	// Where the kernel begins to count namespaces (PROC_DYNAMIC_FIRST), far above any process.
	const unsigned long first = 0xF0000000;
	struct target p = {0};
	struct stat st;
	unsigned long number;
	if (number_parse(which, UINT32_MAX, &number) == 0 && number >= first) {
		*inode = number;
		return 0;
	}
	int rc = find_place(which, &p, err, errlen);
	int fd = rc == 0 ? open_place(&p, err, errlen) : rc;
	if (fd < 0)
		return fd;
	rc = fstat(fd, &st) < 0 ? fail(-errno, err, errlen, "%.200s: %s", p.path, strerror(errno)) : 0;
	close(fd);
	*inode = rc == 0 ? st.st_ino : 0;
	return rc;
}

// A descriptor of what stands there, if it is that namespace; -1.
static int open_if(int folder, const char *path, uint64_t inode)
{
	struct stat st;
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || (fstat(fd, &st) == 0 && st.st_ino == inode && is_netns(fd)))
		return fd;
	close(fd);
	return -1;
}

// The same of each entry of a folder, with what follows its name: that of a process only, where something does.
static int search(const char *folder, const char *rest, uint64_t inode)
{
	char path[NAME_MAX + 16];
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(folder);
	int fd = -1;
	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || (*rest && strspn(entry->d_name, "0123456789") != strlen(entry->d_name)))
			continue;
		snprintf(path, sizeof path, "%s%s", entry->d_name, rest);
		if (fstatat(dirfd(dir), path, &st, 0) == 0 && st.st_ino == inode)
			fd = open_if(dirfd(dir), path, inode);
	}
	if (dir)
		closedir(dir);
	return fd;
}

int netns_find(uint64_t inode, pid_t likely)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)likely);
	int fd = likely ? open_if(AT_FDCWD, path, inode) : -1;
	if (fd < 0)
		fd = search("/run/netns", "", inode);
	if (fd < 0)
		fd = search("/proc", "/ns/net", inode);
	return fd < 0 ? -ESRCH : fd;
}

pid_t netns_process(void)
{
	return entered_process;
}

int netns_owner(char *buf, size_t len)
{
	struct stat st, own;
	uid_t uid = 0;
	const struct entered *e = of_thread.home ? &of_thread : &of_process;
	int net = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int owner = net >= 0 ? ioctl(net, NS_GET_USERNS) : -1, err = owner < 0 ? -errno : 0;
	if (len)
		buf[0] = '\0';
	if (net >= 0 && err == -EPERM && ioctl(net, NS_GET_NSTYPE) > 0) // else a filter's answer, not the kernel's
		snprintf(buf, len, "a user namespace above this one");
	if (err == -ENOENT || err == -EACCES || err == -ENOTTY || err == -EPERM)
		err = 0; // no /proc, not for us, no such namespaces
	if (owner >= 0 && (fstat(owner, &st) < 0 || stat("/proc/thread-self/ns/user", &own) < 0 ||
			   ioctl(owner, NS_GET_OWNER_UID, &uid) < 0))
		err = -errno;
	else if (owner >= 0 && st.st_ino != (e->home ? e->home : own.st_ino))
		snprintf(buf, len, "user namespace %lu of uid %u", (unsigned long)st.st_ino, e->home ? e->of : uid);
	if (owner >= 0)
		close(owner);
	if (net >= 0)
		close(net);
	return err;
}
