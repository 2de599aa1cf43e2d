// SPDX-License-Identifier: GPL-3.0-or-later
// Which process has a socket open, and what it has set on it, as far as our rights go.
#ifndef BINDWALK_SOCK_OWNER_H
#define BINDWALK_SOCK_OWNER_H

#include <stddef.h>

#include "core/model/question.h"

// Fills owner, pid and comm of each socket with an inode, by walking /proc; not at all where each was searched for
// before. With `flags`, which cost three calls for each, also reuseaddr and reuseport, and v6only where sock_diag left
// it out.
void sock_owners_find(struct sock *socks, size_t n, bool flags);

#endif
