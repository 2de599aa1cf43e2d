// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/exit_status.h"

#include <errno.h>
#include <sys/wait.h>

const struct exit_status_info *exit_status_info(enum exit_status s)
{
	static const struct exit_status_info all[EXIT_STATUS_COUNT] = {
		[EXIT_OK] = {"ok", "the bind succeeds", ""},
		[EXIT_REFUSED] = {"failed", "it is refused", ""},     // or an `expect` was not met
		[EXIT_WRONG] = {"wrong", "the request is wrong", ""}, // or the kernel refused a change
		[EXIT_DISAGREE] = {"disagree", "model and kernel disagree", ""},
		[EXIT_MISSING] = {"missing", "something required is missing",
				  ": a capability, a namespace, a terminal, a feature"},
	};
	return &all[s];
}

int exit_of_exec(int err)
{
	enum { CANNOT_EXECUTE = 126, NOT_FOUND = 127 };
	return err == ENOENT ? NOT_FOUND : CANNOT_EXECUTE;
}

int exit_of_wait(int status)
{
	enum { BY_SIGNAL = 128 };
	return WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}
