// SPDX-License-Identifier: GPL-3.0-or-later
// The line that `+` offers: a change that makes the attempt's address local and works without editing. Pure.
#ifndef BINDWALK_SUGGEST_H
#define BINDWALK_SUGGEST_H

#include "tui/app.h"

// Two blanks in a row mark the place where the user must type something.

// "route add local 192.168.123.0/24 dev lo": a local route for the attempt's address, with the largest prefix that
// covers no other address or route of the host. If the address has such a route, or cannot have one, the prefix is left
// out.
void suggest_route(const struct app *app, char line[static COMMAND_ARG]);
// "address add 192.168.123.123/24 dev eth0": the attempt's address, with the prefix length of the interface's subnet
// that contains it. If the host has the address, or cannot have it, the address is left out.
void suggest_address(const struct app *app, const struct link *l, char line[static COMMAND_ARG]);

#endif
