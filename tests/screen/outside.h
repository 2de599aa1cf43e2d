// SPDX-License-Identifier: GPL-3.0-or-later
// What other programs do in the lab of an explorer: they hold ports, and change its namespace.
#ifndef BINDWALK_OUTSIDE_H
#define BINDWALK_OUTSIDE_H

#include "tests/screen/pty_lab.h"

// A child in the lab that does `act` and says whether that went well, then waits to be killed: by end().
pid_t in_lab(const struct pty *p, int (*act)(const void *), const void *data);
void end(pid_t pid);

struct held {
	int type; // SOCK_*
	const char *address;
	uint16_t port;
};
// For in_lab(): holds the port of a struct held.
int hold(const void *data);

// Makes these changes: lines of the command language with ";" between them.
void change_outside(const struct pty *p, const char *lines);
// Adds so many local routes, 10.0.0.0 and on.
void routes_outside(const struct pty *p, unsigned n);

#endif
