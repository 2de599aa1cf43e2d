// SPDX-License-Identifier: GPL-3.0-or-later
// Ways out of a lab, as tried by a command in it.
#ifndef BINDWALK_ESCAPES_H
#define BINDWALK_ESCAPES_H

#include <stddef.h>
#include <sys/types.h>

// What there is outside, for the command to reach.
struct outside {
	pid_t victim;  // a process of the same user, in the test's process group
	int port;      // of a UDP socket at 127.0.0.1
	int key;       // of a System V shared memory segment
	char name[32]; // of an abstract UNIX socket that listens
};

struct escape {
	const char *name;
	// NULL when nothing outside was reached, else what was. Whoever made `outside` looks there as well.
	const char *(*attempt)(const struct outside *o);
};

size_t escape_count(void);
const struct escape *escape_at(size_t n);

#endif
