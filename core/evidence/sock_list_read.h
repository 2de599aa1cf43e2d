// SPDX-License-Identifier: GPL-3.0-or-later
// Reads which sockets are bound, whose they are, and whether each would bind again.
#ifndef BINDWALK_SOCK_LIST_READ_H
#define BINDWALK_SOCK_LIST_READ_H

#include "core/model/question.h"
#include "core/model/sock_list.h"

// Asks sock_diag once for each protocol, walks /proc once, and the control group of each process once. 0 or -errno;
// what this kernel has no sockets of is left out. The caller frees the list.
int sock_list_read(const struct host *h, const struct sock_wish *wish, struct sock_list *out);

// All sockets of a protocol (0: of each that this kernel has) and port (0: of all), without their owners, into a
// question of all zeros. 0 or -errno.
int socks_read_all(const struct kernel *k, int protocol, uint16_t port, struct question *all);

#endif
