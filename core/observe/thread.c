// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct start {
	void *(*run)(void *);
	void *data;
};

// An alternate stack belongs to one thread, and a stack overflow leaves no other.
static void *run_thread(void *data)
{
	static _Thread_local char stack[16384];
	struct start s = *(struct start *)data;
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack}, before;
	free(data);
	bool set = sigaltstack(&alternate, &before) == 0;
	void *result = s.run(s.data);
	if (set)
		sigaltstack(&before, NULL); // a sanitizer's, which it frees
	return result;
}

int thread_start(pthread_t *out, const char *name, void *(*run)(void *), void *data)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
	struct start *s = malloc(sizeof *s);
	sigset_t others, before;
	if (!s)
		return -ENOMEM;
	*s = (struct start){run, data};
	sigfillset(&others);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		sigdelset(&others, faults[i]);
	pthread_sigmask(SIG_SETMASK, &others, &before);
	int err = pthread_create(out, NULL, run_thread, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err)
		free(s);
	else
		pthread_setname_np(*out, name);
	return -err;
}
