// SPDX-License-Identifier: GPL-3.0-or-later
// A trace while it runs: the program, the signals that are for it, and its end.
#ifndef BINDWALK_TRACE_LIVE_H
#define BINDWALK_TRACE_LIVE_H

#include "core/trace/tracer.h"
#include "tui/trace_tell.h"

// Returns the exit status, or ends by the signal by which the program ended.
int trace_live(const struct trace_wish *wish, const struct tracer_how *how);

#endif
