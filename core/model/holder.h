// SPDX-License-Identifier: GPL-3.0-or-later
// The socket that a walk met at its port, and its properties. Pure.
#ifndef BINDWALK_HOLDER_H
#define BINDWALK_HOLDER_H

#include "core/model/facts.h"
#include "core/model/walk.h"

// The socket at the port that the walk names: the one that stands in the way, or that may, or that shares; NULL where
// there is none. Which of these it is: the port step's finding, and w->sharing. A question's, valid as long as that is.
const struct sock *walk_holder(const struct facts *f, const struct walk *w);

// The condition of sharing on which it fails between the two, or may fail (then `open`); NULL where there is none, or
// bind() has succeeded since.
const struct sharing *walk_sharing(const struct walk *w);

// The link whose tunnel the kernel most likely has this socket for, by kind and port: its index, 0 for none. Only for a
// UDP socket that no process is known to have.
uint32_t sock_likely_link(const struct host *h, const struct sock *s);

// Did this end open the connection? YES while it is being opened; UNKNOWN where it is likely: nobody listens at its
// port, and that is one that the kernel chooses from; NO otherwise.
enum tri sock_is_outgoing(const struct facts *f, const struct sock *s);

#endif
