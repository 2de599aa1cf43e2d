// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/loop.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include "tui/end_signal.h"

static const int handled[] = {SIGWINCH, SIGTSTP, SIGCONT};
static const int background[] = {SIGTTIN, SIGTTOU};
enum { HANDLED = sizeof handled / sizeof handled[0], BACKGROUND = sizeof background / sizeof background[0] };

static volatile sig_atomic_t pending[HANDLED];
static struct sigaction before[HANDLED], before_background[BACKGROUND];
static sigset_t mask_before;

static void note(int sig)
{
	for (size_t i = 0; i < HANDLED; i++)
		if (handled[i] == sig)
			pending[i] = 1;
}

// Stops this process by that signal, and returns when it goes on.
static void stop_by(int sig)
{
	sigset_t stop, old;
	struct sigaction dfl = {.sa_handler = SIG_DFL}, ours;
	sigemptyset(&stop);
	sigaddset(&stop, sig);
	sigaction(sig, &dfl, &ours);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &stop, &old); // stops here
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(sig, &ours, NULL);
}

// The kernel sends these to who is in the background, where the terminal is somebody else's and stays as it is. Anybody
// else means what SIGTSTP means.
static void in_background(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code == SI_KERNEL)
		stop_by(sig);
	else
		raise(SIGTSTP);
}

static void install(void)
{
	struct sigaction act = {.sa_handler = note}, back = {.sa_sigaction = in_background, .sa_flags = SA_SIGINFO};
	sigfillset(&act.sa_mask);
	sigfillset(&back.sa_mask);
	for (size_t i = 0; i < HANDLED; i++)
		sigaction(handled[i], &act, &before[i]);
	for (size_t i = 0; i < BACKGROUND; i++)
		sigaction(background[i], &back, &before_background[i]);
}

void loop_open(struct loop *l, int tty)
{
	sigset_t block;
	l->tty = tty;
	l->host = l->owners = l->gone = l->socks = l->notes = l->watch = l->binds = l->walk = l->trace = -1;
	sigemptyset(&block);
	for (size_t i = 0; i < HANDLED; i++) {
		sigaddset(&block, handled[i]);
		pending[i] = 0;
	}
	sigprocmask(SIG_BLOCK, &block, &mask_before);
	l->outside = mask_before;
	for (size_t i = 0; i < HANDLED; i++)
		sigdelset(&l->outside, handled[i]);
	end_signal_unmask(&l->outside);
	install();
}

void loop_before_exec(void)
{
	for (size_t i = 0; i < HANDLED; i++)
		sigaction(handled[i], &before[i], NULL);
	for (size_t i = 0; i < BACKGROUND; i++)
		sigaction(background[i], &before_background[i], NULL);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

void loop_forget(struct loop *l)
{
	if (l->gone >= 0)
		close(l->gone);
	l->host = l->owners = l->gone = l->socks = l->watch = l->binds = l->walk = l->trace = -1;
}

void loop_close(struct loop *l)
{
	(void)l;
	for (size_t i = 0; i < HANDLED; i++)
		sigaction(handled[i], &before[i], NULL);
	for (size_t i = 0; i < BACKGROUND; i++)
		sigaction(background[i], &before_background[i], NULL);
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

unsigned loop_wait(struct loop *l, int timeout_ms)
{
	struct pollfd fds[] = {{.fd = l->tty, .events = POLLIN},    {.fd = l->host, .events = POLLIN},
			       {.fd = l->owners, .events = POLLIN}, {.fd = l->gone, .events = POLLIN},
			       {.fd = l->socks, .events = POLLIN},  {.fd = l->notes, .events = POLLIN},
			       {.fd = l->watch, .events = POLLIN},  {.fd = l->binds, .events = POLLIN},
			       {.fd = l->walk, .events = POLLIN},   {.fd = l->trace, .events = POLLIN}};
	struct timespec limit = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};
	unsigned events = 0;
	if (end_signal_noted()) // while the terminal was written to
		return LOOP_END;
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
		if (fds[3].revents)
			events |= LOOP_GONE;
		if (fds[4].revents)
			events |= LOOP_SOCKS;
		if (fds[5].revents)
			events |= LOOP_NOTES;
		if (fds[6].revents)
			events |= LOOP_WATCH;
		if (fds[7].revents)
			events |= LOOP_BINDS;
		if (fds[8].revents)
			events |= LOOP_WALK;
		if (fds[9].revents)
			events |= LOOP_TRACE;
		if (fds[0].revents & POLLHUP)
			events |= LOOP_HANGUP;
	} else if (n == 0) {
		events |= LOOP_TICK;
	} else if (errno == ENOMEM) { // a moment later there may be some
		poll(NULL, 0, 20);
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
	if (end_signal_noted())
		events |= LOOP_END;
	return events;
}

void loop_stop_here(struct loop *l)
{
	(void)l;
	stop_by(SIGTSTP);
	take(SIGCONT);
}
