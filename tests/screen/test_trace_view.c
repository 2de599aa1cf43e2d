// SPDX-License-Identifier: GPL-3.0-or-later
// `:trace` in the explorer, with the kernel: the binds of a program that is this very test, its walks, its output, and
// its end. However the explorer ends, the program that it runs has ended, one that ran before goes on, and the terminal
// is as it was.
#include <fcntl.h>
#include <netinet/in.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/pty_lab.h"

enum { DOCUMENTED = 0xcb007109, PATIENCE_S = 60, LOOK_MS = 50 }; // 203.0.113.9

static bool quiet;               // it has no output of its own
static char self[512], held[64]; // this program, and the file that it locks while it runs

static void bind_to(uint32_t address)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address), .sin_port = htons(8080)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 && !quiet)
		perror("program: [emerg] bind() failed");
	close(fd);
}

static void hold(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		_exit(9);
}

// What is traced. Ends by _exit(): a leak checker cannot work in a traced program.
static void be_program(const char *how, const char *path)
{
	if (strcmp(how, "binds") == 0) {
		bind_to(DOCUMENTED);
		bind_to(INADDR_LOOPBACK);
		_exit(3);
	}
	if (strcmp(how, "bytes") == 0) {
		static const char bytes[] = "\033[2J\033]0;title\007\xff\x80 \xe2\x80\xae and \0 NUL\r\n";
		_exit(write(STDOUT_FILENO, bytes, sizeof bytes - 1) < 0);
	}
	if (strcmp(how, "words") == 0) {
		printf("<%s>\n", path);
		fflush(stdout);
		_exit(getsid(0) == getpid() && open("/dev/tty", O_RDWR) < 0 && getchar() == EOF ? 0 : 1);
	}
	hold(path);
	bind_to(DOCUMENTED);
	if (strcmp(how, "floods") == 0)
		for (;;)
			if (write(STDOUT_FILENO, "0123456789 abcdef\n", 18) < 0)
				_exit(1);
	for (;;)
		pause();
}

// A file that somebody else locks can be locked by us when that one is gone.
static void expect_ended(void)
{
	int fd = open(held, O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0);
	alarm(PATIENCE_S); // ends this test
	assert_int_equal(flock(fd, LOCK_EX), 0);
	alarm(0);
	close(fd);
}

static bool is_held(void)
{
	int fd = open(held, O_RDWR | O_CREAT, 0600);
	bool free = flock(fd, LOCK_EX | LOCK_NB) == 0;
	close(fd);
	return !free;
}

static void trace(struct pty *p, const char *how, const char *word)
{
	char line[700];
	snprintf(line, sizeof line, ":trace '%s' %s %s\r", self, how, word);
	pty_type(p, line);
}

// Of one that comes to rest.
static bool traces(struct pty *p)
{
	pty_until(p, "Program · ");
	pty_until_gone(p, "begins");
	if (!pty_shows(p, "not traced"))
		return true;
	print_message("no trace here\n");
	return false;
}

static void test_walk(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 100);
	pty_type(p, ":trace\r"); // alone it says what there is to type
	pty_until(p, ":trace COMMAND");
	trace(p, "binds", "");
	if (traces(p)) {
		pty_until(p, "ended with 3");
		pty_until(p, "EADDRNOTAVAIL");
		pty_until(p, "1 refusal");
		pty_until(p, "nonlocal"); // why, without opening it
		pty_until(p, "[emerg]");  // beside it what the program says
		assert_false(pty_shows(p, " bound "));
		pty_type(p, " ");
		pty_until(p, "bound   ");
		pty_type(p, " ");
		pty_until_gone(p, "bound   ");
		pty_type(p, "\r");
		pty_until(p, "Bind of ");
		pty_until(p, "tcp4 203.0.113.9:8080 at");
		pty_until(p, "as predicted");
		assert_true(pty_shows(p, "ended with 3"));
		pty_type(p, "u");
		pty_until(p, "the attempt is now tcp4 203.0.113.9:8080");
		pty_type(p, "B"); // it stays until the next one
		pty_until(p, "ended with 3");
		pty_type(p, ":watch off\r:watch on\r");
		pty_until_gone(p, "ended with 3");
		pty_type(p, ":trace\r");
		pty_until(p, "ended with 3");
	}
	quit(p);
}

// Its words, and what else it is given: no terminal, no input.
static void test_words(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	trace(p, "words", "\"a b\"'  c'\"'\" # a comment");
	if (traces(p)) {
		pty_until(p, "<a b  c'>");
		pty_until(p, "ended with 0");
	}
	pty_type(p, ":trace /nonexistent/program\r");
	pty_until(p, "/nonexistent/program: ");
	pty_until(p, "not traced");
	pty_type(p, ":trace 'never closed\r");
	pty_until(p, "this quote has no end");
	pty_type(p, "\005\025trace -x\r");
	pty_until(p, "\"-x\"");
	pty_type(p, "\005\025trace -p 0\r");
	pty_until(p, "-p needs");
	pty_type(p, "\005\025trace stop\r");
	pty_until(p, "no program is traced");
	pty_type(p, "\005\025\033");
	pty_until(p, "Enter its walk");
	quit(p);
}

static void test_bytes(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	trace(p, "bytes", "");
	if (traces(p)) {
		pty_until(p, "\\x1b[2J\\x1b]0;title\\x07\\xff\\x80 \\u202e and \\0 NUL");
		pty_until(p, "ended with 0");
		pty_until(p, "Enter its walk");
	}
	quit(p);
}

// A program that never stops writing waits for nobody, and nobody for it.
static void test_flood(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	trace(p, "binds", "");
	if (traces(p)) {
		pty_until(p, "ended with 3");
		trace(p, "floods", held);
		pty_until(p, "0123456789 abcdef");
		pty_until(p, "EADDRNOTAVAIL");
		trace(p, "binds", ""); // one at a time
		pty_until(p, "is still traced");
		pty_type(p, "\005\025\r");
		pty_until(p, "Enter its walk");
		pty_type(p, "X");
		pty_until(p, "ended by :trace stop");
		assert_false(is_held());
		trace(p, "binds", ""); // and the next one
		pty_until(p, "ended with 3");
	}
	quit(p);
}

static void test_resize(void **state)
{
	(void)state;
	static const int sizes[][2] = {{10, 40}, {18, 60}, {24, 80}, {36, 120}, {60, 200}, {24, 80}};
	struct pty *p = start_lab(24, 80);
	trace(p, "stays", held);
	if (traces(p)) {
		pty_until(p, "EADDRNOTAVAIL");
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			pty_resize(p, sizes[i][0], sizes[i][1]);
			pty_until(p, "Enter its walk");
			pty_until(p, "EADDRNOTAVAIL");
			pty_type(p, "\r");
			pty_until(p, "Enter details");
			pty_type(p, "\033");
			pty_until(p, "Enter its walk");
		}
	}
	quit(p);
	expect_ended();
}

// A key that quits, and signals: what it runs ends as well.
static void test_ends(void **state)
{
	(void)state;
	static const int signals[] = {SIGTERM, SIGHUP, SIGSEGV, SIGKILL};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct pty *p = start_lab(24, 80);
		trace(p, "stays", held);
		if (traces(p)) {
			pty_until(p, "EADDRNOTAVAIL");
			assert_true(is_held());
		}
		kill(p->child, signals[i]);
		pty_wait(p);
		if (signals[i] != SIGKILL)
			pty_expect_restored(p);
		pty_close(p);
		expect_ended();
	}
}

// The command line, as ssh -t starts it: where the terminal hangs up, the leader of its session is told alone.
static void test_hangs_up(void **state)
{
	(void)state;
	char *const argv[] = {program, "trace", "--", self, "stays", held, NULL};
	int status = 0, master;
	pid_t ended = 0, pid = forkpty(&master, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (pid == 0) {
		execv(program, argv);
		_exit(99);
	}
	while (!ended && !is_held()) {
		usleep(LOOK_MS * 1000);
		ended = waitpid(pid, &status, WNOHANG);
	}
	close(master);
	if (ended) { // no trace here
		assert_int_equal(WEXITSTATUS(status), 4);
		return;
	}
	alarm(PATIENCE_S); // ends this test
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
	expect_ended();
}

static volatile sig_atomic_t asked_to_end;

// Both may come at once, in any order.
static void ask(int sig)
{
	asked_to_end |= sig == SIGUSR2;
}

// Binds whenever it is asked to.
static pid_t begin_running(void)
{
	struct sigaction act = {.sa_handler = ask};
	sigset_t blocked, before;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		quiet = true;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); // where Yama wants it
		sigaction(SIGUSR1, &act, NULL);
		sigaction(SIGUSR2, &act, NULL);
		while (!asked_to_end) {
			sigsuspend(&before);
			bind_to(DOCUMENTED);
		}
		_exit(7);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static void test_attached(void **state)
{
	(void)state;
	char line[64];
	int status;
	pid_t pid = begin_running();
	struct pty *p = start_lab(24, 80);
	snprintf(line, sizeof line, ":trace -p %d\r", pid);
	pty_type(p, line);
	if (traces(p)) {
		pty_until(p, " runs");
		for (; !pty_shows(p, "EADDRNOTAVAIL"); pty_listen(p, LOOK_MS))
			kill(pid, SIGUSR1);
		pty_type(p, ":trace stop\r");
		pty_until(p, "let go");
		pty_type(p, line);
		pty_until(p, " runs");
	}
	quit(p);
	kill(pid, SIGUSR1);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	kill(pid, SIGUSR2);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),     cmocka_unit_test(test_words),    cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_flood),    cmocka_unit_test(test_resize),   cmocka_unit_test(test_ends),
		cmocka_unit_test(test_attached), cmocka_unit_test(test_hangs_up),
	};
	if (argc > 1)
		be_program(argv[1], argc > 2 ? argv[2] : "");
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n <= 0)
		return 99;
	snprintf(held, sizeof held, "/tmp/bindwalk-held-%d", getpid());
	int failed = pty_lab_run(tests, sizeof tests / sizeof *tests);
	unlink(held);
	return failed;
}
