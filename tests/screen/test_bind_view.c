// SPDX-License-Identifier: GPL-3.0-or-later
// The view of binds with the kernel: what a program in another network does shows while it happens. Where this kernel
// or user cannot watch, the view says why, and that is all there is to see.
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/pty_lab.h"

static char name[16]; // of the program that binds, which no other has

static void bind_to(uint32_t address)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 && address == INADDR_ANY)
		_exit(1);
	close(fd);
}

// Without any route there is no table local, and then each address binds.
static bool set_lo_up(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool done = ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
	close(fd);
	return done;
}

// Binds in a network of its own, again and again: one that is refused, and one that succeeds.
static pid_t begin_binding(void)
{
	enum { DOCUMENTED = 0xcb007109, PAUSE_US = 2000 }; // 203.0.113.9
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		if (unshare(CLONE_NEWNET) < 0 || !set_lo_up())
			_exit(1);
		for (;; usleep(PAUSE_US)) {
			bind_to(DOCUMENTED);
			bind_to(INADDR_ANY);
		}
	}
	return pid;
}

static void end_binding(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

// Opens the view. False: nothing can be watched here.
static bool watches(struct pty *p)
{
	pty_type(p, "B");
	pty_until(p, "Binds · ");
	pty_until_gone(p, "attaching");
	if (!pty_shows(p, "not possible here"))
		return true;
	pty_until(p, "Binds cannot be watched here: ");
	print_message("no watch: see bindwalk --version\n");
	return false;
}

static void type_filter(struct pty *p)
{
	char filter[32];
	snprintf(filter, sizeof filter, "/%s\r", name);
	pty_type(p, filter);
}

static void test_seen(void **state)
{
	(void)state;
	char text[64];
	struct pty *p = start_lab(24, 100);
	if (watches(p)) {
		pty_until(p, "whole host");
		pid_t pid = begin_binding();
		type_filter(p);
		snprintf(text, sizeof text, "EADDRNOTAVAIL %s", name);
		pty_until(p, text);
		assert_false(pty_shows(p, " bound "));
		pty_type(p, " "); // those that succeed as well
		snprintf(text, sizeof text, "bound         %s", name);
		pty_until(p, text);
		pty_type(p, " ");
		pty_until_gone(p, text);
		pty_type(p, "\r");
		snprintf(text, sizeof text, "Bind of %s", name);
		pty_until(p, text);
		pty_type(p, "b"); // is about another one
		pty_until(p, "u makes it yours");
		pty_type(p, ":view explore\r");
		pty_until(p, "Local routes");
		pty_type(p, "B"); // it has gone on, and what was open is
		pty_until(p, text);
		pty_type(p, ":back\r"); // shows all rows again
		pty_until(p, "whole host");
		pty_type(p, ":back\r");
		pty_until_gone(p, text);
		end_binding(pid);
		pty_type(p, ":watch off\r");
		pty_until(p, "· off");
		pty_type(p, ":watch all\r");
		pty_until(p, "· all");
	}
	quit(p);
}

// While it attaches, and at once when it has.
static void test_quit(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "Bq");
	end_normally(p);
	p = start_lab(24, 80);
	watches(p);
	quit(p);
}

// From the smallest screen to a large one, while rows come.
static void test_resize(void **state)
{
	(void)state;
	static const int sizes[][2] = {{10, 40}, {18, 60}, {24, 80}, {36, 120}, {60, 200}, {24, 80}};
	struct pty *p = start_lab(24, 80);
	if (watches(p)) {
		pid_t pid = begin_binding();
		type_filter(p);
		pty_until(p, name);
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			pty_resize(p, sizes[i][0], sizes[i][1]);
			pty_until(p, "Enter its walk");
			pty_until(p, "EADDRNOTAVAIL");
		}
		end_binding(pid);
	}
	quit(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_quit),
		cmocka_unit_test(test_resize),
	};
	snprintf(name, sizeof name, "bw%d", getpid());
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
