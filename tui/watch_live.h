// SPDX-License-Identifier: GPL-3.0-or-later
// A watch of this host: until a signal, the end of its command, or the last bind that was wished.
#ifndef BINDWALK_WATCH_LIVE_H
#define BINDWALK_WATCH_LIVE_H

#include "tui/watch_tell.h"

// `command` is NULL for all programs. The exit status; that of the command, where it ran.
int watch_live(const struct watch_wish *wish, char **command);

#endif
