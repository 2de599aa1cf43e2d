// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/watch_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/command/exit_status.h"
#include "tui/complain.h"
#include "tui/hand_on.h"

enum { CANNOT_EXECUTE = 126, NOT_FOUND = 127 };

_Noreturn static void run(char **argv, int gate, const sigset_t *mask)
{
	char go;
	ssize_t got;
	do
		got = read(gate, &go, 1);
	while (got < 0 && errno == EINTR);
	if (got != 1) // nobody watches any more
		_exit(EXIT_MISSING);
	hand_on_forget();
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	int err = errno;
	complain("%s: %s", argv[0], strerror(err));
	_exit(err == ENOENT ? NOT_FOUND : CANNOT_EXECUTE);
}

int watch_child_start(char **argv, struct watch_child *out)
{
	sigset_t all, mask;
	int gate[2];
	if (pipe2(gate, O_CLOEXEC) < 0)
		return -errno;
	signal(SIGCHLD, SIG_DFL); // ignored, as we may be started, a child could not be waited for
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &mask);
	hand_on_catch(HAND_ON, NULL);
	pid_t pid = fork();
	if (pid == 0) {
		close(gate[1]);
		run(argv, gate[0], &mask);
	}
	int rc = pid < 0 ? -errno : 0;
	close(gate[0]);
	hand_on_to(pid);
	*out = (struct watch_child){.pid = pid, .gate = gate[1]};
	out->ending = rc < 0 ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
	if (rc == 0 && out->ending < 0)
		rc = -errno;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (rc == 0)
		return 0;
	if (pid > 0)
		kill(pid, SIGKILL); // it has not begun
	close(out->gate);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return rc;
}

void watch_child_go(struct watch_child *c)
{
	while (write(c->gate, "", 1) < 0 && errno == EINTR)
		continue;
	close(c->gate);
	c->gate = -1;
}

int watch_child_end(struct watch_child *c)
{
	int status;
	if (c->gate >= 0)
		close(c->gate);
	pid_t got;
	do
		got = waitpid(c->pid, &status, 0);
	while (got < 0 && errno == EINTR);
	hand_on_to(0);
	close(c->ending);
	if (got < 0)
		return EXIT_MISSING;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
