// SPDX-License-Identifier: GPL-3.0-or-later
// Who holds a port.
#ifndef BINDWALK_SOCKS_H
#define BINDWALK_SOCKS_H

#include "core/model/kernel.h"
#include "core/model/question.h"

// Who holds a port, or an identifier of IPPROTO_ICMP (both families share them): asks sock_diag, or reads /proc, and
// fills q->socks and q->socks_*; protocol is IPPROTO_TCP, _UDP, _UDPLITE, _SCTP or _ICMP. Port 0 asks for the sockets
// of all ports. Who has them open is for sock_owners_find(). 0, or -errno and socks_known is UNKNOWN.
int socks_read(const struct kernel *k, int protocol, uint16_t port, struct question *q);

#endif
