// SPDX-License-Identifier: GPL-3.0-or-later
// Work in a network namespace that a thread may only enter by way of the user namespace that owns it: setns(2) lets no
// thread of several do that.
#ifndef BINDWALK_NETNS_VISIT_H
#define BINDWALK_NETNS_VISIT_H

// Runs work(data) in the network namespace of descriptor `net`, as the owner of its user namespace, while the calling
// thread waits. Memory is shared, and all that is of one thread (errno, locks, _Thread_local) is the calling thread's;
// work() starts no thread. A process of its own does it: the descriptors that work() opens end with it, and it sees the
// ids of that user namespace. 0 when the work was done; -EPERM where not even that is allowed; -errno.
int netns_visit(int net, void (*work)(void *data), void *data);

// Between the two no visit goes on: a child that is forked during one can't be traced before it executes a program.
void netns_visit_pause(void);
void netns_visit_resume(void);

#endif
