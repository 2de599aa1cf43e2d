// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer on a busy host, end to end, on a pseudo-terminal: how many keys an operator needs.
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/command/lab_make.h"
#include "tests/screen/busy_host.h"
#include "tests/screen/pty_lab.h"

enum { MOST_KEYS = 15 };

static unsigned pressed;

// Types keys; a sequence that begins with Escape and [ or O is one of them.
static void press(struct pty *p, const char *keys)
{
	for (const char *at = keys; *at; pressed++) {
		size_t n = 1;
		if (at[0] == '\033' && (at[1] == '[' || at[1] == 'O'))
			n = 2 + strcspn(at + 2, "~ABCDFHPQRS") + 1;
		at += n;
	}
	pty_type(p, keys);
}

#define F2 "\033OQ"
#define F3 "\033OR"

static struct pty *start(int rows, int cols, const char *option)
{
	const char *argv[] = {program, option, NULL};
	struct pty *p = pty_start(rows, cols, "xterm-256color", argv);
	pty_until(p, "192.0.2.2");
	pty_until_gone(p, "· reading");
	pressed = 0;
	return p;
}

static void expect_few_keys(void)
{
	if (pressed > MOST_KEYS)
		fail_msg("%u keys", pressed);
}

static const struct {
	int rows, cols;
} sizes[] = {{24, 80}, {36, 120}};

#define EACH_SIZE (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)

// A VIP that the host does not have is typed, refused, and added after a question that shows the command.
static void test_absent(void **state)
{
	(void)state;
	for
		EACH_SIZE
		{
			struct pty *p = start(sizes[i].rows, sizes[i].cols, "--edit");
			press(p, "a\025" VIP_ABSENT "\r");
			pty_until(p, VIP_ABSENT " is not an address of this host");
			press(p, "4");
			pty_until(p, "Change this host: ip route add local " VIP_ABSENT " dev lo?");
			pty_until_asking(p);
			press(p, "y");
			pty_until(p, "done: ip route add local " VIP_ABSENT " dev lo");
			pty_until(p, "RTN_LOCAL: accepted");
			expect_few_keys();
			quit(p);
		}
}

// One that a route hides is found among two hundred addresses.
static void test_hidden(void **state)
{
	(void)state;
	for
		EACH_SIZE
		{
			struct pty *p = start(sizes[i].rows, sizes[i].cols, "--edit");
			press(p, F2 "/.200\r");
			pty_until(p, "/.200 1 of ");
			press(p, "\r");
			pty_until(p, "EADDRNOTAVAIL");
			press(p, "1");
			pty_until(p, "Change this host: ip route del unreachable " VIP_HIDDEN);
			pty_until_asking(p);
			press(p, "y");
			pty_until(p, "RTN_LOCAL: accepted");
			expect_few_keys();
			quit(p);
		}
}

// One whose port somebody has is found among the sockets; what would stop the holder can be copied.
static void test_taken(void **state)
{
	char pid[32];
	(void)state;
	snprintf(pid, sizeof pid, "kill %d", (int)getpid());
	for
		EACH_SIZE
		{
			struct pty *p = start(sizes[i].rows, sizes[i].cols, "--edit");
			press(p, "K/:443\r");
			pty_until(p, "/:443 1 of 40");
			press(p, "\r");
			pty_until(p, "Port 443 is held by another socket");
			pty_until(p, "1 bind to port 0");
			pty_until_asking(p);
			press(p, "2");
			pty_until(p, pid);
			pty_until(p, "Nothing was changed");
			expect_few_keys();
			press(p, "q"); // what was shown
			pty_until_gone(p, "Nothing was changed");
			quit(p);
		}
}

static bool binds(const char *text)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(inet_pton(AF_INET, text, &sa.sin_addr), 1);
	bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0;
	close(fd);
	return bound;
}

// Without --edit the command is shown so that it can be copied, and nothing is changed; on the smallest screens as
// well. An option of the socket is set all the same.
static void test_read_only(void **state)
{
	static const struct {
		int rows, cols;
	} small[] = {{24, 80}, {18, 60}, {10, 40}};
	(void)state;
	for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
		const char *argv[] = {program, VIP_ABSENT, NULL};
		struct pty *p = pty_start(small[i].rows, small[i].cols, "xterm-256color", argv);
		pty_until(p, "EADDRNOTAVAIL");
		pty_until_waiting(p);
		press(p, "4");
		pty_until(p, "read-only");
		pty_until(p, "ip route add local " VIP_ABSENT " dev lo");
		pty_until_waiting(p);
		assert_false(binds(VIP_ABSENT));
		press(p, "q");
		pty_until_gone(p, "ip route add local");
		press(p, "1");
		pty_until(p, "IP_FREEBIND");
		pty_until(p, "done:");
		quit(p);
	}
}

// No is an answer; and a remedy is applied after the question only.
static void test_refused(void **state)
{
	(void)state;
	struct pty *p = start(24, 80, "--edit");
	press(p, "a\025" VIP_ABSENT "\r");
	pty_until(p, "EADDRNOTAVAIL");
	press(p, "4");
	pty_until(p, "Change this host:");
	answer(p, "n");
	pty_until(p, "not changed");
	assert_false(binds(VIP_ABSENT));
	press(p, "9");
	pty_until(p, "the remedies are 1 to ");
	quit(p);
}

// In a lab a change is made at once, and undone by one key; one of two commands as well.
static void test_lab(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	press(p, "4");
	pty_until(p, "done: ip route add local 192.168.123.123 dev lo; :undo reverts it");
	pty_until(p, "RTN_LOCAL: accepted");
	press(p, "U");
	pty_until(p, "1 change undone");
	pty_until(p, "EADDRNOTAVAIL");
	press(p, ":sysctl -w net.ipv6.conf.lo.disable_ipv6=1\r");
	pty_until(p, "done: sysctl -w net.ipv6.conf.lo.disable_ipv6=1");
	press(p, ":sysctl -w net.ipv6.conf.eth0.disable_ipv6=1\r");
	pty_until(p, "done: sysctl -w net.ipv6.conf.eth0.disable_ipv6=1");
	press(p, "a\0252001:db8::77\r");
	pty_until(p, "IPv6 is off on eth0");
	pty_until(p, "1 sysctl -w net.ipv6.conf.eth0.disable_ipv6=0, and ip ");
	pty_until_asking(p); // a remedy that came without a key must have been read
	press(p, "1");
	pty_until(p, "one :undo reverts it");
	pty_until(p, "4 changes");
	press(p, "U");
	pty_until(p, "2 changes undone, 2 left");
	pty_until(p, "IPv6 is off on eth0");
	quit(p);
}

// What is on the screen is found, in one pane or in all; lists sort; link-local rows go.
static void test_lists(void **state)
{
	(void)state;
	struct pty *p = start(24, 80, "--edit");
	press(p, F2 "/veth DOWN");
	pty_until(p, "/veth DOWN 2 of ");
	pty_until(p, "backup0 veth");
	press(p, "\r\033");
	pty_until_gone(p, "/veth");
	press(p, "&docker0");
	pty_until(p, "/docker0 3 of ");
	pty_until(p, "172.17.0.1   docker0 kernel");
	pty_until(p, "in all panes");
	press(p, "\r");
	pty_until_gone(p, "in all panes");
	press(p, "\033");
	pty_until_gone(p, "/docker0");
	press(p, "O");
	pty_until(p, "Interfaces by name");
	pty_until(p, "· by name");
	press(p, "H");
	pty_until(p, "link-local addresses and routes are hidden");
	pty_until(p, "name, 2");
	press(p, "O");
	pty_until(p, "Interfaces by state");
	pty_until(p, "DOWN");
	press(p, F3 "O");
	pty_until(p, "Local routes by device");
	press(p, "OO");
	pty_until(p, "Local routes by table");
	quit(p);
}

// All that follows takes place in this process's lab.
static void test_furnish(void **state)
{
	char err[LAB_ERROR];
	(void)state;
	assert_int_equal(lab_enter(err, sizeof err), 0);
	busy_host_make();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_furnish), cmocka_unit_test(test_absent),    cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_taken),   cmocka_unit_test(test_read_only), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lists),   cmocka_unit_test(test_lab),
	};
	return pty_lab_run(tests, sizeof tests / sizeof tests[0]);
}
