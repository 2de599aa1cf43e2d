// SPDX-License-Identifier: GPL-3.0-or-later
// Netlink messages as values. Each attribute's type and length is checked, unknown ones are skipped, and nothing
// outside the message is read. Pure: links without libmnl.
#ifndef BINDWALK_NL_PARSE_H
#define BINDWALK_NL_PARSE_H

#include <linux/netlink.h>

#include "core/model/host.h"
#include "core/model/question.h"
#include "core/observe/nl_route.h"

// The message at *at in a buffer (suitably aligned for nlmsghdr) of len bytes, and *at moved past it; NULL at the end
// or when what is left is not a whole message.
const struct nlmsghdr *nl_message(const void *buf, size_t len, size_t *at);

// The errno in an NLMSG_ERROR or NLMSG_DONE message, which ends a reply: 0 or negative, -EBADMSG where the message is
// malformed. With an error, `why` gets the kernel's own sentence where it gave one that fits, else stays as it is.
int nl_parse_end(const struct nlmsghdr *m, char *why, size_t len);

// Each takes a message whose nlmsg_len bytes may be read. 0 and *out filled; -ENOMSG when it is none of these (another
// message type or family; a cached route), to be skipped; -EBADMSG when it is malformed. *out is undefined unless 0.
// Additions and removals (RTM_NEW..., RTM_DEL...) are both taken.
int nl_parse_link(const struct nlmsghdr *m, struct link *out);

// The next other name of the link that a message is about, and a place to go on from, which is 0 at first: 1, or 0 at
// the end. For messages that nl_parse_link() takes; names longer than a link's are left out.
int nl_parse_altname(const struct nlmsghdr *m, size_t *at, char out[static 16]);
int nl_parse_addr(const struct nlmsghdr *m, struct host_addr *out);
// out->builtin tells the kernel's own rules (fib_default_rules_init(), net/ipv4/fib_rules.c) from what was added later,
// also from a rule that looks the same.
int nl_parse_rule(const struct nlmsghdr *m, struct rule *out);

// A switch that was written: net.ipv4.conf.*.ignore_routes_with_linkdown; -ENOMSG when it is another one.
struct netconf {
	int32_t index; // of the device; NETCONFA_IFINDEX_ALL, NETCONFA_IFINDEX_DEFAULT
	bool ignores_linkdown;
};
int nl_parse_netconf(const struct nlmsghdr *m, struct netconf *out);

// An inet_diag message; the protocol is not in it.
int nl_parse_sock(const struct nlmsghdr *m, uint8_t protocol, struct sock *out);

#endif
