// SPDX-License-Identifier: GPL-3.0-or-later
#include <linux/types.h>

#include "core/trace/traced_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/model/option.h"
#include "core/model/tri.h"
#include "core/observe/proc.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71 // since 5.14
#endif

enum { PIDFD_OF_THREAD = O_EXCL }; // PIDFD_THREAD, since 6.9

// Of the thread, or before 6.9 of its process.
static int pidfd_of(pid_t tid, pid_t tgid, bool *of_process)
{
	int fd = (int)syscall(SYS_pidfd_open, tid, tid == tgid ? 0 : PIDFD_OF_THREAD);
	*of_process = fd < 0 && errno == EINVAL;
	if (*of_process)
		fd = (int)syscall(SYS_pidfd_open, tgid, 0);
	return fd < 0 ? -errno : fd;
}

// A thread may have files of its own, other than its process's.
static bool is_threads_own(int taken, pid_t tid, int fd)
{
	char name[32], path[64];
	struct stat a, b;
	snprintf(name, sizeof name, "fd/%d", fd);
	return fstat(taken, &a) == 0 && stat(proc_path(tid, name, path, sizeof path), &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int traced_socket_take(pid_t tid, pid_t tgid, int fd)
{
	bool of_process;
	int process = pidfd_of(tid, tgid, &of_process);
	if (process < 0)
		return process;
	int own = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	int rc = own < 0 ? -errno : own;
	close(process);
	if (own < 0 || !of_process || is_threads_own(own, tid, fd))
		return rc;
	close(own);
	return -EBADF;
}

static bool get(int fd, int level, int option, uint32_t *out)
{
	socklen_t len = sizeof *out;
	*out = 0;
	return getsockopt(fd, level, option, out, &len) == 0;
}

static bool ask(int fd, enum option_id id, uint32_t *value)
{
	const struct sockopt *o = option_info(id);
	return get(fd, o->level, o->number, value);
}

static uint32_t number(int fd, enum option_id id)
{
	uint32_t value;
	return ask(fd, id, &value) ? value : 0;
}

// An IPv6 socket may have them by either level: they share one bit.
static unsigned options_of(int fd, bool six, unsigned *unasked)
{
	static const struct {
		unsigned bit;
		enum option_id inet, inet6;
	} bits[] = {
		{SOCKET_FREEBIND, OPT_FREEBIND, OPT_FREEBIND6},
		{SOCKET_TRANSPARENT, OPT_TRANSPARENT, OPT_TRANSPARENT6},
		{SOCKET_V6ONLY, OPT_COUNT, OPT_V6ONLY},
		{SOCKET_REUSEADDR, OPT_REUSEADDR, OPT_REUSEADDR},
		{SOCKET_REUSEPORT, OPT_REUSEPORT, OPT_REUSEPORT},
		{SOCKET_NOPORT, OPT_NOPORT, OPT_NOPORT},
	};
	unsigned out = 0;
	uint32_t value;
	*unasked = 0;
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		enum option_id id = six ? bits[i].inet6 : bits[i].inet;
		if (id != OPT_COUNT && !ask(fd, id, &value))
			*unasked |= bits[i].bit;
		else if (id != OPT_COUNT && value)
			out |= bits[i].bit;
	}
	return out;
}

int traced_socket_ask(int fd, struct bind_record *out, unsigned *unasked)
{
	uint32_t family, type, protocol;
	struct stat st;
	*unasked = 0;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	if (!get(fd, SOL_SOCKET, SO_DOMAIN, &family) || !get(fd, SOL_SOCKET, SO_TYPE, &type) ||
	    !get(fd, SOL_SOCKET, SO_PROTOCOL, &protocol))
		return -errno;
	out->got_socket = 1;
	out->family = (__u16)family;
	out->type = (__u16)type;
	out->protocol = (__u16)protocol;
	if (family != AF_INET && family != AF_INET6)
		return 0;
	out->options = options_of(fd, family == AF_INET6, unasked);
	out->device = number(fd, OPT_IFINDEX);
	out->mark = number(fd, OPT_MARK);
	out->port_range = number(fd, OPT_PORTRANGE);
	return 0;
}

uint64_t traced_socket_inode(pid_t tid, int fd)
{
	char path[64], name[32];
	struct stat st;
	snprintf(name, sizeof name, "fd/%d", fd);
	bool there = stat(proc_path(tid, name, path, sizeof path), &st) == 0;
	return there && S_ISSOCK(st.st_mode) ? st.st_ino : 0;
}

static uint64_t inode_of(int fd)
{
	struct stat st;
	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static uint64_t own_netns(void)
{
	struct stat st;
	return stat("/proc/thread-self/ns/net", &st) == 0 ? st.st_ino : 0;
}

// Is it one of the namespace that Bindwalk is in? Each has a cookie, which anybody may ask for.
static enum tri is_here(int fd)
{
	uint64_t its = 0, own = 0;
	socklen_t len = sizeof its;
	int here = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool known = here >= 0 && getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &its, &len) == 0 &&
		     getsockopt(here, SOL_SOCKET, SO_NETNS_COOKIE, &own, &len) == 0;
	if (here >= 0)
		close(here);
	return !known ? UNKNOWN : its == own ? YES : NO;
}

// May we see which sockets are of network namespace `ns`? Who owns its user namespace may.
static bool is_manageable(int ns)
{
	uid_t owner;
	int user = ioctl(ns, NS_GET_USERNS);
	bool is = user >= 0 && ioctl(user, NS_GET_OWNER_UID, &owner) == 0 && owner == geteuid();
	if (user >= 0)
		close(user);
	return is;
}

// That of the thread, unless the socket can't be there: it came from elsewhere, or was there before the thread left.
static uint64_t likely_netns(int fd, pid_t tid)
{
	char path[64];
	enum tri here = is_here(fd);
	uint64_t own = own_netns();
	if (here == YES)
		return own;
	int ns = open(proc_path(tid, "ns/net", path, sizeof path), O_RDONLY | O_CLOEXEC);
	uint64_t its = inode_of(ns);
	if (its == own ? here == NO : ns >= 0 && is_manageable(ns))
		its = 0;
	if (ns >= 0)
		close(ns);
	return its;
}

uint64_t traced_socket_netns(int fd, pid_t tid)
{
	int ns = ioctl(fd, SIOCGSKNS); // needs CAP_NET_ADMIN there
	if (ns < 0)
		return likely_netns(fd, tid);
	uint64_t inode = inode_of(ns);
	close(ns);
	return inode;
}

void traced_socket_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

bool traced_socket_is_inet(int fd)
{
	uint32_t family;
	return get(fd, SOL_SOCKET, SO_DOMAIN, &family) && (family == AF_INET || family == AF_INET6);
}

bool traced_socket_closed(int fd)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof info;
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_state == TCP_CLOSE;
}

bool traced_socket_local(int fd, struct addr *addr, uint16_t *port, uint32_t *scope)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} s;
	socklen_t len = sizeof s;
	memset(&s, 0, sizeof s);
	if (getsockname(fd, &s.any, &len) < 0 || (s.any.sa_family != AF_INET && s.any.sa_family != AF_INET6))
		return false;
	bool six = s.any.sa_family == AF_INET6;
	*addr = (struct addr){.family = (uint8_t)s.any.sa_family};
	if (six)
		memcpy(addr->bytes, &s.in6.sin6_addr, 16);
	else
		memcpy(addr->bytes, &s.in.sin_addr, 4);
	*port = ntohs(six ? s.in6.sin6_port : s.in.sin_port);
	*scope = six ? s.in6.sin6_scope_id : 0;
	return true;
}
