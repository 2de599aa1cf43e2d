// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lab_command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/change/lab_seal.h"
#include "core/command/exit_status.h"
#include "tui/complain.h"

// The signals passed on. SIGTTOU is only held: the terminal may be given away from the background.
static const int handed_on[] = {SIGHUP,  SIGINT,   SIGQUIT, SIGTERM, SIGUSR1,
				SIGUSR2, SIGWINCH, SIGALRM, SIGTSTP, SIGCONT};

static sigset_t waited, before;
static int terminal = -1; // the controlling one
static bool lent;         // to the command

static void hold_signals(void)
{
	signal(SIGCHLD, SIG_DFL); // ignored, as we may be started, a child could not be waited for
	sigemptyset(&waited);
	sigaddset(&waited, SIGCHLD);
	for (size_t i = 0; i < sizeof handed_on / sizeof *handed_on; i++)
		sigaddset(&waited, handed_on[i]);
	sigset_t held = waited;
	sigaddset(&held, SIGTTOU);
	sigprocmask(SIG_BLOCK, &held, &before);
}

// The first process of the PID namespace: the kernel ends all others there together with it. It ends when nobody has
// the other end of the pipe any more. Nobody in the namespace may look into it: it is not closed off.
_Noreturn static void run_first(int pipe)
{
	char nothing;
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGCHLD, SIG_IGN); // no orphan stays a zombie
	if (dup2(pipe, STDIN_FILENO) < 0 || chdir("/") < 0 || syscall(SYS_close_range, 1U, ~0U, 0U) < 0)
		_exit(EXIT_MISSING);
	while (read(STDIN_FILENO, &nothing, 1) < 0 && errno == EINTR)
		;
	_exit(EXIT_OK);
}

static bool is_in_front(void)
{
	return terminal >= 0 && tcgetpgrp(terminal) == getpgrp();
}

// A process group of its own: kill(0) in the lab reaches nobody outside.
_Noreturn static void run_command(char **argv)
{
	char why[LAB_ERROR];
	setpgid(0, 0);
	if (lab_seal(why, sizeof why) < 0) {
		complain("%s", why);
		_exit(EXIT_MISSING);
	}
	if (*why)
		complain("%s", why);
	if (lent)
		tcsetpgrp(terminal, getpgrp());
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	execvp(argv[0], argv);
	const int err = errno;
	complain("%s: %s", argv[0], strerror(err));
	_exit(exit_of_exec(err));
}

static sigset_t only(int sig)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, sig);
	return set;
}

// The shell sees us stop, not the command. In an orphaned group, which nobody would continue, SIGTSTP stops nobody. A
// command that wants a terminal which it can't have stays stopped then: continued, it would try for ever.
static void stop_with(pid_t command, int sig)
{
	bool wants_terminal = sig == SIGTTIN || sig == SIGTTOU;
	if (terminal < 0)
		return;
	if (!(wants_terminal && is_in_front())) {
		const sigset_t stop = only(SIGTSTP), go_on = only(SIGCONT);
		if (tcgetpgrp(terminal) == command)
			tcsetpgrp(terminal, getpgrp());
		sigprocmask(SIG_UNBLOCK, &stop, NULL);
		kill(0, SIGTSTP);
		sigprocmask(SIG_BLOCK, &stop, NULL);
		// What continued us is for this stop only: handed on later, it would continue a command stopped anew.
		sigtimedwait(&go_on, NULL, &(struct timespec){0});
	}
	if (is_in_front())
		lent = tcsetpgrp(terminal, command) == 0;
	else if (wants_terminal)
		return;
	kill(-command, SIGCONT);
}

static int wait_for(pid_t command)
{
	for (;;) {
		int status, sig;
		siginfo_t info;
		pid_t found = waitpid(command, &status, WNOHANG | WUNTRACED);
		if (found < 0)
			return EXIT_MISSING << 8;
		if (found == command && !WIFSTOPPED(status))
			return status;
		if (found == command) {
			stop_with(command, WSTOPSIG(status));
			continue;
		}
		if ((sig = sigwaitinfo(&waited, &info)) < 0 || sig == SIGCHLD)
			continue;
		// What a terminal sends is for all of a group.
		bool all = info.si_code > 0 || sig == SIGTSTP || sig == SIGCONT;
		kill(all ? -command : command, sig);
	}
}

void lab_command(char **argv)
{
	char why[LAB_ERROR];
	int hold[2], status;
	pid_t first = -1, command = -1;

	hold_signals();
	terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
	// In a pipe `| less` may need the terminal more. A command that wants it is stopped by the kernel, and gets it.
	lent = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && is_in_front();
	if (lab_seal_processes(why, sizeof why) < 0) {
		complain("%s", why);
		_exit(EXIT_MISSING);
	}
	if (pipe2(hold, O_CLOEXEC) == 0 && (first = fork()) == 0)
		run_first(hold[0]);
	if (first > 0 && (command = fork()) == 0)
		run_command(argv);
	if (command < 0) {
		complain("%s: %s", argv[0], strerror(errno));
		_exit(EXIT_MISSING);
	}
	setpgid(command, command); // whoever comes first
	status = wait_for(command);
	close(hold[1]);
	waitpid(first, NULL, 0); // by then the lab is empty
	if (lent)
		tcsetpgrp(terminal, getpgrp());
	// Without exit handlers: LeakSanitizer's needs a new process, and a PID namespace without its first takes none.
	_exit(exit_of_wait(status));
}
