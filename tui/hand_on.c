// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/hand_on.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

static const int handed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM};
enum { HANDED_ON = sizeof handed_on / sizeof *handed_on };

static struct sigaction before[HANDED_ON];
static volatile pid_t command;
static void (*volatile at_end)(void);

// A positive code is the kernel's: the terminal sends to the whole group.
static void hand_on(int sig, siginfo_t *info, void *context)
{
	(void)context;
	int saved = errno;
	if (at_end)
		at_end();
	else if (info->si_code <= 0 && command > 0)
		kill(command, sig);
	errno = saved;
}

void hand_on_catch(void (*end)(void))
{
	struct sigaction act = {.sa_sigaction = hand_on, .sa_flags = SA_SIGINFO | SA_RESTART};
	at_end = end;
	sigemptyset(&act.sa_mask);
	for (int i = 0; i < HANDED_ON; i++) {
		sigaction(handed_on[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN) // as nohup has it
			sigaction(handed_on[i], &act, NULL);
	}
}

void hand_on_to(pid_t process)
{
	command = process;
}

void hand_on_forget(void)
{
	for (int i = 0; i < HANDED_ON; i++)
		sigaction(handed_on[i], &before[i], NULL);
}
