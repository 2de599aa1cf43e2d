// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's word that a socket is gone, and with it its hold on a port: the destroy groups of sock_diag
// (sock_diag_broadcast_destroy(), net/core/sock_diag.c), which any user may hear. TCP and UDP only. A connection in
// TIME_WAIT, a kernel's own socket and all other protocols end without a word.
#ifndef BINDWALK_SOCK_GONE_H
#define BINDWALK_SOCK_GONE_H

#include <stdbool.h>
#include <stdint.h>

// A descriptor that becomes readable when a socket of the protocol (IPPROTO_*) on that port (0: on any) is gone in the
// calling thread's network namespace. -EPROTONOSUPPORT where the kernel tells nothing of the protocol; else -errno.
int sock_gone_open(int protocol, uint16_t port);
// Takes what was told; never blocks. True when there was anything, or when something may have been lost.
bool sock_gone_drain(int fd);

#endif
