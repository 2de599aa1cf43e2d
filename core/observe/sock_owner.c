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
#include <sys/syscall.h>
#include <unistd.h>

#include "core/model/addr.h"
#include "core/observe/proc.h"

static struct sock *find_inode(struct sock *socks, size_t n, const char *link)
{
	static const char prefix[] = "socket:[";
	if (strncmp(link, prefix, sizeof prefix - 1) != 0)
		return NULL;
	unsigned long inode = strtoul(link + sizeof prefix - 1, NULL, 10);
	for (size_t i = 0; i < n; i++)
		if (socks[i].inode == inode && inode)
			return &socks[i];
	return NULL;
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

// The same open file in our own table, from any process that we may trace; -1 else. Our own needs no right.
static int take_fd(pid_t pid, int fd)
{
	if (pid == getpid())
		return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		return -1;
	int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	close(pidfd);
	return copy;
}

static bool is_socket(int fd, uint32_t inode)
{
	char path[64], link[64];
	snprintf(path, sizeof path, "/proc/thread-self/fd/%d", fd);
	ssize_t len = readlink(path, link, sizeof link - 1);
	struct sock wanted = {.inode = inode};
	if (len < 0)
		return false;
	link[len] = '\0';
	return find_inode(&wanted, 1, link) != NULL;
}

static void take_holder(struct sock *s, pid_t pid, int fd)
{
	if (!s->pid) {
		char path[64], text[64];
		s->pid = (uint32_t)pid;
		snprintf(path, sizeof path, "/proc/%d/comm", pid);
		ssize_t n = proc_read("", path, text, sizeof text);
		if (n > 0) // the kernel ends it with a line end; others are part of the name
			snprintf(s->comm, sizeof s->comm, "%.*s", (int)n - 1, text);
	}
	if (s->reuseaddr != UNKNOWN)
		return;
	int copy = take_fd(pid, fd);
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

static bool is_found(const struct sock *s)
{
	return !s->inode || s->searched || (s->pid && s->reuseaddr != UNKNOWN);
}

static void search_process(pid_t pid, struct sock *socks, size_t n)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	DIR *dir = opendir(path);
	if (!dir)
		return;
	struct dirent *e;
	while ((e = readdir(dir))) {
		char link[64];
		ssize_t len = readlinkat(dirfd(dir), e->d_name, link, sizeof link - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		struct sock *s = find_inode(socks, n, link);
		if (s && !is_found(s))
			take_holder(s, pid, atoi(e->d_name));
	}
	closedir(dir);
}

static bool any_missing(const struct sock *socks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_found(&socks[i]))
			return true;
	return false;
}

void sock_owners_find(struct sock *socks, size_t n)
{
	DIR *dir = any_missing(socks, n) ? opendir("/proc") : NULL;
	if (!dir)
		return;
	struct dirent *e;
	while (any_missing(socks, n) && (e = readdir(dir))) {
		unsigned long pid;
		if (number_parse(e->d_name, 1u << 30, &pid) == 0)
			search_process((pid_t)pid, socks, n);
	}
	closedir(dir);
	for (size_t i = 0; i < n; i++)
		socks[i].searched = true;
}
