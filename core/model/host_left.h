// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses that left while the host was followed: why one that was there cannot be bound any more. Pure.
#ifndef BINDWALK_HOST_LEFT_H
#define BINDWALK_HOST_LEFT_H

#include "core/model/host.h"

// The message that announced it: those of one request have the same.
struct left_by {
	uint32_t sequence, port; // nlmsg_seq, nlmsg_pid; 0, 0: nobody asked for it
};

// The entry was removed from h->addrs. A secondary address that goes by the same request as its primary went with it
// (__inet_del_ifa(), net/ipv4/devinet.c: promote_secondaries is 0), and is announced before it.
void host_note_left(struct host *h, const struct host_addr *entry, struct left_by by);

// Forgets all that left after the first `count` ever (host.nleft): they were there for a trial only.
void host_forget_left(struct host *h, unsigned count);

// The last time that this address left, NULL for never, or if it is back.
const struct left_addr *host_find_left(const struct host *h, const struct addr *a);

#endif
