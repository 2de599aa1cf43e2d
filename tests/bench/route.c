// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, LO = 1 };

struct message {
	struct nlmsghdr head;
	struct rtmsg rt;
	struct rtattr dst_attr;
	uint32_t dst;
	struct rtattr oif_attr;
	uint32_t oif;
};

static struct message message_of(bool add, struct prefix4 p)
{
	return (struct message){
		.head = {.nlmsg_len = sizeof(struct message),
			 .nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE,
			 .nlmsg_flags = NLM_F_REQUEST | (add ? NLM_F_CREATE | NLM_F_EXCL : 0)},
		.rt = {.rtm_family = AF_INET,
		       .rtm_dst_len = p.len,
		       .rtm_table = RT_TABLE_LOCAL,
		       .rtm_type = RTN_LOCAL,
		       .rtm_scope = RT_SCOPE_HOST,
		       .rtm_protocol = RTPROT_STATIC},
		.dst_attr = {sizeof(struct rtattr) + 4, RTA_DST},
		.dst = htonl(p.addr),
		.oif_attr = {sizeof(struct rtattr) + 4, RTA_OIF},
		.oif = LO,
	};
}

// The kernel answers only what it refuses.
static size_t count_refusals(int fd)
{
	char buf[65536];
	size_t refused = 0;
	for (ssize_t n; (n = recv(fd, buf, sizeof buf, MSG_DONTWAIT)) > 0;)
		for (struct nlmsghdr *h = (void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
			refused += h->nlmsg_type == NLMSG_ERROR;
	return refused;
}

size_t route_change(bool add, const struct prefix4 *p, size_t n)
{
	struct message batch[BATCH];
	size_t refused = 0;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	for (size_t done = 0; done < n;) {
		size_t used = 0;
		while (used < BATCH && done < n)
			batch[used++] = message_of(add, p[done++]);
		if (send(fd, batch, used * sizeof *batch, 0) < 0) {
			perror("netlink");
			exit(1);
		}
		refused += count_refusals(fd);
	}
	close(fd);
	return refused;
}
