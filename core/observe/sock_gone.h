// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's announcement that a socket is gone and its port released: the destroy groups of sock_diag
// (sock_diag_broadcast_destroy(), net/core/sock_diag.c), which any user may hear. TCP and UDP only. A connection in
// TIME_WAIT, a kernel's own socket and all other protocols end unannounced.
#ifndef BINDWALK_SOCK_GONE_H
#define BINDWALK_SOCK_GONE_H

#include <stdbool.h>
#include <stdint.h>

// A descriptor that becomes readable when a socket of the protocol (IPPROTO_*) on that port (0: on any) is gone in the
// calling thread's network namespace. -EPROTONOSUPPORT if the kernel announces nothing for the protocol; else -errno.
int sock_gone_open(int protocol, uint16_t port);
// Takes the announcements; never blocks. True if there were any, or if some may have been lost.
bool sock_gone_drain(int fd);

#endif
