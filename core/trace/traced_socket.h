// SPDX-License-Identifier: GPL-3.0-or-later
// The very socket that a traced thread uses, asked by a descriptor of our own. Holding it keeps it open: close it
// before the thread goes on.
#ifndef BINDWALK_TRACED_SOCKET_H
#define BINDWALK_TRACED_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/evidence/bind_record.h"
#include "core/model/addr.h"

// A duplicate of the thread's descriptor. -EBADF where it has none of that number; -EPERM where we may not have it.
int traced_socket_take(pid_t tid, pid_t tgid, int fd);

// What it is and what is set on it: the members of a record that a socket has. *unasked: the set of SOCKET_* that it
// does not tell. 0, -ENOTSOCK or -errno.
int traced_socket_ask(int fd, struct bind_record *out, unsigned *unasked);

// The inode of the socket that is the thread's descriptor, without a duplicate; 0 where it is none, or can't be seen.
uint64_t traced_socket_inode(pid_t tid, int fd);
// Closes a duplicate; an error in its place is fine.
void traced_socket_close(int fd);
// Is it one of IPv4 or IPv6?
bool traced_socket_is_inet(int fd);

// The inode of its network namespace, which need not be that of thread `tid`, who has it. Where we may not ask the
// socket, it is the thread's, unless that is ruled out: then 0, not known.
uint64_t traced_socket_netns(int fd, pid_t tid);

// Is it, of TCP, neither connected nor listening?
bool traced_socket_closed(int fd);

// What it is bound to. False where that can't be had, or is no IP address.
bool traced_socket_local(int fd, struct addr *addr, uint16_t *port, uint32_t *scope);

#endif
