// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's announcements of changes in a network namespace.
#ifndef BINDWALK_SUBSCRIBE_H
#define BINDWALK_SUBSCRIBE_H

#include "core/model/host.h"
#include "core/observe/batch.h"

// A socket that hears of links, addresses, routes, rules, next hops and IPv4 switches of the calling thread's network
// namespace, non-blocking, with as large a buffer as the rights allow. The descriptor or -errno.
int subscribe_open(void);

// Of which routes it is worth hearing.
struct event_scope {
	bool main4;     // IPv4 routes of table main count, or may begin to
	bool vrf;       // there are VRFs, whose tables count
	bool main_free; // no VRF uses table main
};
struct event_scope event_scope_of(const struct host *h);

// Lets the kernel drop announcements that do not count, so that a storm in table main wakes nobody. Failing does no
// harm.
void subscribe_filter(int fd, const struct event_scope *scope);

// Reads all events that are queued and keeps those that count. 0; -ENOBUFS when some were lost, by the kernel or
// because the batch is full; or -errno.
int subscribe_drain(int fd, const struct event_scope *scope, struct batch *into);

// A descriptor that becomes readable when a sysctl of the option table is written; -1 where that can't be had.
int sysctl_watch(void);
// True when one was written.
bool sysctl_watch_drain(int fd);

#endif
