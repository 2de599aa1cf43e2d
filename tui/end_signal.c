// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/end_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int ends[] = {SIGTERM, SIGHUP, SIGINT};
enum { ENDS = sizeof ends / sizeof ends[0] };

static volatile sig_atomic_t noted;
static volatile sig_atomic_t input = -1, nothing = -1; // descriptors; -1 for none

static void change_mask(int how)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < ENDS; i++)
		sigaddset(&set, ends[i]);
	sigprocmask(how, &set, NULL);
}

static void note(int sig)
{
	int before = errno;
	noted = sig;
	if (input >= 0)
		dup2(nothing, input);
	errno = before;
}

void end_signal_hold(void)
{
	change_mask(SIG_BLOCK);
}

void end_signal_release(int sig)
{
	if (sig) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	change_mask(SIG_UNBLOCK);
}

void end_signal_note(bool interrupt, int fd)
{
	struct sigaction act = {.sa_handler = note}, before;
	if (!isatty(fd) && (nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		input = fd;
	for (size_t i = 0; i < ENDS; i++) {
		if (ends[i] == SIGINT && !interrupt)
			continue;
		// Whoever started us with one of them ignored (nohup, &) meant it.
		if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(ends[i], &act, NULL);
	}
}

int end_signal_noted(void)
{
	return noted;
}
