// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/crash_guard.h"

#include <fcntl.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "tui/end_signal.h"
#include "tui/terminfo.h"

enum { INPUT, OUTPUT, SIDES, RESTORE_BYTES = 256 };

// All that a handler reads: it may not ask anybody anything.
static struct {
	int fd[SIDES]; // our own, since an end signal cuts the others
	bool has_modes[SIDES];
	struct termios modes[SIDES];
	char restore[RESTORE_BYTES];
	size_t used;
	int errors, real_stderr; // kept back, and where to; -1 for none
	bool started;
} guard = {.errors = -1, .real_stderr = -1};

static int keep_byte(int c)
{
	if (guard.used < sizeof guard.restore)
		guard.restore[guard.used++] = (char)c;
	return c;
}

static void keep_bytes(const char *s)
{
	while (*s)
		keep_byte(*s++);
}

static void keep_capability(const char *name)
{
	const char *s = tigetstr(name);
	if (s && s != (const char *)-1)
		tputs(s, 1, keep_byte);
}

static void prepare_screen(void)
{
	int status;
	const char *type = getenv("TERM");
	char why[256];
	if (!type || !terminfo_check(type, why, sizeof why) || setupterm(type, STDOUT_FILENO, &status) != OK)
		return;
	const char *mouse = tigetstr("kmous");
	if (mouse && mouse != (const char *)-1) // such a terminal knows these, or ignores them
		keep_bytes("\033[?2004l\033[?1006l\033[?1000l");
	keep_capability("sgr0");
	keep_capability("rmkx");
	keep_capability("rmcup");
	keep_capability("cnorm");
	del_curterm(cur_term);
}

static void release_stderr(bool wait)
{
	char buf[512];
	ssize_t n;
	if (guard.errors < 0)
		return;
	dup2(guard.real_stderr, STDERR_FILENO);
	lseek(guard.errors, 0, SEEK_SET);
	while ((n = read(guard.errors, buf, sizeof buf)) > 0)
		if (wait)
			end_signal_say(buf, (size_t)n);
		else
			end_signal_write_now(STDERR_FILENO, buf, (size_t)n);
	close(guard.errors);
	close(guard.real_stderr);
	guard.errors = guard.real_stderr = -1;
}

// What nobody reads makes room for what ends the screen, and output that was stopped goes on. Only functions that may
// be called in a handler, and none that waits.
static void restore_terminal(void)
{
	int out = guard.fd[OUTPUT];
	pid_t front = tcgetpgrp(out);
	if (front > 0 && front != getpgrp())
		return; // in the background: it is somebody else's now
	size_t done = end_signal_write_now(out, guard.restore, guard.used);
	if (done < guard.used && tcflush(out, TCOFLUSH) == 0 && tcflow(out, TCOON) == 0)
		end_signal_write_now(out, guard.restore, guard.used);
	for (int i = 0; i < SIDES; i++)
		if (guard.has_modes[i])
			tcsetattr(guard.fd[i], TCSANOW, &guard.modes[i]);
}

static void on_fault(void)
{
	restore_terminal();
	release_stderr(false);
}

// Libraries end the program, as readline does where memory is short.
static void on_exit_of_others(void)
{
	if (guard.started)
		on_fault();
}

static void hold_stderr(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	guard.errors = memfd_create("bindwalk-stderr", MFD_CLOEXEC);
	guard.real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (guard.errors < 0 || guard.real_stderr < 0 || dup2(guard.errors, STDERR_FILENO) < 0) {
		close(guard.errors);
		close(guard.real_stderr);
		guard.errors = guard.real_stderr = -1;
	}
}

void crash_guard_start(bool screen, bool interrupt)
{
	static const int sides[SIDES] = {[INPUT] = STDIN_FILENO, [OUTPUT] = STDOUT_FILENO};
	static bool registered;
	const char *term = getenv("TERM");
	for (int i = 0; i < SIDES; i++) {
		guard.fd[i] = fcntl(sides[i], F_DUPFD_CLOEXEC, 0);
		guard.has_modes[i] = tcgetattr(guard.fd[i], &guard.modes[i]) == 0;
	}
	guard.used = 0;
	if (screen)
		prepare_screen();
	else if (!term || strcmp(term, "dumb") != 0)
		keep_bytes("\033[?2004l"); // readline's bracketed paste
	if (!registered)
		registered = atexit(on_exit_of_others) == 0;
	end_signal_catch(interrupt, on_fault);
	if (screen)
		hold_stderr();
	guard.started = true;
}

void crash_guard_stop(void)
{
	if (!guard.started)
		return;
	if (end_signal_noted())
		restore_terminal();
	end_signal_stop_restoring();
	release_stderr(true);
	for (int i = 0; i < SIDES; i++)
		close(guard.fd[i]);
	guard.started = false;
}
