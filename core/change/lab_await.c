// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/lab_await.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/observe/clock.h"
#include "core/observe/nl.h"
#include "core/observe/nl_parse.h"

enum { SETTLE_MS = 60000 };

static int is_up(const struct nlmsghdr *m, void *data)
{
	struct link link;
	if (nl_parse_link(m, &link) == 0)
		*(bool *)data = link.operstate == IF_OPER_UP || strcmp(link.kind, "veth") != 0;
	return 0;
}

// The kernel settles the state of a link a moment after its carrier is there. Not waiting would show it differently
// each time.
void lab_await_up(const char *name)
{
	_Alignas(struct nlmsghdr) char buf[256] = {0};
	struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct nl *nl = NULL;
	int64_t deadline = now_ms() + SETTLE_MS;
	bool up = false;

	if (fd < 0 || bind(fd, (struct sockaddr *)&group, sizeof group) < 0 || nl_open(&nl, NETLINK_ROUTE) < 0)
		goto out;
	for (;;) {
		struct nlmsghdr *m = mnl_nlmsg_put_header(buf);
		m->nlmsg_type = RTM_GETLINK;
		mnl_nlmsg_put_extra_header(m, sizeof(struct ifinfomsg));
		mnl_attr_put_strz(m, IFLA_IFNAME, name);
		bool late = now_ms() >= deadline; // the look after the deadline is the last one, not the one before
		if (nl_query(nl, m, is_up, &up) < 0 || up || late)
			break;
		// Any event of a link is a reason to look again.
		int64_t left = deadline - now_ms();
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (left > 0 && poll(&p, 1, (int)left) < 0 && errno != EINTR)
			break;
		recv(fd, buf, sizeof buf, MSG_DONTWAIT);
	}
out:
	nl_close(nl);
	if (fd >= 0)
		close(fd);
}
