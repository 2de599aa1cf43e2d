// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/nl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "core/observe/nl_parse.h"

enum {
	BUFFER = 32768,    // the kernel never fills more than this in one go
	ANSWER_SECONDS = 5 // every answer is made while we send or receive; silence means that none will come
};

struct nl {
	struct mnl_socket *socket;
	int protocol;
	bool strict;
	bool answered; // the last request
	unsigned seq;
	char why[160];
	uint8_t buf[BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
};

// netlink_connect() does it as bind() does; a filter may refuse either.
int nl_attach(int fd)
{
	struct sockaddr_nl any = {.nl_family = AF_NETLINK};
	bool good = connect(fd, (struct sockaddr *)&any, sizeof any) == 0 ||
		    bind(fd, (struct sockaddr *)&any, sizeof any) == 0;
	return good ? 0 : -errno;
}

static int open_socket(struct nl *n)
{
	n->socket = mnl_socket_open2(n->protocol, SOCK_CLOEXEC);
	if (!n->socket)
		return -errno;
	// Not bound, which a filter may refuse: the first request that is sent gives it a port ID.
	// Kernels without one of these do their work all the same.
	int on = 1;
	mnl_socket_setsockopt(n->socket, NETLINK_EXT_ACK, &on, sizeof on);
	mnl_socket_setsockopt(n->socket, NETLINK_CAP_ACK, &on, sizeof on);
	n->strict = mnl_socket_setsockopt(n->socket, NETLINK_GET_STRICT_CHK, &on, sizeof on) == 0;
	struct timeval limit = {.tv_sec = ANSWER_SECONDS};
	setsockopt(mnl_socket_get_fd(n->socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	return 0;
}

int nl_open(struct nl **out, int protocol)
{
	*out = NULL;
	struct nl *n = malloc(sizeof *n);
	if (!n)
		return -ENOMEM;
	memset(n, 0, offsetof(struct nl, buf));
	n->protocol = protocol;
	int err = open_socket(n);
	if (err) {
		free(n);
		return err;
	}
	*out = n;
	return 0;
}

void nl_close(struct nl *n)
{
	if (!n)
		return;
	if (n->socket)
		mnl_socket_close(n->socket);
	free(n);
}

int nl_reopen(struct nl *n)
{
	if (n->socket)
		mnl_socket_close(n->socket);
	n->socket = NULL;
	return open_socket(n);
}

int nl_fd(const struct nl *n)
{
	return n->socket ? mnl_socket_get_fd(n->socket) : -1;
}

bool nl_strict(const struct nl *n)
{
	return n->strict;
}

bool nl_answered(const struct nl *n)
{
	return n->answered;
}

const char *nl_why(const struct nl *n)
{
	return n->why;
}

static int send_request(struct nl *n, struct nlmsghdr *req, unsigned flags)
{
	n->why[0] = '\0';
	n->answered = false;
	if (!n->socket)
		return -EBADF;
	req->nlmsg_flags = (uint16_t)(req->nlmsg_flags | NLM_F_REQUEST | flags);
	req->nlmsg_seq = ++n->seq;
	req->nlmsg_pid = 0;
	while (mnl_socket_sendto(n->socket, req, req->nlmsg_len) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

// One datagram from the kernel into n->buf: its length or -errno.
static ssize_t receive(struct nl *n)
{
	for (;;) {
		struct sockaddr_nl from = {0};
		struct iovec io = {n->buf, sizeof n->buf};
		struct msghdr msg = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &io, .msg_iovlen = 1};
		ssize_t got = recvmsg(nl_fd(n), &msg, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (msg.msg_namelen != sizeof from || from.nl_pid != 0)
			continue; // another process wrote to our port
		if (msg.msg_flags & MSG_TRUNC)
			return -EMSGSIZE;
		return got;
	}
}

enum wanted { WANT_ACK, WANT_ONE, WANT_ALL };

static int receive_reply(struct nl *n, enum wanted wanted, nl_each *each, void *data)
{
	bool interrupted = false;
	for (;;) {
		ssize_t got = receive(n);
		if (got < 0)
			return (int)got;
		int left = (int)got;
		for (struct nlmsghdr *m = (struct nlmsghdr *)n->buf; mnl_nlmsg_ok(m, left);
		     m = mnl_nlmsg_next(m, &left)) {
			if (m->nlmsg_seq != n->seq)
				continue; // the tail of an earlier, abandoned request
			if (m->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = true;
			if (m->nlmsg_type == NLMSG_ERROR || m->nlmsg_type == NLMSG_DONE) {
				int err = nl_parse_end(m, n->why, sizeof n->why);
				n->answered = true;
				return err ? err : interrupted ? -EAGAIN : 0;
			}
			if (m->nlmsg_type == NLMSG_OVERRUN)
				return -ENOBUFS;
			int err = each ? each(m, data) : 0;
			if (err || wanted == WANT_ONE)
				return err;
		}
	}
}

int nl_request(struct nl *n, struct nlmsghdr *req)
{
	int err = send_request(n, req, NLM_F_ACK);
	return err ? err : receive_reply(n, WANT_ACK, NULL, NULL);
}

int nl_query(struct nl *n, struct nlmsghdr *req, nl_each *each, void *data)
{
	int err = send_request(n, req, 0);
	return err ? err : receive_reply(n, WANT_ONE, each, data);
}

int nl_dump(struct nl *n, struct nlmsghdr *req, nl_each *each, void *data)
{
	int err = send_request(n, req, NLM_F_DUMP);
	return err ? err : receive_reply(n, WANT_ALL, each, data);
}

// The kernel makes all these changes under the RTNL lock, and takes it as well to answer a question about one link or
// next hop, even one that does not exist (rtnetlink_rcv_msg(), net/core/rtnetlink.c). Dumps of routes don't take it
// (from 6.9 on). We ask both questions in case one of them stops taking the lock.
void nl_barrier(struct nl *n)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
	} link = {.head = {.nlmsg_len = sizeof link, .nlmsg_type = RTM_GETLINK}, .link.ifi_index = INT32_MAX};
	struct {
		struct nlmsghdr head;
		struct nhmsg body;
		struct nlattr attr;
		uint32_t id;
	} hop = {.head = {.nlmsg_len = sizeof hop, .nlmsg_type = RTM_GETNEXTHOP},
		 .attr = {.nla_len = sizeof hop.attr + sizeof hop.id, .nla_type = NHA_ID},
		 .id = UINT32_MAX};
	nl_request(n, &link.head);
	nl_request(n, &hop.head);
}
