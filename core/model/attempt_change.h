// SPDX-License-Identifier: GPL-3.0-or-later
// How two attempts differ, in words. Pure.
#ifndef BINDWALK_ATTEMPT_CHANGE_H
#define BINDWALK_ATTEMPT_CHANGE_H

#include "core/model/attempt.h"

enum { ATTEMPT_CHANGE_TEXT = 256 };

// "IP_FREEBIND on", "address 192.0.2.7, port 80"; "" for no difference. Returns buf.
char *attempt_change_print(const struct attempt *was, const struct attempt *is, char buf[static ATTEMPT_CHANGE_TEXT]);
// Is the option set differently?
bool attempt_option_changed(const struct attempt *was, const struct attempt *is, enum option_id id);

#endif
