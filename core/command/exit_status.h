// SPDX-License-Identifier: GPL-3.0-or-later
// Exit statuses of every one-shot run, and how a command of a session ended. The man page lists them. Pure.
#ifndef BINDWALK_EXIT_STATUS_H
#define BINDWALK_EXIT_STATUS_H

enum exit_status {
	EXIT_OK = 0,       // the bind succeeds; all went well
	EXIT_REFUSED = 1,  // it is refused; an `expect` was not met
	EXIT_WRONG = 2,    // the request is wrong, or the kernel refused a change
	EXIT_DISAGREE = 3, // model and kernel disagree
	EXIT_MISSING = 4   // something that was needed is missing
};

#endif
