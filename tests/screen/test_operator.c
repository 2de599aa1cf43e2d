// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer on a busy host, end to end, on a pseudo-terminal: how many keys an operator needs.
#include <stdio.h>
#include <string.h>

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
	for EACH_SIZE {
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
	for EACH_SIZE {
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
		cmocka_unit_test(test_furnish),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_hidden),
	};
	return pty_lab_run(tests, sizeof tests / sizeof tests[0]);
}
