// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cases/world.h"

#include <err.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/screen/terminal.h"

enum { REFUSED = 255 };

static int result_of(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int inside(int (*run)(void *), void *arg, bool apart)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	// If the root is not a mount point, as in a chroot, at least /proc is one.
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) < 0 ||
	    (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 &&
	     mount(NULL, "/proc", NULL, MS_REC | MS_PRIVATE, NULL) < 0) ||
	    (apart && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0))
		err(REFUSED, "namespaces");
	return run(arg);
}

int world_run(int (*run)(void *), void *arg, bool apart)
{
	pid_t pid = fork();
	if (pid == 0) {
		pid_t in = 0;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (apart && (unshare(CLONE_NEWPID) < 0 || (in = fork()) < 0))
			err(REFUSED, "namespaces");
		_exit(in ? result_of(in) : inside(run, arg, apart));
	}
	int result = pid < 0 ? -1 : result_of(pid);
	return result == REFUSED ? -1 : result;
}

// A terminal gives EIO once nobody has it.
static char *all_of(int fd)
{
	char *text = NULL, part[8192];
	size_t size = 0;
	ssize_t n;
	FILE *f = open_memstream(&text, &size);
	if (!f)
		err(1, "memory");
	while ((n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			fwrite(part, 1, (size_t)n, f);
	fclose(f);
	close(fd);
	return text;
}

char *shell_output(const char *command, int columns, int *status)
{
	int fd, ends[2] = {-1, -1}, code = -1;
	struct winsize size = {.ws_row = 50, .ws_col = (unsigned short)columns};
	if (!columns && pipe(ends) < 0)
		err(1, "pipe");
	pid_t leader = -1, pid = columns ? terminal_fork(&fd, &size, NULL, &leader) : fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		if (!columns) {
			dup2(ends[1], STDOUT_FILENO);
			close(ends[0]);
			close(ends[1]);
		}
		execl("/bin/sh", "sh", "-ec", command, NULL);
		_exit(127);
	}
	if (!columns) {
		fd = ends[0];
		close(ends[1]);
	}
	char *text = all_of(fd);
	while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
		;
	if (columns)
		waitpid(leader, NULL, 0);
	*status = WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code);
	return text;
}

void shell_quote(char *text, unsigned long size, const char *word)
{
	size_t n = strlen(text);
	if (n + 4 * strlen(word) + 4 > size)
		errx(1, "too long a command: %s", text);
	n += (size_t)sprintf(text + n, "%s'", n ? " " : "");
	for (; *word; word++)
		n += (size_t)(*word == '\'' ? sprintf(text + n, "'\\''") : sprintf(text + n, "%c", *word));
	sprintf(text + n, "'");
}
