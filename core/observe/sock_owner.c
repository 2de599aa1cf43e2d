// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/sock_owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/model/addr.h"
#include "core/observe/proc.h"

// The number in "socket:[4711]"; 0 for any other text.
static unsigned long inode_of(const char *link)
{
	static const char prefix[] = "socket:[";
	bool is = strncmp(link, prefix, sizeof prefix - 1) == 0;
	return is ? strtoul(link + sizeof prefix - 1, NULL, 10) : 0;
}

static enum tri get_flag(int fd, int level, int option)
{
	int value = 0;
	socklen_t len = sizeof value;
	if (getsockopt(fd, level, option, &value, &len) < 0)
		return UNKNOWN;
	return value ? YES : NO;
}

// Its TCP socket, which is what holds the port, has an IPV6_V6ONLY of its own.
static bool is_mptcp(int fd)
{
	int protocol = 0;
	socklen_t len = sizeof protocol;
	return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) < 0 ||
	       protocol == kind_info(KIND_MPTCP)->protocol;
}

// The process that is looked at: what was asked of it once.
struct owner {
	pid_t pid;
	int pidfd; // -1: not opened
	bool named;
	char comm[16];
	uint32_t uid;
};

// What is looked for: the sockets in the order of their inodes, of which several may have the same.
struct search {
	struct sock **socks;
	size_t n, missing;
	bool flags; // what is set on them as well
	bool whole; // nothing was kept from us so far
	struct owner owner;
};

static void next_owner(struct search *q, pid_t pid)
{
	if (q->owner.pidfd >= 0)
		close(q->owner.pidfd);
	q->owner = (struct owner){.pid = pid, .pidfd = -1};
}

// Its program's name, and its user: the process's own, also where another one made the socket.
static void name_owner(struct owner *o)
{
	char path[64];
	struct stat process;
	if (o->named)
		return;
	o->named = true;
	proc_comm(o->pid, o->comm, sizeof o->comm);
	snprintf(path, sizeof path, "/proc/%d", o->pid);
	if (stat(path, &process) == 0)
		o->uid = process.st_uid;
}

// The same open file in our own table, from any process that we may trace; -1 else. Our own needs no right.
static int take_fd(struct owner *o, int fd)
{
	if (o->pid == getpid())
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (o->pidfd < 0)
		o->pidfd = (int)syscall(SYS_pidfd_open, o->pid, 0);
	return o->pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, o->pidfd, fd, 0);
}

static bool is_socket(int fd, uint32_t inode)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode) && (uint32_t)st.st_ino == inode;
}

static void take_holder(struct sock *s, struct owner *o, int fd, bool flags)
{
	if (!s->pid) {
		name_owner(o);
		s->pid = (uint32_t)o->pid;
		s->pid_uid = o->uid;
		memcpy(s->comm, o->comm, sizeof s->comm);
	}
	s->owner = OWNER_PROCESS;
	if (!flags || s->reuseaddr != UNKNOWN)
		return;
	int copy = take_fd(o, fd);
	if (copy < 0)
		return;
	// The number may name another file by now.
	if (is_socket(copy, s->inode)) {
		s->reuseaddr = get_flag(copy, SOL_SOCKET, SO_REUSEADDR);
		s->reuseport = get_flag(copy, SOL_SOCKET, SO_REUSEPORT);
		if (s->v6only == UNKNOWN && !is_mptcp(copy))
			s->v6only = get_flag(copy, SOL_IPV6, IPV6_V6ONLY);
	}
	close(copy);
}

static bool is_found(const struct search *q, const struct sock *s)
{
	return !s->inode || s->searched || (s->pid && (!q->flags || s->reuseaddr != UNKNOWN));
}

static int by_inode(const void *a, const void *b)
{
	const struct sock *const *x = a, *const *y = b;
	return ((*x)->inode > (*y)->inode) - ((*x)->inode < (*y)->inode);
}

static size_t first_of(const struct search *q, unsigned long inode)
{
	size_t lo = 0, hi = q->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (q->socks[mid]->inode < inode)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void take_inode(struct search *q, unsigned long inode, int fd)
{
	for (size_t i = first_of(q, inode); i < q->n && q->socks[i]->inode == inode; i++) {
		bool found = is_found(q, q->socks[i]);
		if (!found)
			take_holder(q->socks[i], &q->owner, fd, q->flags);
		q->missing -= !found && is_found(q, q->socks[i]);
	}
}

// Looks through a folder of descriptors.
static void search_folder(struct search *q, const char *path)
{
	DIR *dir = opendir(path);
	if (!dir) {
		q->whole &= errno == ENOENT || errno == ESRCH; // it ended
		return;
	}
	struct dirent *e;
	while (q->missing && (e = readdir(dir))) {
		char link[64];
		ssize_t len = readlinkat(dirfd(dir), e->d_name, link, sizeof link - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		unsigned long inode = inode_of(link);
		if (inode)
			take_inode(q, inode, atoi(e->d_name));
	}
	closedir(dir);
}

typedef void each_pid(struct search *q, pid_t pid);

// False when /proc can't be read.
static bool for_each_process(struct search *q, each_pid *f)
{
	DIR *dir = opendir("/proc");
	if (!dir)
		return false;
	struct dirent *e;
	unsigned long pid;
	while (q->missing && (e = readdir(dir)))
		if (number_parse(e->d_name, 1u << 30, &pid) == 0)
			f(q, (pid_t)pid);
	closedir(dir);
	return true;
}

static void search_process(struct search *q, pid_t pid)
{
	char path[64];
	next_owner(q, pid);
	search_folder(q, proc_path(pid, "fd", path, sizeof path));
}

// A thread can have descriptors of its own, and those of a process whose first thread has ended are its others'.
static void search_threads(struct search *q, pid_t pid)
{
	char path[64];
	next_owner(q, pid);
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *dir = opendir(path);
	struct dirent *e;
	unsigned long tid;
	while (dir && q->missing && (e = readdir(dir)))
		if (number_parse(e->d_name, 1u << 30, &tid) == 0 && (pid_t)tid != pid) {
			snprintf(path, sizeof path, "/proc/%d/task/%lu/fd", pid, tid);
			search_folder(q, path);
		}
	if (dir)
		closedir(dir);
}

// Does /proc show all processes of the machine? The first PID namespace has a fixed number (PROC_PID_INIT_INO), and
// hidepid= would hide process 1.
static bool shows_all(void)
{
	static const char first[] = "pid:[4026531836]";
	char link[64];
	ssize_t len = readlink("/proc/self/ns/pid", link, sizeof link - 1);
	return len == sizeof first - 1 && memcmp(link, first, sizeof first - 1) == 0 && access("/proc/1/fd", R_OK) == 0;
}

void sock_owners_find(struct sock *socks, size_t n, bool flags)
{
	struct search q = {.flags = flags, .whole = true, .owner.pidfd = -1};
	for (size_t i = 0; i < n; i++)
		q.missing += !is_found(&q, &socks[i]);
	q.socks = q.missing ? malloc(n * sizeof(struct sock *)) : NULL;
	if (!q.socks)
		return;
	for (size_t i = 0; i < n; i++)
		if (!is_found(&q, &socks[i]))
			q.socks[q.n++] = &socks[i];
	qsort(q.socks, q.n, sizeof *q.socks, by_inode);
	q.whole = for_each_process(&q, search_process) && q.whole && shows_all();
	bool ownerless = false;
	for (size_t i = 0; i < q.n; i++)
		ownerless |= !q.socks[i]->pid;
	if (ownerless && q.whole)
		for_each_process(&q, search_threads);
	for (size_t i = 0; i < q.n; i++) {
		q.socks[i]->searched = true;
		if (!q.socks[i]->pid)
			q.socks[i]->owner = q.whole ? OWNER_KERNEL : OWNER_HIDDEN;
	}
	next_owner(&q, 0);
	free(q.socks);
}
