// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/crash_guard.h"

#include <ncurses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT, SIGXCPU, SIGSYS};
enum { FATAL = sizeof fatal / sizeof fatal[0], RESTORE_BYTES = 256, STACK_BYTES = 64 * 1024 };

// All that the handler reads: it may not ask anybody anything.
static struct {
	int fd;
	bool has_modes;
	struct termios modes;
	char restore[RESTORE_BYTES];
	size_t used;
	struct sigaction before[FATAL];
	int errors, real_stderr; // kept back, and where to; -1 for none
	bool started;
} guard = {.fd = -1, .errors = -1, .real_stderr = -1};

static char stack[STACK_BYTES]; // a stack overflow leaves no other

static int keep_byte(int c)
{
	if (guard.used < sizeof guard.restore)
		guard.restore[guard.used++] = (char)c;
	return c;
}

static void keep_capability(const char *name)
{
	const char *s = tigetstr(name);
	if (s && s != (const char *)-1)
		tputs(s, 1, keep_byte);
}

// Only write(), read(), lseek() and dup2(): all may be called in a handler.
static void release_stderr(void)
{
	char buf[512];
	ssize_t n;
	if (guard.errors < 0)
		return;
	dup2(guard.real_stderr, STDERR_FILENO);
	if (lseek(guard.errors, 0, SEEK_SET) == 0)
		while ((n = read(guard.errors, buf, sizeof buf)) > 0)
			if (write(STDERR_FILENO, buf, (size_t)n) < 0)
				break;
	close(guard.errors);
	close(guard.real_stderr);
	guard.errors = guard.real_stderr = -1;
}

static void on_fatal(int sig)
{
	size_t i = 0;
	while (i < FATAL - 1 && fatal[i] != sig)
		i++;
	if (write(guard.fd, guard.restore, guard.used) >= 0 && guard.has_modes)
		tcsetattr(guard.fd, TCSANOW, &guard.modes);
	release_stderr();
	sigaction(sig, &guard.before[i], NULL);
	raise(sig); // delivered when this handler returns
}

void crash_guard_remember(int fd)
{
	guard.fd = fd;
	guard.has_modes = tcgetattr(fd, &guard.modes) == 0;
}

static void hold_stderr(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	guard.errors = memfd_create("bindwalk-stderr", MFD_CLOEXEC);
	guard.real_stderr = dup(STDERR_FILENO);
	if (guard.errors < 0 || guard.real_stderr < 0 || dup2(guard.errors, STDERR_FILENO) < 0) {
		close(guard.errors);
		close(guard.real_stderr);
		guard.errors = guard.real_stderr = -1;
	}
}

void crash_guard_start(void)
{
	static const char modes[] = "\033[?2004l\033[?1006l\033[?1000l";
	guard.used = 0;
	if (tigetstr("kmous") && tigetstr("kmous") != (char *)-1) { // such a terminal knows these, or ignores them
		memcpy(guard.restore, modes, sizeof modes - 1);
		guard.used = sizeof modes - 1;
	}
	keep_capability("sgr0");
	keep_capability("rmkx");
	keep_capability("rmcup");
	keep_capability("cnorm");

	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction act = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
	sigemptyset(&act.sa_mask);
	sigaltstack(&alternate, NULL);
	for (size_t i = 0; i < FATAL; i++)
		sigaction(fatal[i], &act, &guard.before[i]);
	hold_stderr();
	guard.started = true;
}

void crash_guard_stop(void)
{
	if (!guard.started)
		return;
	for (size_t i = 0; i < FATAL; i++)
		sigaction(fatal[i], &guard.before[i], NULL);
	release_stderr();
	guard.started = false;
}
