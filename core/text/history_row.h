// SPDX-License-Identifier: GPL-3.0-or-later
// What was done to a socket before its bind, as rows. Pure.
#ifndef BINDWALK_HISTORY_ROW_H
#define BINDWALK_HISTORY_ROW_H

#include "core/model/socket_history.h"
#include "core/text/rows.h"

// The n-th row, from 0 on: "socket(AF_INET, SOCK_STREAM, 0)", "setsockopt(IP_TRANSPARENT, 1) EPERM, and the program
// went on". `went_on`: is that known of the last call, too? False behind the last one.
bool history_row(const struct socket_history *s, bool went_on, unsigned n, struct row *out);

enum { OPTION_TEXT = 64 };
// "SO_KEEPALIVE", or "level 6, option 99" for one that is not known. Returns buf.
char *option_call_name(const struct option_call *c, char buf[static OPTION_TEXT]);
// Its value: a number, raw bytes of a name, or "0x01020304…"; "" where it is not known. Returns buf.
char *option_call_value(const struct option_call *c, char buf[static OPTION_TEXT]);

#endif
