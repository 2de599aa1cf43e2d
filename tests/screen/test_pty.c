// SPDX-License-Identifier: GPL-3.0-or-later
// The program end to end, in a private lab, on a pseudo-terminal.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/change.h"
#include "core/lab.h"
#include "tests/screen/pty.h"

enum { READ_MS = 200 }; // longer than what is too soon for an answer

static char program[512];
static char home[] = "/tmp/bindwalk-pty-XXXXXX";

static struct pty *start_lab(int rows, int cols)
{
	const char *argv[] = {program, "lab", NULL};
	struct pty *p = pty_start(rows, cols, "xterm-256color", argv);
	pty_until(p, "· lab");
	pty_until(p, "192.0.2.2"); // the host is read
	return p;
}

// The prompt is closed: until then a key would be taken for Alt and that key, as it comes right after Escape. Pictures come in
// parts, so neither line of them tells it alone.
static void until_main_screen(struct pty *p)
{
	pty_until_gone(p, "address:");
	pty_until(p, "n/p step");
}

static void end_normally(struct pty *p)
{
	int status = pty_wait(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	pty_expect_restored(p);
	pty_close(p);
}

static void quit(struct pty *p)
{
	pty_type(p, "q");
	end_normally(p);
}

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
	pty_until(p, "refused for real: agrees");
	pty_type(p, "f");
	pty_until(p, "because this socket has IP_FREEBIND");
	pty_until(p, "predicted");
	pty_type(p, "b");
	pty_until(p, "bound for real: agrees");
	pty_type(p, "f3\033[H\033[B\033[B\033[B\033[B\033[B "); // the switch of the namespace
	pty_until(p, "sysctl -w net.ipv4.ip_nonlocal_bind=1");
	pty_until(p, "[x] v4 nonlocal");
	pty_type(p, "b");
	pty_until(p, "bound for real: agrees");
	pty_until(p, "OK  192.168.123.123");
	// IPv6 has its own: refused, and for real.
	pty_type(p, "a2001:db8:123::1\r");
	pty_until(p, "bind tcp6 [2001:db8:123::1]:0");
	pty_type(p, "b");
	pty_until(p, "refused for real: agrees");
	pty_until(p, "EADDRNOTAVAIL");
	quit(p);
}

// What keys do not have is typed: changes, their undo, lists; an error stays at the prompt, with the cursor at the word.
static void test_commands(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":ip route add locl 192.168.123.0/24 dev lo\r");
	pty_until(p, "did you mean local?");
	pty_until(p, ":ip route add locl 192.168.123.0/24 dev lo");
	pty_type(p, "\033[C\033[C\033[Ca\r"); // from the word's beginning to its hole
	pty_until(p, "done: ip route add local 192.168.123.0/24 dev lo; :undo takes it back");
	pty_until(p, "Any-IP");
	pty_type(p, ":route del local 192.168.124.0/24 dev nix\r");
	pty_until(p, "no interface is called 'nix' here");
	pty_until(p, ":route del local 192.168.124.0/24 dev nix"); // as the session finds, so it can be mended
	pty_type(p, "\033");
	pty_until_gone(p, ":route del");
	pty_type(p, ":show rules\r");
	pty_until(p, "Output: show rules");
	pty_until(p, "32766: from all lookup main IPv4");
	pty_type(p, ":undo\r");
	pty_until(p, "1 change taken back");
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, ":compare\r");
	pty_until(p, "sysctl nonlocal");
	pty_type(p, ":bind 127.0.0.1 8080\r");
	pty_until(p, "bound for real: agrees"); // the walk is back in its place
	pty_type(p, ":expect refused\r");
	pty_until(p, "expected refused, found ok");
	pty_type(p, ":key F5 help bind\r");
	pty_type(p, "\033[15~");
	pty_until(p, "Output: help bind");
	pty_type(p, "q"); // closes it
	pty_until_gone(p, "Output:");
	quit(p);
}

// With --edit each change of a host is asked about, and only a yes makes it. (The host is a lab that it knows nothing of.)
static void test_edit(void **state)
{
	(void)state;
	const char *argv[] = {program, "lab", "--", program, "--edit", "192.168.123.123", NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	pty_until(p, "192.0.2.2");
	pty_until(p, "· edit");
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "Change this host: ip route add local 192.168.123.0/24 dev lo?");
	pty_type(p, "\r"); // no yes
	pty_until(p, "not changed");
	// A paste that the terminal does not mark answers nothing.
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\ry");
	pty_until(p, "taken for no");
	pty_type(p, ":route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "Change this host:");
	pty_until_gone(p, "Any-IP");
	pty_until(p, "· edit ");
	pty_listen(p, READ_MS);
	pty_type(p, "y");
	pty_until(p, "Any-IP");
	pty_until(p, "· edit · 1 change ");
	pty_type(p, "b");
	pty_until(p, "bound for real: agrees");
	// What the kernel has against a change is told to its end.
	pty_type(p, ":route add 203.0.113.0/24 via 100.64.0.1\r");
	pty_until(p, "Change this host: ip route add 203.0.113.0/24 via 100.64.0.1?");
	pty_listen(p, READ_MS);
	pty_type(p, "y");
	pty_until(p, "has invalid gateway");
	pty_type(p, ":undo\r");
	pty_until(p, "1 change taken back");
	pty_until_gone(p, "edit · 1 change");
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, ":compare live\r");
	pty_until(p, "in a lab only");
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
	pty_listen(p, READ_MS);
	pty_type(p, "y");
	pty_until(p, "Any-IP");
	assert_int_equal(bind_to("192.168.123.123"), 0);
}

// After SIGKILL the next start tells of what is left, and with --edit offers to take it back. (In test_edit_ended's lab.)
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
	pty_until(p, "1 change of an earlier run is still in force here");
	quit(p);
	for (int take_back = 0; take_back <= 1; take_back++) {
		assert_int_equal(bind_to("192.168.123.123"), 0);
		p = start_edit();
		pty_until(p, "ip route add local 192.168.123.0/24 dev lo");
		pty_until(p, "Take it back?");
		pty_type(p, take_back ? "y\r" : "\r");
		pty_until(p, take_back ? "EADDRNOTAVAIL" : "Any-IP");
		quit(p);
	}
	assert_int_equal(bind_to("192.168.123.123"), EADDRNOTAVAIL);
}

// What was changed of a host does not outlive the explorer, however it is ended. (Moves into a lab, so it comes last but one.)
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

// The user's config sets what it can, and what is wrong in it is told with its place.
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
	pty_until(p, "config:3:1: bind does something");
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
	pty_until(p, "bound for real: agrees");
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
	pty_resize(p, 10, 50);
	pty_until(p, "This screen is 50x10;");
	pty_until(p, "60x18 is needed.");
	// While a line is typed, too.
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

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 }; // its handler runs after ours, and may end the process in its own way
#else
enum { SANITIZED = 0 };
#endif

static void ends_by(int sig)
{
	struct pty *p = start_lab(24, 80);
	kill(p->child, sig);
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

static void test_signals(void **state)
{
	(void)state;
	ends_by(SIGTERM);
	ends_by(SIGHUP);
	ends_by(SIGINT);
}

static void test_crash(void **state)
{
	(void)state;
	ends_by(SIGSEGV);
	ends_by(SIGABRT);
	ends_by(SIGBUS);
	ends_by(SIGQUIT);
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
	pty_type(p, "\003y");
	end_normally(p);
}

static void test_prompt(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "aé界");
	pty_until(p, "address: é界");
	pty_until_cursor(p, 22, 13);
	pty_type(p, "\r");
	pty_until(p, "is no address");
	pty_until(p, "address: é界");
	pty_type(p, "\025192.0.2.\t");
	pty_until(p, "192.0.2.255"); // the two that begin so
	pty_type(p, "\r");           // what both begin with is an address too
	pty_until(p, "bind tcp4 192.0.2.2:0");
	// A link-local address by its scope.
	pty_type(p, "afe80:\t");
	pty_until(p, "address: fe80::2%eth0");
	pty_type(p, "\033");
	until_main_screen(p);
	// The history outlives the program, and is for the user alone.
	quit(p);
	p = start_lab(24, 80);
	pty_type(p, "a\033[A");
	pty_until(p, "address: 192.0.2.2");
	pty_type(p, "\033");
	until_main_screen(p);
	quit(p);
	char path[600];
	struct stat st;
	snprintf(path, sizeof path, "%s/.local/state/bindwalk/history", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

// `run -` on a terminal: a shell for those who want no full screen.
static void test_shell(void **state)
{
	(void)state;
	const char *argv[] = {program, "run", "--lab", "-", NULL};
	struct pty *p = pty_start(24, 100, "xterm-256color", argv);
	pty_until(p, "bindwalk (lab)> ");
	assert_false(p->alternate);
	pty_type(p, "route add locl 10.0.0.0/8\r");
	pty_until(p, "did you mean local?");
	assert_true(pty_shows(p, "anycast,")); // whole, though the line is too long
	pty_until(p, "            ^");         // under the word, where the line stands again
	pty_type(p, "route add loc\t10.0.0.0/8 dev l\t\r");
	pty_until(p, "ip route add local 10.0.0.0/8 dev lo");
	pty_type(p, "nonsense\003"); // gives the line up, and nothing else
	pty_type(p, "bind 10.1.2.3\r");
	pty_until(p, "OK  10.1.2.3 is local by the Any-IP route");
	pty_type(p, "\022rout"); // searches
	pty_until(p, "(reverse-i-search)`rout'");
	pty_type(p, "\007\025quit\r");
	end_normally(p);
}

// A script waits where somebody watches it.
static void test_script_waits(void **state)
{
	(void)state;
	char path[128];
	snprintf(path, sizeof path, "%s/script", home);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs("ask Will it bind?\nbind 127.0.0.1\npause\nexpect ok", f);
	fclose(f);
	const char *argv[] = {program, "run", path, NULL};
	struct pty *p = pty_start(24, 100, "xterm-256color", argv);
	pty_until(p, "Will it bind?");
	pty_until(p, "[Enter]");
	assert_false(pty_shows(p, "127.0.0.1"));
	pty_type(p, "\r");
	pty_until(p, "OK  127.0.0.1 is local");
	assert_false(pty_shows(p, "as expected"));
	pty_type(p, "\r");
	pty_until(p, "as expected: ok");
	end_normally(p);
}

// What an inputrc says, for this test.
static void write_inputrc(const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/inputrc", home);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	setenv("INPUTRC", path, 1);
}

static void test_inputrc(void **state)
{
	(void)state;
	// Only what is meant for us: other programs' lines are skipped.
	write_inputrc("$if bindwalk\n\"\\C-g\": \"10.7.\"\n$endif\n$if bash\n\"\\C-g\": \"no\"\n$endif\n");
	struct pty *p = start_lab(24, 80);
	pty_type(p, "a\a8.9");
	pty_until(p, "address: 10.7.8.9");
	pty_type(p, "\r");
	pty_until(p, "bind tcp4 10.7.8.9:0");
	quit(p);
	setenv("INPUTRC", "/dev/null", 1);
}

static void test_vi_mode(void **state)
{
	(void)state;
	write_inputrc("set editing-mode vi\n");
	struct pty *p = start_lab(24, 80);
	pty_type(p, "a10.0.0.9");
	pty_until(p, "address: 10.0.0.9");
	pty_type(p, "\033"); // to movement, and the prompt stays
	pty_until_cursor(p, 22, 17);
	pty_type(p, "0x"); // not the pane's keys
	pty_until(p, "address: 0.0.0.9");
	pty_type(p, "i3\033A\r");
	pty_until(p, "bind tcp4 30.0.0.9:0");
	// Its search, in the way that readline survives.
	pty_type(p, "a");
	pty_until(p, "address:");
	pty_type(p, "\033");
	pty_until_cursor(p, 22, 10);
	pty_type(p, "/.9");
	pty_until(p, "(reverse-i-search)`.9': 30.0.0.9");
	pty_type(p, "\003");
	pty_until_gone(p, "search");
	quit(p);
	setenv("INPUTRC", "/dev/null", 1);
}

static void test_search(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":say w\303\266rtlich \347\225\214\r"); // "wörtlich 界"
	pty_until(p, "w\303\266rtlich \347\225\214");
	pty_type(p, ":say something else\r");
	pty_until(p, "something else");
	pty_type(p, ":\022w\303\266");
	pty_until(p, "(reverse-i-search)`w\303\266': say w\303\266rtlich \347\225\214");
	pty_type(p, "\005!"); // to its end: the search is over
	pty_until(p, ":say w\303\266rtlich \347\225\214!");
	pty_until_cursor(p, 22, 18);
	pty_type(p, "\033");
	pty_until_gone(p, ":say");
	// Given up inside of a search, the next prompt is an empty one.
	pty_type(p, ":\022else");
	pty_until(p, "`else'");
	pty_type(p, "\033");
	pty_until_gone(p, "`else'");
	pty_type(p, ":");
	pty_until_cursor(p, 22, 2);
	assert_false(pty_shows(p, "else"));
	pty_type(p, "\003");
	quit(p);
}

static void test_completion(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":rou\t");
	pty_until(p, ":route ");
	pty_type(p, "d\t192.0.2.0\t");
	pty_until(p, ":route del 192.0.2.0/24 ");
	pty_type(p, "dev e\t");
	pty_until(p, ":route del 192.0.2.0/24 dev eth0 ");
	pty_type(p, "\025set reuse\t");
	pty_until(p, "reuseaddr  reuseport");
	pty_type(p, "p\t");
	pty_until(p, ":set reuseport ");
	pty_type(p, "\r");
	pty_until(p, "reuseport");
	quit(p);
}

// The history goes where XDG_STATE_HOME says; where nothing can be written, only its keeping is lost.
static void test_history(void **state)
{
	(void)state;
	char path[600];
	struct stat st;
	snprintf(path, sizeof path, "%s/state", home);
	setenv("XDG_STATE_HOME", path, 1);
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":say kept\r");
	pty_until(p, "kept");
	quit(p);
	snprintf(path, sizeof path, "%s/state/bindwalk/history", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	setenv("XDG_STATE_HOME", "/dev/null/state", 1); // no folder, for root neither
	p = start_lab(24, 80);
	pty_type(p, ":say lost\r");
	pty_until(p, "lost");
	pty_type(p, ":say more\r:\033[A\033[A");
	pty_until(p, ":say lost");
	pty_type(p, "\033");
	pty_until_gone(p, ":say lost");
	quit(p);
	unsetenv("XDG_STATE_HOME");
}

// Thousands of pasted characters are drawn once, not one by one.
static void test_long_paste(void **state)
{
	(void)state;
	enum { PASTED = 3000 };
	char text[PASTED + 32] = ":\033[200~";
	size_t at = strlen(text);
	struct pty *p = start_lab(24, 80);
	while (pty_listen(p, 200) > 0) // the lab's own last changes
		;
	for (int i = 0; i < PASTED; i++)
		text[at++] = (char)(i % 50 == 49 ? 'q' : '0' + i % 10);
	strcpy(text + at, "\033[201~");
	size_t before = p->received;
	pty_type(p, text);
	pty_until(p, "45678q");
	pty_until_cursor(p, 22, 77);
	// Two screens' worth: had each character been drawn, it would be a hundred of them.
	assert_in_range(p->received - before, 70, 4000);
	pty_type(p, "\001");
	pty_until(p, ":0123456789");
	pty_type(p, "\033");
	pty_until_gone(p, ":0123");
	quit(p);
}

static void test_paste(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033[200~q\rb\033[201~");
	pty_until(p, "pasted text is not taken for keys");
	assert_true(pty_shows(p, "predicted"));
	pty_type(p, "a\033[200~10.9.8.7\n\033[201~");
	pty_until(p, "address: 10.9.8.7");
	pty_type(p, "\r");
	pty_until(p, "bind tcp4 10.9.8.7:0");
	quit(p);
}

// A sequence that nobody knows does nothing, least of all what its letters would do.
static void test_unknown_sequences(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033[999z");
	pty_until(p, "this key does nothing here");
	pty_type(p, "\033[1;5:3q?");
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
	pty_until(p, "Enter explain"); // the walk has the focus
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
	struct pty *p = start_lab(24, 80);
	if (!add_address(p, "192.168.123.123"))
		skip();
	pty_until(p, "192.168.123.123/24");
	pty_until(p, "RTN_LOCAL: yes");
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

static long wakeups(pid_t pid)
{
	char path[64], line[128];
	long n = -1;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
			break;
	if (f)
		fclose(f);
	return n;
}

// Without anything to do it neither wakes up nor writes.
static void test_idle(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "n");
	while (pty_listen(p, 200) > 0) // the lab's own last changes
		;
	long before = wakeups(p->child);
	assert_int_equal(pty_listen(p, 500), 0);
	assert_int_equal(wakeups(p->child), before);
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
	refused_terminal("dumb", "can't move the cursor");
	refused_terminal("no-such-terminal", "is not known");
}

// May a lab be made here at all? Asked in a child.
static bool can_make_labs(char *why, size_t len)
{
	int pipes[2], status;
	ssize_t n;
	if (pipe(pipes) < 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		int err = lab_enter(why, len);
		if (err < 0 && write(pipes[1], why, strlen(why)) < 0)
			_exit(2);
		_exit(err < 0);
	}
	close(pipes[1]);
	n = read(pipes[0], why, len - 1);
	why[n > 0 ? n : 0] = '\0';
	close(pipes[0]);
	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(void)
{
	const char *dir = getenv("top_builddir");
	char why[512] = "";
	snprintf(program, sizeof program, "%s/bindwalk", dir ? dir : ".");
	if (!can_make_labs(why, sizeof why)) {
		printf("1..0 # SKIP no lab: %s\n", why);
		return 77;
	}
	if (!mkdtemp(home))
		return 99;
	static const char *const cleared[] = {"NO_COLOR", "COLORTERM", "COLORFGBG",      "LINES",           "COLUMNS",
					      "ESCDELAY", "TERMINFO",  "XDG_STATE_HOME", "BINDWALK_OPTIONS"};
	for (size_t i = 0; i < sizeof cleared / sizeof cleared[0]; i++)
		unsetenv(cleared[i]);
	setenv("HOME", home, 1);
	setenv("INPUTRC", "/dev/null", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start_and_quit), cmocka_unit_test(test_story),
		cmocka_unit_test(test_commands),       cmocka_unit_test(test_edit),
		cmocka_unit_test(test_settings),       cmocka_unit_test(test_type_ahead),
		cmocka_unit_test(test_resize),         cmocka_unit_test(test_too_small_at_start),
		cmocka_unit_test(test_suspend),        cmocka_unit_test(test_signals),
		cmocka_unit_test(test_crash),          cmocka_unit_test(test_hangup),
		cmocka_unit_test(test_interrupt_asks), cmocka_unit_test(test_prompt),
		cmocka_unit_test(test_shell),          cmocka_unit_test(test_script_waits),
		cmocka_unit_test(test_inputrc),        cmocka_unit_test(test_vi_mode),
		cmocka_unit_test(test_search),         cmocka_unit_test(test_completion),
		cmocka_unit_test(test_history),        cmocka_unit_test(test_long_paste),
		cmocka_unit_test(test_paste),          cmocka_unit_test(test_unknown_sequences),
		cmocka_unit_test(test_mouse),          cmocka_unit_test(test_live_change),
		cmocka_unit_test(test_idle),           cmocka_unit_test(test_poor_terminals),
		cmocka_unit_test(test_edit_ended),     cmocka_unit_test(test_edit_killed),
	};
	int failed = cmocka_run_group_tests_name("pty", tests, NULL, NULL);
	nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return failed;
}
