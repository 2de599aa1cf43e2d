// SPDX-License-Identifier: GPL-3.0-or-later
// What `+` offers: a change that makes the attempt's address local, as a line that works as it stands. Pure.
#ifndef BINDWALK_SUGGEST_H
#define BINDWALK_SUGGEST_H

#include "tui/app.h"

// Where the line has two blanks, something must be typed between them.

// "route add local 192.168.123.0/24 dev lo": a route of type local for the attempt's address, of as large a prefix as
// takes no address and no route from anybody else. Where the address has such a route, or can't have one, it is left to
// be typed.
void suggest_route(const struct app *app, char line[static COMMAND_ARG]);
// "address add 192.168.123.123/24 dev eth0": the attempt's address, with the length of a subnet of that interface that
// it is in. Where the host has the address, or can't have it, it is left to be typed.
void suggest_address(const struct app *app, const struct link *l, char line[static COMMAND_ARG]);

#endif
