// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/sock_gone.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/observe/nl.h"

// The kernel drops what is about other ports, so that a busy host wakes nobody.
static int hear_of(int fd, uint16_t port)
{
	enum { PORT = NLMSG_HDRLEN + offsetof(struct inet_diag_msg, id.idiag_sport) };
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, PORT), // loaded in network order, in which it is written
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};
	return port && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? -errno : 0;
}

static int join(int fd, int protocol)
{
	const int groups[][2] = {{SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY},
				 {SKNLGRP_INET_UDP_DESTROY, SKNLGRP_INET6_UDP_DESTROY}};
	const int *g = groups[protocol == IPPROTO_UDP];
	int err = nl_attach(fd);
	if (err)
		return err;
	for (int i = 0; i < 2; i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &g[i], sizeof g[i]) < 0)
			return -errno;
	return 0;
}

int sock_gone_open(int protocol, uint16_t port)
{
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return -EPROTONOSUPPORT;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
	int err = fd < 0 ? -errno : hear_of(fd, port);
	if (!err)
		err = join(fd, protocol);
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

bool sock_gone_drain(int fd)
{
	char bytes[64]; // that it came is enough
	bool any = false;
	for (;;) {
		ssize_t n = recv(fd, bytes, sizeof bytes, 0);
		if (n < 0 && errno == EINTR)
			continue;
		any |= n >= 0 || errno == ENOBUFS;
		if (n < 0 && errno != ENOBUFS)
			return any;
	}
}
