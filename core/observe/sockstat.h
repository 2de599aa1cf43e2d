// SPDX-License-Identifier: GPL-3.0-or-later
// How many sockets there are, without listing them.
#ifndef BINDWALK_SOCKSTAT_H
#define BINDWALK_SOCKSTAT_H

// At most so many ports of IPPROTO_TCP, _UDP or _UDPLITE are held in the network namespace of the calling thread, from
// /proc/net/sockstat under `root`. -ENOTSUP for another protocol, or -errno.
int sockstat_most(const char *root, int protocol, unsigned *most);

#endif
