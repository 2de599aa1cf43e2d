// SPDX-License-Identifier: GPL-3.0-or-later
// Why it is not known what a bind asked for. Pure.
#ifndef BINDWALK_EVENT_UNKNOWN_H
#define BINDWALK_EVENT_UNKNOWN_H

#include <stddef.h>

#include "core/model/bind_event.h"

// A sentence without a period about an event whose address or socket is not known. Where the kernel refused the bind
// before it looked at either, that is its reason, too.
void event_unknown_say(const struct bind_event *e, char *out, size_t size);

#endif
