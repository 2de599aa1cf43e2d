// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that listens to the kernel: it passes events on, and reads again what the events leave open.
#ifndef BINDWALK_LISTENER_H
#define BINDWALK_LISTENER_H

#include "core/observe/exchange.h"

struct listener;

// Subscribes, in the network namespace of the calling thread, and starts the thread, which begins by reading
// everything. 0 or -errno.
int listener_start(struct listener **out, struct exchange *x);
// Ends the thread and frees it. NULL is fine.
void listener_stop(struct listener *l);

#endif
