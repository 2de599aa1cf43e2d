// SPDX-License-Identifier: GPL-3.0-or-later
// The port: the right to it, and who holds it. Inside the model. Pure.
#ifndef BINDWALK_DECIDE_PORT_H
#define BINDWALK_DECIDE_PORT_H

#include "core/model/decide_context.h"

step_fn decide_privilege, decide_port;

#endif
