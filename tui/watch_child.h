// SPDX-License-Identifier: GPL-3.0-or-later
// The command that a watch watches: a child in our own process group, which does not begin before it is let go.
#ifndef BINDWALK_WATCH_CHILD_H
#define BINDWALK_WATCH_CHILD_H

#include <sys/types.h>

struct watch_child {
	pid_t pid;
	int gate;   // what it waits for
	int ending; // readable at its end
};

// Starts it; from now on signals that another process sends to this one are the command's. What a terminal sends both
// get. 0 or -errno.
int watch_child_start(char **argv, struct watch_child *out);
void watch_child_go(struct watch_child *c);
// Waits for its end, which is at once where it was not let go. Its exit status; 128 plus the number of the signal that
// ended it.
int watch_child_end(struct watch_child *c);

#endif
