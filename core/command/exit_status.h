// SPDX-License-Identifier: GPL-3.0-or-later
// Exit statuses of every one-shot run, and how a command of a session ended. Pure.
#ifndef BINDWALK_EXIT_STATUS_H
#define BINDWALK_EXIT_STATUS_H

enum exit_status { EXIT_OK, EXIT_REFUSED, EXIT_WRONG, EXIT_DISAGREE, EXIT_MISSING, EXIT_STATUS_COUNT };

struct exit_status_info {
	const char *result; // of a session's command, in JSON
	const char *text;   // of a bind
	const char *more;   // more about it, ""
};

const struct exit_status_info *exit_status_info(enum exit_status s);

// As shells have it: 126 for a command that exec() refused with that errno, or 127 where it was not found.
int exit_of_exec(int err);
// And of one that has ended, by waitpid()'s status: its own, or 128 plus the number of the signal.
int exit_of_wait(int status);

#endif
