// SPDX-License-Identifier: GPL-3.0-or-later
// Entering another network namespace: one with a name (`ip netns`), a process's, or a file's.
#ifndef BINDWALK_NETNS_H
#define BINDWALK_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Moves the calling process (of one thread) into the namespace that `which` says: digits are a process id, text with a
// slash is a path, anything else a name under /run/netns. Where only its user namespace gives the right to enter, that
// is entered as well. 0; -EINVAL when `which` can't be any of these; -errno, with one line in err that says what is
// needed. After a failure the process is where it was, but for its user namespace where that was entered first.
int netns_enter(const char *which, char *err, size_t errlen);

// Moves the calling thread into the network namespace of that descriptor. 0 or -errno: -EPERM, where perhaps only the
// user namespace that owns it gives the right.
int netns_join(int net);
// Moves the calling process, which has one thread, into the user namespace that owns that network namespace; then
// netns_join() may be allowed. 0 or -errno, also where it is there already.
int netns_enter_owner(int net);
// Is that user namespace a child of this thread's, so that its id maps show this one's numbers as those outside?
bool netns_owner_is_next(int net);
// This thread has come back from there: a child that shared its memory was there in its place.
void netns_forget_owner(void);

// A descriptor of the namespace with that inode: of process `likely` (0: none), of a name under /run/netns, or of any
// other process that is in it. -ESRCH where none is found: then it is gone, or not for us to see.
int netns_find(uint64_t inode, pid_t likely);

// The inode of the namespace that `which` says, as netns_enter() understands it; of one that is none of these but a
// number that no process has, the number itself. 0 or -errno, as there.
int netns_inode(const char *which, uint64_t *inode, char *err, size_t errlen);

// The process that the last netns_enter() named, 0 where it named none.
pid_t netns_process(void);

// "user namespace 4026532259 of uid 1000": what owns the network namespace of the calling thread, where that is another
// one than the thread was in before netns_enter(); else "". 0, or -errno when that can't be found out.
int netns_owner(char *buf, size_t len);

#endif
