// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer end to end, in a private lab, on a pseudo-terminal.
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "tests/screen/pty_lab.h"

static void test_start_and_quit(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	assert_true(p->alternate);
	assert_false(p->cursor_visible);
	pty_until(p, "bind tcp4 192.168.123.123:0");
	pty_until(p, "EADDRNOTAVAIL");
	pty_until(p, "Predicted. Enter binds for real.");
	quit(p);
}

static void test_story(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\r");
	pty_until(p, "refused (live), as predicted");
	pty_type(p, "f");
	pty_until(p, "because this socket has IP_FREEBIND");
	pty_until(p, "predicted");
	pty_type(p, "b");
	pty_until(p, "bound (live), as predicted");
	pty_type(p, "f\033OS\033[H\033[B\033[B\033[B "); // the switch of the namespace
	pty_until(p, "sysctl -w net.ipv4.ip_nonlocal_bind=1");
	pty_until(p, "[x] nonlocal_bind v4");
	pty_type(p, "b");
	pty_until(p, "bound (live), as predicted");
	pty_until(p, "OK  192.168.123.123");
	// IPv6 has its own: refused, and for real.
	pty_type(p, "a2001:db8:123::1\r");
	pty_until(p, "bind tcp6 [2001:db8:123::1]:0");
	pty_type(p, "b");
	pty_until(p, "refused (live), as predicted");
	pty_until(p, "EADDRNOTAVAIL");
	quit(p);
}

// What keys do not have is typed: changes, their undo, lists; an error stays at the prompt, with the cursor at the
// word.
static void test_commands(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":ip route add locl 192.168.123.0/24 dev lo\r");
	pty_until(p, "did you mean local?");
	pty_until(p, ":ip route add locl 192.168.123.0/24 dev lo");
	pty_type(p, "\033[C\033[C\033[Ca\r"); // from the word's beginning to its hole
	pty_until(p, "done: ip route add local 192.168.123.0/24 dev lo; :undo reverts it");
	pty_until(p, "Any-IP");
	pty_type(p, ":route del local 192.168.124.0/24 dev nix\r");
	pty_until(p, "interface 'nix'");
	pty_until(p, ":route del local 192.168.124.0/24 dev nix"); // as the session finds, so it can be mended
	pty_type(p, "\033");
	pty_until_gone(p, ":route del");
	pty_type(p, ":show rules\r");
	pty_until(p, "Output: show rules");
	pty_until(p, "32766: from all lookup main IPv4");
	pty_type(p, ":undo\r");
	pty_until(p, "1 change undone");
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, ":compare\r");
	pty_until(p, "ip_nonlocal_bind");
	pty_type(p, ":bind 127.0.0.1 8080\r");
	pty_until(p, "bound (live), as predicted"); // the walk is back in its place
	pty_type(p, ":expect refused\r");
	pty_until(p, "expected refused, found ok");
	pty_type(p, ":key F5 help bind\r");
	pty_type(p, "\033[15~");
	pty_until(p, "Output: help bind");
	pty_type(p, "q"); // closes it
	pty_until_gone(p, "Output:");
	quit(p);
}

// Keys add, delete and toggle, without a command's name.
static void test_change_keys(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033OR+");
	pty_until(p, ":route add local 192.168.123.0/24 dev lo");
	pty_type(p, "\r");
	pty_until(p, "done: ip route add local 192.168.123.0/24 dev lo; :undo reverts it");
	pty_until(p, "RTN_LOCAL: accepted");
	pty_type(p, "/192.168\r");
	pty_until(p, "/192.168 1 of 10");
	pty_type(p, "-");
	pty_until(p, "done: ip route del local 192.168.123.0/24 dev lo");
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, "U");
	pty_until(p, "1 change undone");
	pty_until(p, "RTN_LOCAL: accepted");
	pty_type(p, "\033");
	pty_until_gone(p, "/192.168");
	pty_type(p, "\033OQ/192.0\r+");
	pty_until(p, ":address add 192.168.123.123/32 dev eth0");
	pty_type(p, "\025address add dev eth0 198.51.100.7/24\r");
	pty_until(p, "done: ip address add 198.51.100.7/24 dev eth0");
	pty_type(p, "\033");
	pty_until_gone(p, "/192.0");
	pty_type(p, "G-"); // fe80::2 is the last one
	pty_until(p, "done: ip address del fe80::2/64 dev eth0");
	pty_type(p, "L");
	pty_until(p, ":link add");
	pty_type(p, "dum0 type veth peer dum1\r");
	pty_until(p, "done: ip link add dum0");
	pty_type(p, "/dum0\rg");
	pty_until(p, "dum0 veth        DOWN");
	pty_type(p, " ");
	pty_until(p, "done: ip link set dum0 up");
	quit(p);
}

// The user's config sets what it can, and what is wrong in it is reported with its place.
static void test_settings(void **state)
{
	(void)state;
	char path[128];
	snprintf(path, sizeof path, "%s/.config", home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/.config/bindwalk", home);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/.config/bindwalk/config", home);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs("# mine\nset freebind 1\nbind 127.0.0.1\nkey F5 compare\n", f);
	fclose(f);
	struct pty *p = start_lab(24, 80);
	pty_until(p, "config:3:1: bind ");
	pty_until(p, "[x] IP_FREEBIND");
	pty_type(p, "\033[15~");
	pty_until(p, "Output: compare");
	pty_type(p, "q");
	pty_until_gone(p, "Output:");
	quit(p);
	unlink(path);
}

// Many commands in one write: all are taken, in order.
static void test_type_ahead(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "fa198.51.100.7:5353\rub");
	pty_until(p, "bind udp4 198.51.100.7:5353 freebind");
	pty_until(p, "bound (live), as predicted");
	quit(p);
}

static void test_resize(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_resize(p, 36, 120);
	pty_until(p, "Step 7 of 11");
	pty_resize(p, 50, 200);
	pty_until(p, "Local routes · merged with main");
	pty_resize(p, 9, 50);
	pty_until(p, "This screen is 50x9;");
	pty_until(p, "40x10");
	// While a line is typed as well.
	pty_resize(p, 24, 80);
	pty_type(p, "a10.1");
	pty_until(p, "address: 10.1");
	pty_resize(p, 30, 100);
	pty_until(p, "Socket");
	pty_type(p, ".2.3\r");
	pty_until(p, "bind tcp4 10.1.2.3:0");
	quit(p);
}

static void test_too_small_at_start(void **state)
{
	(void)state;
	const char *argv[] = {program, "lab", NULL};
	struct pty *p = pty_start(8, 40, "xterm-256color", argv);
	pty_until(p, "This screen is 40x8;");
	quit(p);
}

static void test_suspend(void **state)
{
	(void)state;
	char script[700];
	snprintf(script, sizeof script, "set -m; '%s' lab; echo stopped $?; read line; fg >/dev/null; echo ended $?",
		 program);
	const char *argv[] = {"sh", "-c", script, NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	pty_until(p, "192.0.2.2");
	pty_type(p, "\032");
	pty_until(p, "stopped 14"); // 128 + SIGTSTP, or SIGSTOP's number: as the shell counts
	pty_expect_restored(p);
	pty_type(p, "\n");
	pty_until(p, "192.0.2.2");
	pty_until(p, "model+asked"); // the kernel was asked as at the start
	assert_true(p->alternate);
	pty_type(p, "f");
	pty_until(p, "because this socket has IP_FREEBIND");
	// And from inside the prompt.
	pty_type(p, "a1.2");
	pty_until(p, "address: 1.2");
	pty_type(p, "\033");
	until_main_screen(p);
	pty_type(p, "q");
	pty_until(p, "ended 0");
	end_normally(p);
}

static void test_hangup(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	close(p->master);
	p->master = -1;
	int status = pty_wait(p);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGHUP);
	pty_close(p);
}

static void test_interrupt_asks(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\003");
	pty_until(p, "Quit Bindwalk?");
	pty_type(p, "n");
	pty_until_gone(p, "Quit Bindwalk?");
	pty_type(p, "a\003");
	pty_until_gone(p, "address:");
	pty_type(p, "\003");
	pty_until(p, "Quit Bindwalk?");
	say_yes(p);
	end_normally(p);
}

// A sequence that nobody knows does nothing, least of all what its letters would do.
static void test_unknown_sequences(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033[999z");
	pty_until(p, "this key does nothing here");
	pty_type(p, "\033[1;5:3q\033OP");
	pty_until(p, "Can this socket bind to that address?");
	pty_type(p, "\033");
	pty_until_gone(p, "Can this socket bind");
	pty_type(p, "\033[B\033OB"); // both forms of the key
	quit(p);
}

static void test_mouse(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033[<0;10;14M\033[<0;10;14m");
	pty_until(p, "Space details"); // the walk has the focus
	pty_type(p, "m");
	pty_until(p, "mouse off");
	quit(p);
}

// Gives the lab's eth0 an address from outside of the program. False where its namespace can't be entered.
static bool add_address(struct pty *p, const char *address)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		char path[64];
		struct changer *c;
		struct addr a;
		snprintf(path, sizeof path, "/proc/%d/ns/user", (int)p->child);
		int user = open(path, O_RDONLY | O_CLOEXEC);
		snprintf(path, sizeof path, "/proc/%d/ns/net", (int)p->child);
		int net = open(path, O_RDONLY | O_CLOEXEC);
		setns(user, CLONE_NEWUSER); // refused where it is our own already
		if (net < 0 || setns(net, CLONE_NEWNET) < 0)
			_exit(77);
		addr_parse(address, &a);
		if (change_open(&c) < 0 || change_addr_add(c, "eth0", &a, 24, 0, UINT32_MAX, NULL) < 0)
			_exit(1);
		change_close(c);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		return false;
	assert_int_equal(WEXITSTATUS(status), 0);
	return true;
}

// A change in the kernel shows at once, without a key, and while a line is typed.
static void test_live_change(void **state)
{
	(void)state;
	struct pty *p = start_lab(36, 120);
	if (!add_address(p, "192.168.123.123"))
		skip();
	pty_until(p, "192.168.123.123/24");
	pty_until(p, "RTN_LOCAL: accepted");
	pty_until(p, "OK  192.168.123.123");
	pty_type(p, ":bind 10.1");
	pty_until(p, ":bind 10.1");
	assert_true(add_address(p, "198.51.100.77"));
	pty_until(p, "198.51.100.77/24");
	assert_true(pty_shows(p, ":bind 10.1"));
	pty_type(p, ".2.3\r");
	pty_until(p, "bind tcp4 10.1.2.3:0");
	quit(p);
}

static long task_wakeups(const char *path)
{
	char line[128];
	long n = -1;
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
			break;
	if (f)
		fclose(f);
	return n;
}

// Of all its threads.
static long wakeups(pid_t pid)
{
	char pattern[64];
	glob_t tasks;
	long sum = 0;
	snprintf(pattern, sizeof pattern, "/proc/%d/task/*/status", (int)pid);
	assert_int_equal(glob(pattern, 0, NULL, &tasks), 0);
	for (size_t i = 0; i < tasks.gl_pathc; i++)
		sum += task_wakeups(tasks.gl_pathv[i]);
	globfree(&tasks);
	return sum;
}

// Without anything to do it neither wakes up nor writes.
static void test_idle(void **state)
{
	(void)state;
	// It looks every two seconds for a while after a key: a time without a look must be longer.
	enum { QUIET_MS = 3000, TRIES = 60 };
	struct pty *p = start_lab(60, 200); // with every pane
	pty_type(p, "n");
	// The lab's own last changes, and a machine that holds either of us up, may come into one such time, but not
	// into all.
	for (int i = 0;; i++) {
		assert_true(i < TRIES);
		long before = wakeups(p->child);
		assert_true(before > 0);
		if (pty_listen(p, QUIET_MS) == 0 && wakeups(p->child) == before)
			break;
	}
	quit(p);
}

static void refused_terminal(const char *term, const char *why)
{
	const char *argv[] = {program, "lab", NULL};
	struct pty *p = pty_start(24, 120, term, argv);
	pty_until(p, why);
	pty_until(p, "bindwalk explain");
	int status = pty_wait(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 4);
	pty_expect_restored(p);
	pty_close(p);
}

static void test_poor_terminals(void **state)
{
	(void)state;
	refused_terminal("dumb", "cannot move the cursor");
	refused_terminal("no-such-terminal", "is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start_and_quit), cmocka_unit_test(test_story),
		cmocka_unit_test(test_commands),       cmocka_unit_test(test_change_keys),
		cmocka_unit_test(test_settings),       cmocka_unit_test(test_type_ahead),
		cmocka_unit_test(test_resize),         cmocka_unit_test(test_too_small_at_start),
		cmocka_unit_test(test_suspend),        cmocka_unit_test(test_hangup),
		cmocka_unit_test(test_interrupt_asks), cmocka_unit_test(test_unknown_sequences),
		cmocka_unit_test(test_mouse),          cmocka_unit_test(test_live_change),
		cmocka_unit_test(test_idle),           cmocka_unit_test(test_poor_terminals),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
