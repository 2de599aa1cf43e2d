// SPDX-License-Identifier: GPL-3.0-or-later
// Who holds a port.
#ifndef BINDWALK_SOCKS_H
#define BINDWALK_SOCKS_H

#include "core/model/host.h"

// Who holds a port, or an identifier of IPPROTO_ICMP (both families share them): asks sock_diag, or reads /proc, and fills
// host.socks, socks_*; protocol is IPPROTO_TCP, _UDP, _UDPLITE, _SCTP or _ICMP.
// Where rights allow, names pid and program and reads SO_REUSEADDR and SO_REUSEPORT through pidfd_getfd. Port 0 asks for the
// sockets of all ports, without their holders. 0, or -errno and socks_known is UNKNOWN.
int socks_read(struct host *h, int protocol, uint16_t port);

#endif
