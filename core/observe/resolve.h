// SPDX-License-Identifier: GPL-3.0-or-later
// The addresses of a host name, by getaddrinfo(): whatever nsswitch.conf says, so a name server may be asked.
#ifndef BINDWALK_RESOLVE_H
#define BINDWALK_RESOLVE_H

#include <stddef.h>

#include "core/model/addr.h"
#include "core/model/attempt.h"

enum { RESOLVED = 64 };

// Those for a socket of that kind, each once, in getaddrinfo()'s order; more than RESOLVED are left out. How many; or
// with a sentence in err -EINVAL for a name that has none, -EAGAIN where that could not be found out.
int resolve(const char *name, enum kind kind, struct endpoint out[static RESOLVED], char *err, size_t errlen);

#endif
