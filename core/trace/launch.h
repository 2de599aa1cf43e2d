// SPDX-License-Identifier: GPL-3.0-or-later
// Starts a program that waits before its first instruction, so that somebody can get ready to see all of it. It has the
// caller's process group, terminal and files.
#ifndef BINDWALK_LAUNCH_H
#define BINDWALK_LAUNCH_H

#include <linux/filter.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

// As whom it runs.
struct launch_user {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t ngroups;
	const char *name, *home, *shell; // for its environment
};

struct launch_how {
	char **argv;
	const struct sock_fprog *filter; // NULL: none
	const struct launch_user *user;  // NULL: the caller
	int output;                      // for its standard output and error; -1: the caller's. Its input is empty then
	const sigset_t *mask;            // of its signals
	void (*prepare)(void);           // runs in the child first, NULL for nothing: for handlers that are not its own
};

// Begins zeroed, with descriptors of -1.
struct launch {
	pid_t pid;
	int gate, report;  // pipes
	int filter_error;  // 0; or -errno: it begins without the filter
	bool no_new_privs; // was set on it, for the filter's sake
};

// Waits until it is ready. 0 or -errno.
int launch_start(const struct launch_how *how, struct launch *out);
// Lets it begin.
void launch_go(struct launch *l);
// After launch_go(): has it failed to begin? 0, or the errno of exec or of what came before it; *at_exec says which.
// Waits until one or the other is known.
int launch_failure(struct launch *l, bool *at_exec);
// Closes what is open. A program that was not let go ends without having begun, and is waited for.
void launch_close(struct launch *l);

#endif
