// SPDX-License-Identifier: GPL-3.0-or-later
// The command that a watch watches: a child in our own process group, which does not begin before it is let go.
#ifndef BINDWALK_WATCH_CHILD_H
#define BINDWALK_WATCH_CHILD_H

#include "core/trace/launch.h"

struct watch_child {
	const char *name; // lent
	struct launch launch;
	int ending; // readable at its end
};

// Starts it; from now on signals that another process sends to this one are the command's. What a terminal sends both
// get. 0 or -errno.
int watch_child_start(char **argv, struct watch_child *out);
void watch_child_go(struct watch_child *c);
// Waits for its end, which is at once where it was not let go. Its exit status, or as exit_status.h has it for one that
// a signal ended, or that could not be executed: complained about.
int watch_child_end(struct watch_child *c);

#endif
