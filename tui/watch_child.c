// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/watch_child.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/command/exit_status.h"
#include "tui/complain.h"
#include "tui/hand_on.h"

int watch_child_start(char **argv, struct watch_child *out)
{
	const struct launch_how how = {.argv = argv, .output = -1, .prepare = hand_on_forget};
	signal(SIGCHLD, SIG_DFL); // ignored, as we may be started, a child could not be waited for
	hand_on_catch(HAND_ON, NULL);
	out->name = argv[0];
	int rc = launch_start(&how, &out->launch);
	if (rc < 0)
		return rc;
	hand_on_to(out->launch.pid);
	out->ending = (int)syscall(SYS_pidfd_open, out->launch.pid, 0);
	rc = out->ending < 0 ? -errno : 0;
	if (rc < 0)
		launch_close(&out->launch);
	return rc;
}

void watch_child_go(struct watch_child *c)
{
	launch_go(&c->launch);
}

int watch_child_end(struct watch_child *c)
{
	bool begun = c->launch.gate < 0, at_exec = false;
	int err = begun ? launch_failure(&c->launch, &at_exec) : 0, status;
	pid_t got = begun ? 0 : -1;
	while (begun && (got = waitpid(c->launch.pid, &status, 0)) < 0 && errno == EINTR)
		continue;
	hand_on_to(0);
	launch_close(&c->launch);
	close(c->ending);
	if (err)
		complain("%s: %s", c->name, strerror(err));
	if (err || got < 0)
		return at_exec ? exit_of_exec(err) : EXIT_MISSING;
	return exit_of_wait(status);
}
