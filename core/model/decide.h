// SPDX-License-Identifier: GPL-3.0-or-later
// The decision model: what is known and an attempt give a walk. Pure; no allocation.
#ifndef BINDWALK_DECIDE_H
#define BINDWALK_DECIDE_H

#include "core/model/facts.h"
#include "core/model/walk.h"

// Fills *out with what the host's kernel does for this attempt of the caller's, from socket() to the port. Models
// inet_bind_sk() and inet6_bind_sk() (net/ipv4/af_inet.c, net/ipv6/af_inet6.c) and what they call.
void decide(const struct facts *f, const struct attempt *a, struct walk *out);

#endif
