// SPDX-License-Identifier: GPL-3.0-or-later
// Why a listen() or connect() that was seen was refused: by what the host says of it, in the namespace where it took
// place.
#ifndef BINDWALK_EVENT_NEXT_H
#define BINDWALK_EVENT_NEXT_H

#include "core/model/bind_event.h"
#include "core/model/inquiry.h"
#include "core/observe/observe.h"

// Over in->host and in->caller; `o` is of the same namespace, in which the calling thread is. Asks who holds ports and,
// of connect(), the kernel for the route. "" in out->code: not known.
void event_next(const struct bind_event *e, struct inquiry *in, struct observer *o, struct call_reason *out);

#endif
