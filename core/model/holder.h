// SPDX-License-Identifier: GPL-3.0-or-later
// The socket that a walk met at its port, and what can be told of it. Pure.
#ifndef BINDWALK_HOLDER_H
#define BINDWALK_HOLDER_H

#include "core/model/facts.h"
#include "core/model/walk.h"

// The socket at the port that the walk names: the one that stands in the way, or that may, or that shares; NULL where
// there is none. Which of these it is: the port step's finding, and w->sharing. A question's, valid as long as that is.
const struct sock *walk_holder(const struct facts *f, const struct walk *w);

#endif
