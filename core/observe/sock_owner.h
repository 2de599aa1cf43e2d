// SPDX-License-Identifier: GPL-3.0-or-later
// Which process has a socket open, and what it has set on it, as far as our rights go.
#ifndef BINDWALK_SOCK_OWNER_H
#define BINDWALK_SOCK_OWNER_H

#include <stddef.h>

#include "core/model/question.h"

// Fills pid, comm, reuseaddr and reuseport of each socket with an inode, and v6only where sock_diag left it out, by
// walking /proc once; not at all where each was searched for before.
void sock_owners_find(struct sock *socks, size_t n);

#endif
