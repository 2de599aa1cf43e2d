// SPDX-License-Identifier: GPL-3.0-or-later
// socks_read(): who holds a port.
#include "core/observe/socks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/observe/nl.h"
#include "core/observe/nl_parse.h"
#include "core/observe/proc.h"

// All TCP states but those that hold no port: requests that are not yet connections.
enum { STATE_SYN_RECV = 3, STATE_NEW_SYN_RECV = 12, STATES = ~(1 << STATE_SYN_RECV | 1 << STATE_NEW_SYN_RECV) };

struct asking {
	struct question *question;
	uint8_t protocol;
	uint8_t family; // 0: both
	uint16_t port;
};

static int take_sock(const struct nlmsghdr *m, void *data)
{
	const struct asking *a = data;
	struct sock s;
	int err = nl_parse_sock(m, a->protocol, &s);
	if (err)
		return err == -ENOMSG ? 0 : err;
	// Not every protocol's dump heeds the port that it is asked for.
	if ((a->port && s.port != a->port) || !s.port || (a->family && s.family != a->family))
		return 0;
	return question_add_sock(a->question, &s);
}

static int dump_family(struct nl *diag, struct asking *a, uint8_t family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 body;
	} req = {
		.head = {.nlmsg_len = sizeof req, .nlmsg_type = SOCK_DIAG_BY_FAMILY},
		.body = {.sdiag_family = family,
			 .sdiag_protocol = a->protocol,
			 .idiag_states = (uint32_t)STATES,
			 .id = {.idiag_sport = htons(a->port)}},
	};
	a->family = family;
	return nl_dump(diag, &req.head, take_sock, a);
}

// IPv4 first, else in the kernel's order.
static int sort_families(struct question *q)
{
	size_t at = 0;
	struct sock *sorted = reallocarray(NULL, q->nsocks + 1, sizeof *sorted);
	if (!sorted)
		return -ENOMEM;
	for (int six = 0; six < 2; six++)
		for (size_t i = 0; i < q->nsocks; i++)
			if ((q->socks[i].family == AF_INET6) == six)
				sorted[at++] = q->socks[i];
	if (at)
		memcpy(q->socks, sorted, at * sizeof *sorted);
	free(sorted);
	return 0;
}

static int dump_families(struct nl *diag, struct asking *a)
{
	int err = dump_family(diag, a, AF_INET);
	return err ? err : dump_family(diag, a, AF_INET6);
}

// TCP's sockets of both families in one go: each dump goes over all of the kernel's table of connections, and only the
// request from before SOCK_DIAG_BY_FAMILY may leave the family out (inet_diag_dump_compat(), net/ipv4/inet_diag.c).
static int dump_tcp(struct nl *diag, struct asking *a)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req body;
	} req = {
		.head = {.nlmsg_len = sizeof req, .nlmsg_type = TCPDIAG_GETSOCK},
		.body = {.idiag_states = (uint32_t)STATES, .id = {.idiag_sport = htons(a->port)}},
	};
	a->family = 0;
	int err = nl_dump(diag, &req.head, take_sock, a);
	return err ? err : sort_families(a->question);
}

static int dump_once(struct nl *diag, struct asking *a)
{
	int err = a->protocol == IPPROTO_TCP ? dump_tcp(diag, a) : -EOPNOTSUPP;
	if (!err || err == -EAGAIN)
		return err;
	a->question->nsocks = 0;
	return dump_families(diag, a);
}

static int read_diag(struct question *q, uint8_t protocol, uint16_t port)
{
	struct asking a = {.question = q, .protocol = protocol, .port = port};
	struct nl *diag;
	int err = nl_open(&diag, NETLINK_SOCK_DIAG);
	if (err)
		return err;
	err = -EAGAIN;
	for (int i = 0; i < NL_DUMP_TRIES && err == -EAGAIN; i++) {
		q->nsocks = 0;
		err = dump_once(diag, &a);
	}
	nl_close(diag);
	return err;
}

// Are all user IDs mapped into this user namespace, as in the first one?
static bool maps_all(const char *map)
{
	unsigned long inside, outside, count, all = 0;
	for (const char *line = map; sscanf(line, "%lu %lu %lu", &inside, &outside, &count) == 3; line++) {
		all += count;
		line = strchr(line, '\n');
		if (!line)
			break;
	}
	return all >= UINT32_MAX;
}

// An owner that has no number in this user namespace shows as the overflow uid. Where it can't be told whether all have
// one, it counts as one that has none.
static void mark_unmapped(struct question *q)
{
	enum { USUAL = 65534 };
	char text[4096];
	unsigned long overflow = USUAL;
	if (proc_read("", "/proc/sys/kernel/overflowuid", text, sizeof text) > 0)
		overflow = strtoul(text, NULL, 10);
	if (proc_read("", "/proc/thread-self/uid_map", text, sizeof text) > 0 && maps_all(text))
		return;
	for (size_t i = 0; i < q->nsocks; i++)
		q->socks[i].uid_unmapped = q->socks[i].uid == overflow;
}

int socks_read(const struct kernel *k, int protocol, uint16_t port, struct question *q)
{
	question_forget_socks(q);
	q->socks_port = port;
	q->socks_protocol = (uint8_t)protocol;
	q->socks_known = q->socks_bound = UNKNOWN;
	// Ping sockets are the ones that sock_diag does not know.
	int err = protocol == IPPROTO_ICMP ? proc_pings("", port, q) : read_diag(q, (uint8_t)protocol, port);
	if (err) {
		q->nsocks = 0;
		return err;
	}
	q->socks_known = YES;
	mark_unmapped(q);
	// A socket that is bound and neither listens nor is connected shows nowhere: TCP before 6.8, SCTP ever.
	bool all = protocol == IPPROTO_TCP ? kernel_has(k, TRAIT_BOUND_DIAG) : protocol != IPPROTO_SCTP;
	q->socks_bound = all ? YES : NO;
	return 0;
}
