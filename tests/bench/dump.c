// SPDX-License-Identifier: GPL-3.0-or-later
// dump: reads table local once, as fast as the kernel hands it over, and does nothing with it but count.
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	static char buf[32768]; // the kernel never fills more
	struct {
		struct nlmsghdr head;
		struct rtmsg rt;
		struct rtattr attr;
		uint32_t table;
	} request = {.head = {.nlmsg_len = sizeof request,
			      .nlmsg_type = RTM_GETROUTE,
			      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		     .rt = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_LOCAL},
		     .attr = {sizeof(struct rtattr) + 4, RTA_TABLE},
		     .table = RT_TABLE_LOCAL};
	int one = 1, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	size_t routes = 0;
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof one);
	if (send(fd, &request, sizeof request, 0) < 0) {
		perror("netlink");
		return 1;
	}
	for (ssize_t n; (n = recv(fd, buf, sizeof buf, 0)) > 0;)
		for (struct nlmsghdr *h = (void *)buf; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n), routes++)
			if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
				printf("%zu routes\n", routes);
				return h->nlmsg_type == NLMSG_ERROR;
			}
	return 1;
}
