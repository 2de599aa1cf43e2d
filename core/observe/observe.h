// SPDX-License-Identifier: GPL-3.0-or-later
// Fills struct host from the kernel, and keeps it true. Everything is about the network namespace of the calling thread
// at the time of observe_open().
#ifndef BINDWALK_OBSERVE_H
#define BINDWALK_OBSERVE_H

#include "core/model/host.h"
#include "core/model/host_change.h"
#include "core/model/question.h"
#include "core/observe/observing.h"

struct observer;

// 0, or -errno with a sentence in err.
int observe_open(struct observer **out, char *err, size_t errlen);
void observe_close(struct observer *o);

// One-shot: reads everything into a new host; blocks. Dumps that were interrupted are repeated (at most 3 times) before
// they are reported as -EAGAIN.
int observe_read(struct observer *o, struct host **out, char *err, size_t errlen);

// One-shot for one question on a host of any size: as observe_read(), but IPv4 routes are left out
// (routes4_read == false) when there are more than `limit` of them, and IPv6 ones, which bind never asks for, likewise.
int observe_read_small(struct observer *o, size_t limit, struct host **out, char *err, size_t errlen);

// Following: subscribes, then reads on a worker thread, which stays in the namespace that the caller is in. One
// descriptor becomes readable when there are changes to take over.
int observe_follow(struct observer *o, char *err, size_t errlen);
int observe_fd(const struct observer *o);

// Call when the descriptor is readable; never blocks. Returns bits of enum observe_change, or -errno.
int observe_on_readable(struct observer *o);
// The present host: complete or, while the first read goes on, what has come so far. One and the same while following;
// only observe_on_readable(), observe_again() and observe_refresh() change it. Never NULL after observe_follow().
const struct host *observe_host(const struct observer *o);
// Forgets the addresses that left after the first `count` ever (host.nleft): they were there for a trial only.
void observe_forget_left(struct observer *o, unsigned count);
// What changed in the last observe_on_readable(), observe_again() or observe_refresh(): links, addresses, rules,
// routes, sysctls. Valid until the next one.
const struct host_changes *observe_changes(const struct observer *o);
// "" when all is read and true, else a short text such as "reading: 120000 routes" or "events lost, reading again".
const char *observe_status(const struct observer *o);
// Is part of the host out of date and about to be read again? Usually for a few milliseconds.
bool observe_busy(struct observer *o);

// While following: has everything read again, and waits for that. 1 if the host changed, 0 if not, or -errno.
int observe_again(struct observer *o);

struct observe_counts observe_counts(const struct observer *o);

// From now on changes that the kernel announces are noted, whether the observer follows or not. 0 or -errno.
int observe_watch(struct observer *o);
// Was anything announced since? Ends the watch.
bool observe_watch_changed(struct observer *o);

// Re-reads sysctls into the present host: true if one changed. Also has the listener read other things that the kernel
// does not announce, such as new names of links that are down; the descriptor becomes readable if they changed.
bool observe_refresh(struct observer *o);

// The kernel's own answer to a lookup of one address in one table (NETLINK_FIB_LOOKUP, nl_fib_lookup() in
// net/ipv4/fib_frontend.c). Any user may ask. err is what the kernel's lookup returned: 0, -EAGAIN, -ENOENT (no such
// table).
int observe_ask(struct observer *o, uint32_t table, uint32_t dst, struct fib_answer *out);

#endif
