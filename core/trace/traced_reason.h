// SPDX-License-Identifier: GPL-3.0-or-later
// Why a call around bind was refused, where no walk says it, and its process and arguments alone do.
#ifndef BINDWALK_TRACED_REASON_H
#define BINDWALK_TRACED_REASON_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/model/bind_event.h"
#include "core/model/socket_history.h"

// The thread waits. `option` is that of a CALL_SETSOCKOPT. False: a walk, or a look at the host, may say more.
bool traced_reason(pid_t tid, const struct option_call *option, struct bind_event *e);

#endif
