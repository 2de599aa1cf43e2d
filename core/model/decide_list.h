// SPDX-License-Identifier: GPL-3.0-or-later
// The IPv6 address list. Inside the model. Pure.
#ifndef BINDWALK_DECIDE_LIST_H
#define BINDWALK_DECIDE_LIST_H

#include "core/model/decide_context.h"

step_fn decide_address_list;

#endif
