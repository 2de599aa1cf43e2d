// SPDX-License-Identifier: GPL-3.0-or-later
// One netlink socket: requests, dumps, and the kernel's own words. Thin over libmnl; any netlink protocol.
#ifndef BINDWALK_NL_H
#define BINDWALK_NL_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>

struct nl;

enum { NL_DUMP_TRIES = 3 }; // how often an interrupted dump is worth repeating

// Gives a netlink socket a port ID of its own. 0 or -errno.
int nl_attach(int fd);

// Opens a socket of a protocol (NETLINK_ROUTE, ...) in the network namespace of the calling thread, with
// extended acknowledgements and, where the kernel has it, strict checking. 0 or -errno.
int nl_open(struct nl **out, int protocol);
void nl_close(struct nl *n); // NULL is fine

int nl_fd(const struct nl *n);
// Does the kernel apply the filters of a dump request? If not, it ignores them and sends everything.
bool nl_strict(const struct nl *n);

// Called for each message of a reply. 0 to go on; anything else ends the dump and is what the call returns. The socket
// is then good for nothing but nl_reopen() or nl_close(), since the rest of the reply is still to come.
typedef int nl_each(const struct nlmsghdr *m, void *data);

// Sends req with NLM_F_REQUEST and NLM_F_ACK added and waits for the acknowledgement. 0 or -errno as the kernel gave
// it.
int nl_request(struct nl *n, struct nlmsghdr *req);

// Sends req with NLM_F_REQUEST added and hands the one message of the reply to `each`. 0, -errno, or what `each`
// returned.
int nl_query(struct nl *n, struct nlmsghdr *req, nl_each *each, void *data);

// The same with NLM_F_DUMP, for all messages of the reply. -EAGAIN when the kernel says that the dump was interrupted
// by a change: what was handed out may be incomplete, so begin again (at most NL_DUMP_TRIES times).
int nl_dump(struct nl *n, struct nlmsghdr *req, nl_each *each, void *data);

// For NETLINK_ROUTE: waits until the kernel has finished its present change of links, addresses, next hops or IPv4
// routes. Changes that it announced before the call are then complete, and all their events are queued.
void nl_barrier(struct nl *n);

// A fresh socket in place of one whose reply was left unread. 0 or -errno.
int nl_reopen(struct nl *n);

// The kernel's own words on the last refusal (extended acknowledgement), "" for none.
const char *nl_why(const struct nl *n);
// Did the kernel itself accept or refuse the last request? If not, it may have carried it out or not.
bool nl_answered(const struct nl *n);

#endif
