// SPDX-License-Identifier: GPL-3.0-or-later
// The rights of the calling thread as bind counts them, and the hooks around it that may refuse.
#ifndef BINDWALK_CALLER_H
#define BINDWALK_CALLER_H

#include "core/model/host.h"

// Capabilities count in the user namespace that owns the network namespace, as cap_capable() (security/commoncap.c) decides.
// Needs h->sysctl for the ping groups.
void cred_read(const struct host *h, struct cred *out);

#endif
