// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/loop.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>

static const int handled[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
enum { HANDLED = sizeof handled / sizeof handled[0] };

static volatile sig_atomic_t pending[HANDLED];
static struct sigaction before[HANDLED];
static sigset_t mask_before;

static void note(int sig)
{
	for (size_t i = 0; i < HANDLED; i++)
		if (handled[i] == sig)
			pending[i] = 1;
}

static void install(void)
{
	struct sigaction act = {.sa_handler = note};
	sigfillset(&act.sa_mask);
	for (size_t i = 0; i < HANDLED; i++) {
		sigaction(handled[i], &act, &before[i]);
		// Whoever started us with SIGHUP ignored (nohup) or SIGINT ignored (&) meant it.
		if (before[i].sa_handler == SIG_IGN && (handled[i] == SIGHUP || handled[i] == SIGINT))
			sigaction(handled[i], &before[i], NULL);
	}
}

void loop_open(struct loop *l, int tty)
{
	sigset_t block;
	l->tty = tty;
	l->host = l->owners = -1;
	sigemptyset(&block);
	for (size_t i = 0; i < HANDLED; i++) {
		sigaddset(&block, handled[i]);
		pending[i] = 0;
	}
	sigprocmask(SIG_BLOCK, &block, &mask_before);
	l->outside = mask_before;
	for (size_t i = 0; i < HANDLED; i++)
		sigdelset(&l->outside, handled[i]);
	install();
}

void loop_close(struct loop *l)
{
	(void)l;
	for (size_t i = 0; i < HANDLED; i++)
		sigaction(handled[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

static bool take(int sig)
{
	for (size_t i = 0; i < HANDLED; i++)
		if (handled[i] == sig && pending[i]) {
			pending[i] = 0;
			return true;
		}
	return false;
}

int loop_end_signal(void)
{
	static const int ends[] = {SIGTERM, SIGHUP, SIGINT};
	for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++)
		for (size_t i = 0; i < HANDLED; i++)
			if (handled[i] == ends[e] && pending[i])
				return ends[e];
	return 0;
}

unsigned loop_wait(struct loop *l, int timeout_ms)
{
	struct pollfd fds[] = {{.fd = l->tty, .events = POLLIN},
			       {.fd = l->host, .events = POLLIN},
			       {.fd = l->owners, .events = POLLIN}};
	struct timespec limit = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};
	unsigned events = 0;
	int n = ppoll(fds, sizeof fds / sizeof *fds, timeout_ms < 0 ? NULL : &limit, &l->outside);
	if (n > 0) {
		if (fds[0].revents & POLLIN)
			events |= LOOP_INPUT;
		else if (fds[0].revents)
			events |= LOOP_HANGUP;
		if (fds[1].revents)
			events |= LOOP_HOST;
		if (fds[2].revents)
			events |= LOOP_OWNERS;
		if (fds[0].revents & POLLHUP)
			events |= LOOP_HANGUP;
	} else if (n == 0) {
		events |= LOOP_TICK;
	} else if (errno != EINTR) {
		events |= LOOP_HANGUP;
	}
	if (take(SIGWINCH))
		events |= LOOP_RESIZE;
	if (take(SIGTSTP))
		events |= LOOP_SUSPEND;
	if (take(SIGCONT))
		events |= LOOP_CONTINUE;
	if (loop_end_signal())
		events |= LOOP_END;
	return events;
}

void loop_stop_here(struct loop *l)
{
	sigset_t stop, old;
	struct sigaction dfl = {.sa_handler = SIG_DFL}, ours;
	(void)l;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigaction(SIGTSTP, &dfl, &ours);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &old); // stops here
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(SIGTSTP, &ours, NULL);
	take(SIGCONT);
}
