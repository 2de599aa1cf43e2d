// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer with --edit end to end, on a pseudo-terminal. (The host is a lab that it knows nothing of.)
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/command/lab_make.h"
#include "tests/screen/pty_lab.h"

// With --edit each change of a host is asked about, and only a yes makes it. (The host is a lab that it knows nothing
// of.)
static void test_edit(void **state)
{
	(void)state;
	const char *argv[] = {program, "lab", "--", program, "--edit", "192.168.123.123", NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	pty_until(p, "192.0.2.2");
	pty_until(p, "· edit");
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "Change this host: ip route add local 192.168.123.0/24 dev lo?");
	answer(p, "\r"); // no yes
	pty_until(p, "not changed");
	// A paste that the terminal does not mark answers nothing.
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\ry");
	pty_until(p, "nothing was changed");
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "Change this host:");
	pty_until_gone(p, "Any-IP");
	pty_until(p, "· edit ");
	say_yes(p);
	pty_until(p, "Any-IP");
	pty_until(p, "· edit · 1 change ");
	pty_type(p, "b");
	pty_until(p, "bound (live), as predicted");
	// The kernel's reason against a change is shown in full.
	pty_type(p, ":route add 203.0.113.0/24 via 100.64.0.1\r");
	pty_until(p, "Change this host: ip route add 203.0.113.0/24 via 100.64.0.1?");
	say_yes(p);
	pty_until(p, "has invalid gateway");
	pty_type(p, ":undo\r");
	pty_until(p, "1 change undone");
	pty_until_gone(p, "edit · 1 change");
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, ":compare live\r");
	pty_until(p, "needs a lab");
	quit(p);
}

static int bind_to(const char *text)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(inet_pton(AF_INET, text, &sa.sin_addr), 1);
	int err = bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0 ? errno : 0;
	close(fd);
	return err;
}

static struct pty *start_edit(void)
{
	const char *argv[] = {program, "--edit", "192.168.123.123", NULL};
	return pty_start(24, 80, "xterm-256color", argv);
}

static void make_anyip(struct pty *p)
{
	pty_until(p, "192.0.2.2");
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "Change this host:");
	say_yes(p);
	pty_until(p, "Any-IP");
	assert_int_equal(bind_to("192.168.123.123"), 0);
}

// After SIGKILL the next start reports the changes left, and with --edit offers to undo them. (In test_edit_ended's
// lab.)
static void test_edit_killed(void **state)
{
	(void)state;
	const char *argv[] = {program, "192.168.123.123", NULL};
	struct pty *p = start_edit();
	make_anyip(p);
	kill(p->child, SIGKILL);
	pty_wait(p);
	pty_close(p);
	p = pty_start(24, 100, "xterm-256color", argv);
	pty_until(p, "1 change of an earlier run is still there");
	quit(p);
	for (int take_back = 0; take_back <= 1; take_back++) {
		assert_int_equal(bind_to("192.168.123.123"), 0);
		p = start_edit();
		pty_until(p, "ip route add local 192.168.123.0/24 dev lo");
		pty_until(p, "Undo them?");
		answer(p, take_back ? "y\r" : "\r");
		pty_until(p, take_back ? "EADDRNOTAVAIL" : "Any-IP");
		quit(p);
	}
	assert_int_equal(bind_to("192.168.123.123"), EADDRNOTAVAIL);
}

// Changes of a host do not outlive the explorer, however it ends. (Moves into a lab, so it comes last
// but one.)
static void test_edit_ended(void **state)
{
	(void)state;
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT, 0};
	char err[LAB_ERROR];
	assert_int_equal(lab_enter(err, sizeof err), 0);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct pty *p = start_edit();
		make_anyip(p);
		int sig = signals[i] ? signals[i] : SIGHUP;
		if (signals[i] == 0) { // the terminal goes away, and its shell tells so as well
			close(p->master);
			p->master = -1;
		}
		kill(p->child, sig);
		kill(p->child, sig);
		int status = pty_wait(p);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), sig);
		if (signals[i])
			pty_expect_restored(p);
		pty_close(p);
		assert_int_equal(bind_to("192.168.123.123"), EADDRNOTAVAIL);
	}
}

static void until_edit_shell(struct pty *p)
{
	pty_until_cursor(p, -1, (int)strlen("bindwalk (edit)> "));
}

// Output is stopped, and the program has something to write.
static void expect_ended_and_undone(struct pty *p, const char *keys, int sig)
{
	pty_until_waiting(p); // else what it still draws would keep it from reading
	pty_stop_output(p);
	pty_type(p, keys);
	pty_until_taken(p);
	kill(p->child, sig);
	p->unread = true;
	int status = pty_wait(p);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), sig);
	pty_expect_restored(p);
	pty_close(p);
	assert_int_equal(bind_to("192.168.123.123"), EADDRNOTAVAIL);
}

// Nor does a terminal that takes nothing hold its undo up. (In test_edit_ended's lab.)
static void test_edit_unread(void **state)
{
	(void)state;
	static const int signals[] = {SIGTERM, SIGUSR1, SIGHUP};
	static const char *const keys[] = {"\014", "q", ":route del local 192.168.123.0/24 dev lo\r"};
	const char *argv[] = {program, "run", "--edit", "-", NULL};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct pty *p = start_edit();
		make_anyip(p);
		expect_ended_and_undone(p, keys[i], signals[i]);
	}
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct pty *p = pty_start(24, 80, "xterm-256color", argv);
		until_edit_shell(p);
		pty_type(p, "route add local 192.168.123.0/24 dev lo\r");
		pty_until(p, "[y/N]");
		say_yes(p);
		pty_type(p, "\r");
		until_edit_shell(p);
		assert_int_equal(bind_to("192.168.123.123"), 0);
		expect_ended_and_undone(p, i ? "help bind\r" : "x", signals[i]);
	}
}

// So it is for a script. (In test_edit_ended's lab.)
static void test_edit_script_unread(void **state)
{
	(void)state;
	char path[128];
	snprintf(path, sizeof path, "%s/script", home);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs("route add local 192.168.123.0/24 dev lo\npause\nhelp bind\n", f);
	fclose(f);
	const char *argv[] = {program, "run", "--edit", "--yes", path, NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	pty_until(p, "[Enter]");
	assert_int_equal(bind_to("192.168.123.123"), 0);
	expect_ended_and_undone(p, "\r", SIGTERM);
}

// A signal while it asks is not yes. (In test_edit_ended's lab.)
static void test_ended_while_asking(void **state)
{
	(void)state;
	char path[128], typed[] = "-";
	snprintf(path, sizeof path, "%s/script", home);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs("route add local 192.168.123.0/24 dev lo\nbind 192.168.123.123\n", f);
	fclose(f);
	for (int shell = 0; shell <= 1; shell++) {
		const char *argv[] = {program, "run", "--edit", shell ? typed : path, NULL};
		struct pty *p = pty_start(24, 80, "xterm-256color", argv);
		if (shell) {
			until_edit_shell(p);
			pty_type(p, "route add local 192.168.123.0/24 dev lo\r");
		}
		pty_until(p, "[y/N]");
		pty_until_waiting(p);
		kill(p->child, SIGTERM);
		int status = pty_wait(p);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGTERM);
		pty_expect_restored(p);
		pty_close(p);
		assert_int_equal(bind_to("192.168.123.123"), EADDRNOTAVAIL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_edit_ended),
		cmocka_unit_test(test_edit_unread),
		cmocka_unit_test(test_edit_script_unread),
		cmocka_unit_test(test_ended_while_asking),
		cmocka_unit_test(test_edit_killed),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
