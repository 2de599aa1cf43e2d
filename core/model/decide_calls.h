// SPDX-License-Identifier: GPL-3.0-or-later
// The calls before bind: socket() and setsockopt(). Inside the model. Pure.
#ifndef BINDWALK_DECIDE_CALLS_H
#define BINDWALK_DECIDE_CALLS_H

#include "core/model/decide_context.h"

step_fn decide_socket, decide_setsockopt;

#endif
