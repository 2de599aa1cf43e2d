// SPDX-License-Identifier: GPL-3.0-or-later
// However the program ends, the terminal is as it was, and whoever waits for it learns how: each signal, a terminal
// that nobody reads, one that it may only read, a limit on the size of files. And it can always be ended.
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/pty_lab.h"
#include "tui/end_signal.h"

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 }; // its handler runs after ours, and may end the process in its own way
#else
enum { SANITIZED = 0 };
#endif

// All that end a process, says signal(7), but SIGKILL, and SIGPIPE and SIGXFSZ, which the program ignores.
static int signals[] = {SIGHUP,  SIGINT,  SIGTERM,   SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF,
			SIGPOLL, SIGPWR,  SIGSTKFLT, SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,   SIGBUS,
			SIGFPE,  SIGSEGV, SIGXCPU,   SIGSYS,  0,       0}; // and the first and the last real-time one
enum { SIGNALS = sizeof signals / sizeof *signals };

// The signal that ended a child which sent it to itself, 0 for none, -1 where it can't be set (the C library's).
static int end_of(int sig)
{
	int status;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		sigset_t none;
		struct rlimit no_core = {0, 0};
		setrlimit(RLIMIT_CORE, &no_core);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (sig != SIGKILL && sig != SIGSTOP && signal(sig, SIG_DFL) == SIG_ERR)
			_exit(1);
		raise(sig);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	if (WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		return 0;
	}
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) ? -1 : 0;
}

// The program's table against the kernel's own defaults.
static void test_defaults(void **state)
{
	(void)state;
	for (int sig = 1; sig <= SIGRTMAX; sig++) {
		bool own = sig == SIGKILL || sig == SIGPIPE || sig == SIGXFSZ; // nobody is asked; we ignore them
		int end = end_of(sig);
		if (end >= 0)
			assert_int_equal(end_signal_way(sig) != END_NOT, !own && end == sig);
	}
	assert_int_equal(end_signal_way(0), END_NOT);
	assert_int_equal(end_signal_way(SIGRTMAX + 1), END_NOT);
}

static void expect_ended_by(struct pty *p, int sig)
{
	int status = pty_wait(p);
	if (SANITIZED && WIFEXITED(status)) {
		assert_int_not_equal(WEXITSTATUS(status), 0);
	} else {
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), sig);
	}
	pty_expect_restored(p);
	pty_close(p);
}

static void until_lab(struct pty *p)
{
	pty_until(p, "· lab");
	pty_until(p, "192.0.2.2");
	pty_until_gone(p, "· reading");
}

static void until_prompt(struct pty *p)
{
	pty_until_cursor(p, -1, (int)strlen("bindwalk (lab)> "));
}

static void until_shell(struct pty *p)
{
	pty_until(p, "Join this lab");
	until_prompt(p);
}

// All are started before any is waited for: that takes less time.
static void each(int rows, int cols, const char *const *argv, void (*ready)(struct pty *p),
		 void (*end)(struct pty *p, int sig))
{
	struct pty *p[SIGNALS];
	for (size_t i = 0; i < SIGNALS; i++)
		p[i] = pty_start(rows, cols, "xterm-256color", argv);
	for (size_t i = 0; i < SIGNALS; i++) {
		ready(p[i]);
		end(p[i], signals[i]);
	}
}

static void end_by(struct pty *p, int sig)
{
	kill(p->child, sig);
	expect_ended_by(p, sig);
}

static void test_explorer(void **state)
{
	(void)state;
	const char *argv[] = {program, "lab", NULL};
	each(24, 80, argv, until_lab, end_by);
}

static void end_shell(struct pty *p, int sig)
{
	kill(p->child, sig);
	if (sig == SIGINT) { // gives the line up
		pty_until_waiting(p);
		kill(p->child, sig = SIGTERM);
	}
	expect_ended_by(p, sig);
}

static void test_shell(void **state)
{
	(void)state;
	const char *argv[] = {program, "run", "--lab", "-", NULL};
	each(24, 100, argv, until_shell, end_shell);
}

static void end_unread(struct pty *p, int sig)
{
	pty_until_full(p);
	kill(p->child, sig);
	p->unread = true;
	expect_ended_by(p, sig);
}

// A terminal that nobody reads; at the end somebody does.
static void test_unread(void **state)
{
	(void)state;
	const char *argv[] = {program, "lab", NULL};
	each(60, 200, argv, until_lab, end_unread);
}

// Who reads late gets all of it.
static void test_slow_reader(void **state)
{
	(void)state;
	const char *argv[] = {program, "lab", NULL};
	struct pty *p = pty_start(60, 200, "xterm-256color", argv);
	until_lab(p);
	pty_until_full(p);
	pty_type(p, "f");
	pty_until(p, "because this socket has IP_FREEBIND");
	pty_until(p, "bindwalk  ");
	pty_until(p, "192.0.2.2/24");
	quit(p);
}

// The thread that listens to the kernel, by its name.
static pid_t listener_of(pid_t pid)
{
	char path[330], name[32];
	pid_t found = 0;
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *d = opendir(path);
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));) {
		snprintf(path, sizeof path, "/proc/%d/task/%s/comm", pid, e->d_name);
		FILE *f = fopen(path, "re");
		if (f && fgets(name, sizeof name, f) && strcmp(name, "bindwalk-listen\n") == 0)
			found = (pid_t)strtol(e->d_name, NULL, 10);
		if (f)
			fclose(f);
	}
	closedir(d);
	assert_int_not_equal(found, 0);
	return found;
}

// A fault in a thread of ours is one of the whole program's.
static void test_fault_of_a_thread(void **state)
{
	(void)state;
	static const int faults[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct pty *p = start_lab(24, 80);
		assert_int_equal(syscall(SYS_tgkill, p->child, listener_of(p->child), faults[i]), 0);
		expect_ended_by(p, faults[i]);
	}
}

// A signal that the program or its starter ignores does not end it.
static void test_ignored(void **state)
{
	(void)state;
	const char *argv[] = {"sh", "-c", "trap '' HUP INT QUIT USR1; exec \"$0\" lab", program, NULL};
	static const int ignored[] = {SIGPIPE, SIGXFSZ, SIGHUP, SIGINT, SIGQUIT, SIGUSR1};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	until_lab(p);
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		kill(p->child, ignored[i]);
	pty_type(p, "f");
	pty_until(p, "because this socket has IP_FREEBIND");
	quit(p);
}

static struct pty *start_stopped(const char *const *argv, void (*ready)(struct pty *p), const char *keys)
{
	struct pty *p = pty_start(24, 100, "xterm-256color", argv);
	ready(p);
	pty_stop_output(p);
	pty_type(p, keys);
	pty_until_taken(p);
	p->unread = true;
	return p;
}

// Output that was stopped, as Ctrl-S does: while it quits, while it is suspended, while a line is typed, while text is
// printed.
static void test_stopped_output(void **state)
{
	(void)state;
	static const char *const keys[] = {"q", "\032", "a1", "?"};
	const char *lab[] = {program, "lab", NULL}, *shell[] = {program, "run", "--lab", "-", NULL};
	static const int ends[] = {SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGSEGV, SIGQUIT};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct pty *p = start_stopped(lab, until_lab, keys[i % 4]);
		end_by(p, ends[i]);
		if (ends[i] == SIGINT)
			continue;
		p = start_stopped(shell, until_shell, i % 2 ? "x" : "help bind\r");
		end_by(p, ends[i]);
	}
}

// Standard input that was opened for reading alone.
static void test_read_only_input(void **state)
{
	(void)state;
	const char *argv[] = {"sh", "-c", "exec \"$0\" lab </dev/tty", program, NULL};
	static const int ends[] = {SIGTERM, SIGUSR2, SIGSEGV, SIGQUIT};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct pty *p = pty_start(24, 80, "xterm-256color", argv);
		until_lab(p);
		end_by(p, ends[i]);
	}
}

static void test_errors_elsewhere(void **state)
{
	(void)state;
	const char *argv[] = {"sh", "-c", "exec \"$0\" lab 2>/dev/null", program, NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	until_lab(p);
	end_by(p, SIGTERM);
	p = pty_start(24, 80, "xterm-256color", argv);
	until_lab(p);
	end_by(p, SIGSEGV);
}

// No file may grow: neither the picture nor the prompt needs one.
static void test_no_files(void **state)
{
	(void)state;
	const char *argv[] = {"sh", "-c", "ulimit -f 0; exec \"$0\" lab", program, NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	until_lab(p);
	pty_type(p, "a10.1.2.3\r");
	pty_until(p, "bind tcp4 10.1.2.3:0");
	pty_type(p, ":write /tmp/bindwalk-no-file\r");
	pty_until(p, "File too large");
	pty_type(p, "\033");
	until_main_screen(p);
	quit(p);
	p = pty_start(24, 80, "xterm-256color", argv);
	until_lab(p);
	end_by(p, SIGTERM);
	p = pty_start(24, 80, "xterm-256color", argv);
	until_lab(p);
	pty_until_full(p);
	p->unread = true;
	end_by(p, SIGTERM);
}

static void goes_on(struct pty *p)
{
	pty_type(p, "\n");
	until_lab(p);
	assert_true(p->alternate);
	pty_type(p, "f");
	pty_until(p, "because this socket has IP_FREEBIND");
	pty_type(p, "q");
	pty_until(p, "ended 0");
	end_normally(p);
}

static void stopped_by(int sig)
{
	const char *argv[] = {"sh", "-c",
			      "set -m; \"$0\" lab; echo stopped $?; read line; fg >/dev/null; echo ended $?", program,
			      NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	until_lab(p);
	kill(tcgetpgrp(p->master), sig);
	pty_until(p, "stopped 148"); // SIGTSTP
	pty_expect_restored(p);
	goes_on(p);
}

// Who is stopped gives the terminal back, and takes it again. Who starts in the background waits there for it.
static void test_stops(void **state)
{
	(void)state;
	const char *argv[] = {"sh", "-c",
			      "set -m; \"$0\" lab & until grep -q ^State:.T /proc/$!/status; do :; done; echo behind; "
			      "read line; fg >/dev/null; echo ended $?",
			      program, NULL};
	stopped_by(SIGTSTP);
	stopped_by(SIGTTIN);
	stopped_by(SIGTTOU);
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	pty_until(p, "behind");
	pty_expect_restored(p);
	goes_on(p);
}

// Types Ctrl-C when all that was typed before is taken, and nobody can think that it came with it.
static void interrupt(struct pty *p)
{
	pty_until_taken(p);
	pty_type(p, "\003");
}

// A paste whose end is lost: Ctrl-C ends it, wherever it went to.
static void test_lost_end_of_paste(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033[200~qqq\003qqq"); // Ctrl-C within a paste is a part of it
	pty_until(p, "pasted text");
	pty_type(p, "qqf");
	interrupt(p);
	pty_until(p, "Quit Bindwalk?");
	pty_type(p, "n");
	pty_until_gone(p, "Quit Bindwalk?");
	pty_type(p, "a\033[200~10.1\003.2.3\r");
	pty_until(p, "address: 10.1 .2.3");
	interrupt(p);
	until_main_screen(p);
	pty_type(p, "/\033[200~19");
	interrupt(p); // ends the filter
	pty_until_taken(p);
	pty_type(p, "\033OP\033[200~qq");
	pty_until(p, "Can this socket bind to that address?");
	interrupt(p); // closes the help
	until_main_screen(p);
	pty_type(p, "\003");
	pty_until(p, "Quit Bindwalk?");
	pty_type(p, "\033[200~yy"); // answers nothing
	pty_until(p, "pasted answer");
	interrupt(p);
	pty_until(p, "Quit Bindwalk?");
	interrupt(p); // and here it quits
	end_normally(p);
}

// Its end may come in parts, as slowly as it likes.
static void test_slow_end_of_paste(void **state)
{
	(void)state;
	static const char *const parts[][2] = {{"\033", "[201~"}, {"\033[", "201~"}};
	for (size_t i = 0; i < 2; i++) {
		struct pty *p = start_lab(24, 80);
		pty_type(p, "\033[200~qq");
		pty_until(p, "pasted text");
		pty_type(p, parts[i][0]);
		pty_listen(p, 100); // more than the time after which Escape is a key
		pty_until_taken(p);
		pty_type(p, parts[i][1]);
		pty_until_taken(p);
		quit(p);
	}
}

// Of a line that is half typed nothing is carried out.
static void test_half_a_line(void **state)
{
	(void)state;
	const char *argv[] = {program, "run", "--lab", "-", NULL};
	char path[128], line[160];
	snprintf(path, sizeof path, "%s/half", home);
	snprintf(line, sizeof line, "write %s", path);
	struct pty *p = pty_start(24, 100, "xterm-256color", argv);
	until_shell(p);
	pty_type(p, "bind 127.0.0.1\r");
	pty_until(p, "OK  127.0.0.1 ");
	until_prompt(p);
	pty_type(p, line);
	pty_until(p, line);
	end_by(p, SIGTERM);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void test_lost_end_of_paste_in_shell(void **state)
{
	(void)state;
	const char *argv[] = {program, "run", "--lab", "-", NULL};
	struct pty *p = pty_start(24, 100, "xterm-256color", argv);
	until_shell(p);
	pty_type(p, "\033[200~nonsense\rquit\r");
	interrupt(p);
	until_prompt(p);
	pty_type(p, "\022bi"); // a search
	pty_until(p, "reverse-i-search");
	interrupt(p);
	until_prompt(p);
	pty_type(p, "bind 127.0.0.1\r");
	pty_until(p, "OK  127.0.0.1 ");
	pty_type(p, "quit\r");
	end_normally(p);
	p = pty_start(24, 100, "xterm-256color", argv);
	until_shell(p);
	pty_type(p, "\033[200~nonsense\r");
	pty_until_taken(p);
	end_by(p, SIGTERM);
}

int main(void)
{
	signals[SIGNALS - 2] = SIGRTMIN;
	signals[SIGNALS - 1] = SIGRTMAX;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_explorer),
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_fault_of_a_thread),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_stopped_output),
		cmocka_unit_test(test_read_only_input),
		cmocka_unit_test(test_errors_elsewhere),
		cmocka_unit_test(test_no_files),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_lost_end_of_paste),
		cmocka_unit_test(test_slow_end_of_paste),
		cmocka_unit_test(test_half_a_line),
		cmocka_unit_test(test_lost_end_of_paste_in_shell),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
