// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/hand_on.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tui/output.h"

static const int handed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH, SIGTSTP};
enum { HANDED_ON = sizeof handed_on / sizeof *handed_on };

static struct sigaction before[HANDED_ON];
static bool caught;
static volatile pid_t command;
static volatile sig_atomic_t early; // came before there was one
static volatile enum hand_on manner;
static void (*volatile at_end)(void);
static int asked = -1;

static bool asks_for_end(int sig)
{
	return sig == SIGHUP || sig == SIGINT || sig == SIGQUIT || sig == SIGTERM;
}

static bool is_for_command(int sig)
{
	return sig == SIGWINCH || sig == SIGTSTP;
}

// A terminal that hangs up tells the session's leader alone: tty_signal_session_leader() (drivers/tty/tty_jobctrl.c).
static bool only_ours(int sig)
{
	return sig == SIGHUP && getsid(0) == getpid();
}

// A positive code is the kernel's: the terminal sends to the whole group, as the command itself may.
static void hand_on(int sig, siginfo_t *info, void *context)
{
	(void)context;
	int saved = errno;
	const uint64_t one = 1;
	bool from_terminal = info->si_code > 0 && !only_ours(sig);
	if (asks_for_end(sig) && write(asked, &one, sizeof one) < 0)
		errno = saved; // full is as good
	if (at_end && !is_for_command(sig) && (manner == HAND_ON_NONE || !from_terminal))
		at_end();
	else if (command == 0)
		early = is_for_command(sig) ? early : sig;
	else if (!from_terminal && command > 0 && info->si_pid != command)
		kill(command, sig);
	errno = saved;
}

static void catch_one(int sig)
{
	struct sigaction act = {.sa_sigaction = hand_on, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigemptyset(&act.sa_mask);
	sigaction(sig, &act, NULL);
}

static bool is_caught(int sig, enum hand_on how)
{
	return is_for_command(sig) ? how == HAND_ON_TRACED || how == HAND_ON_OUTSIDE : true;
}

void hand_on_catch(enum hand_on how, void (*end)(void))
{
	manner = how;
	at_end = end;
	if (asked < 0)
		asked = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (caught)
		return;
	caught = true;
	for (int i = 0; i < HANDED_ON; i++) {
		sigaction(handed_on[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN && is_caught(handed_on[i], how)) // as nohup has it
			catch_one(handed_on[i]);
	}
}

void hand_on_to(pid_t process)
{
	command = process;
	if (process > 0 && early)
		kill(process, early);
	early = 0;
}

void hand_on_forget(void)
{
	for (int i = 0; i < HANDED_ON; i++)
		sigaction(handed_on[i], &before[i], NULL);
	output_forget_signals();
}

bool hand_on_stop(int sig)
{
	sigset_t only, mask;
	struct sigaction ours, standard = {.sa_handler = SIG_DFL};
	if (sig == SIGSTOP || command <= 0 || getpgid(command) != getpgrp())
		return false;
	sigemptyset(&only);
	sigaddset(&only, sig);
	sigemptyset(&standard.sa_mask);
	sigaction(sig, &standard, &ours);
	pthread_sigmask(SIG_UNBLOCK, &only, &mask);
	raise(sig);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	sigaction(sig, &ours, NULL);
	return true;
}

int hand_on_fd(void)
{
	return asked;
}

void hand_on_clear(void)
{
	uint64_t count;
	while (read(asked, &count, sizeof count) > 0)
		continue;
}
