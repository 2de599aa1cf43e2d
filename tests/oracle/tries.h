// SPDX-License-Identifier: GPL-3.0-or-later
// Random attempts.
#ifndef BINDWALK_TRIES_H
#define BINDWALK_TRIES_H

#include "core/model/walk.h"
#include "tests/oracle/state.h"

// One attempt, by an ordinary user or not, often at an address that the host has, or has a route to, or at a port that
// is held.
struct attempt random_attempt(const struct host *h, const struct state *s, struct chance *c, bool *unprivileged);

#endif
