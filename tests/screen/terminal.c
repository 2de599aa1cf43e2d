// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utmp.h>

// In front, as the job of a shell is.
static void come_forward(void)
{
	sigset_t stop, before;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	setpgid(0, 0);
	sigprocmask(SIG_BLOCK, &stop, &before);
	tcsetpgrp(STDIN_FILENO, getpgrp());
	sigprocmask(SIG_SETMASK, &before, NULL);
}

// Without a descriptor of the terminal: its output ends with the program's. Returns only in the program.
static void lead(int slave, int pid_to)
{
	signal(SIGHUP, SIG_DFL);
	login_tty(slave);
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		close(pid_to);
		come_forward();
		return;
	}
	if (write(pid_to, &pid, sizeof pid) != sizeof pid)
		_exit(1);
	if (dup2((int)syscall(SYS_pidfd_open, pid, 0), 0) < 0 || syscall(SYS_close_range, 1U, ~0U, 0) < 0)
		_exit(1);
	while (poll(&(struct pollfd){.fd = 0, .events = POLLIN}, 1, -1) < 0 && errno == EINTR)
		;
	_exit(0);
}

pid_t terminal_fork(int *master, const struct winsize *size, struct termios *before, pid_t *leader)
{
	int slave, pid_of[2];
	pid_t pid = -1;
	if (openpty(master, &slave, NULL, NULL, size) < 0 || (before && tcgetattr(slave, before) < 0))
		return -1;
	if (pipe2(pid_of, O_CLOEXEC) < 0 || (*leader = fork()) < 0)
		return -1;
	if (*leader == 0) {
		close(*master);
		close(pid_of[0]);
		lead(slave, pid_of[1]);
		return 0;
	}
	close(slave);
	close(pid_of[1]);
	if (read(pid_of[0], &pid, sizeof pid) != sizeof pid)
		pid = -1;
	close(pid_of[0]);
	return pid;
}
