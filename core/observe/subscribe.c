// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/subscribe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/observe/nl.h"
#include "core/observe/nl_parse.h"
#include "core/observe/proc.h"

enum {
	BATCH = 16,
	ROUNDS = 8192,            // no queue of the kernel's holds more
	MESSAGE = 8192,           // a link with many virtual functions may take more: it counts as lost
	BUFFER_FORCED = 32 << 20, // the kernel doubles it: some 80000 announcements
	BUFFER_ALLOWED = 8 << 20
};

static void grow_buffer(int fd)
{
	int size = BUFFER_FORCED;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) == 0)
		return;
	size = BUFFER_ALLOWED; // cut to net.core.rmem_max
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

int subscribe_open(void)
{
	static const int needed[] = {RTNLGRP_LINK,       RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
				     RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,  RTNLGRP_IPV4_RULE,
				     RTNLGRP_IPV6_RULE,  RTNLGRP_IPV4_NETCONF};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	grow_buffer(fd);
	int err = nl_attach(fd); // events without a port ID count as its own, and do not come
	for (unsigned i = 0; i < sizeof needed / sizeof *needed && !err; i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &needed[i], sizeof needed[i]) < 0)
			err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	int nexthop = RTNLGRP_NEXTHOP; // from 5.3 on
	setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &nexthop, sizeof nexthop);
	return fd;
}

struct event_scope event_scope_of(const struct host *h)
{
	// A split trie never becomes a shared one again. That table main comes into being is still of interest.
	struct event_scope s = {.main4 = h->trie != TRIE_SPLIT || h->has_main4 != YES, .main_free = true};
	for (size_t i = 0; i < h->nlinks; i++) {
		s.vrf |= h->links[i].vrf_table != 0;
		s.main_free &= h->links[i].vrf_table != RT_TABLE_MAIN;
	}
	return s;
}

void subscribe_filter(int fd, const struct event_scope *scope)
{
	enum {
		FAMILY = NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_family),
		TABLE = NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_table)
	};
	// Half words are loaded in network order, and netlink's are in the host's. The jumps count instructions.
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 0, 4),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TABLE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RT_TABLE_MAIN, 0, 2),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FAMILY),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, scope->main4 ? 0 : 1, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};
	if (scope->main_free)
		setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
	else
		setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &program, sizeof program);
}

static bool counts_route(const struct rtmsg *rt, const struct event_scope *scope)
{
	// A table above 255 shows as RT_TABLE_COMPAT here; only a VRF's can count.
	if (rt->rtm_table == RT_TABLE_LOCAL || scope->vrf)
		return true;
	return rt->rtm_family == AF_INET && rt->rtm_table == RT_TABLE_MAIN && scope->main4;
}

static bool counts(const struct nlmsghdr *m, const struct event_scope *scope)
{
	struct rtmsg body; // all bodies begin with the family
	if (m->nlmsg_len < sizeof *m + sizeof body)
		return false; // with its attributes none is so short
	memcpy(&body, m + 1, sizeof body);
	switch (m->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return body.rtm_family == AF_UNSPEC;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return counts_route(&body, scope);
	case RTM_NEWADDR:
	case RTM_DELADDR:
	case RTM_NEWRULE:
	case RTM_DELRULE:
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
	case RTM_NEWNETCONF:
		return true;
	default:
		return false;
	}
}

static int take_datagram(const void *bytes, size_t len, const struct event_scope *scope, struct batch *into)
{
	const struct nlmsghdr *m;
	size_t at = 0;
	int err = 0;
	while (!err && (m = nl_message(bytes, len, &at)))
		if (counts(m, scope))
			err = batch_add(into, m);
	return err;
}

int subscribe_drain(int fd, const struct event_scope *scope, struct batch *into)
{
	uint8_t bytes[BATCH][MESSAGE] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct sockaddr_nl from[BATCH];
	struct iovec io[BATCH];
	struct mmsghdr msgs[BATCH];
	bool lost = false;
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < BATCH; i++) {
			io[i] = (struct iovec){bytes[i], MESSAGE};
			msgs[i].msg_hdr = (struct msghdr){.msg_name = &from[i],
							  .msg_namelen = sizeof from[i],
							  .msg_iov = &io[i],
							  .msg_iovlen = 1};
		}
		int n = recvmmsg(fd, msgs, BATCH, 0, NULL);
		if (n < 0 && errno == ENOBUFS) {
			lost = true;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno != EAGAIN ? -errno : lost ? -ENOBUFS : 0;
		for (int i = 0; i < n; i++) {
			lost |= (msgs[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
			if (from[i].nl_pid == 0 && !lost)
				lost = take_datagram(bytes[i], msgs[i].msg_len, scope, into) < 0;
		}
	}
	return -ENOBUFS; // an endless storm
}

int sysctl_watch(void)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fd < 0)
		return -1;
	char path[128];
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		proc_sysctl_path(sysctl_info((enum sysctl_id)i)->name, path, sizeof path);
		inotify_add_watch(fd, path, IN_MODIFY);
	}
	proc_sysctl_path("net.ipv4.ip_local_reserved_ports", path, sizeof path);
	inotify_add_watch(fd, path, IN_MODIFY);
	return fd;
}

bool sysctl_watch_drain(int fd)
{
	char buf[1024] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool any = false;
	while (fd >= 0 && read(fd, buf, sizeof buf) > 0)
		any = true;
	return any;
}
