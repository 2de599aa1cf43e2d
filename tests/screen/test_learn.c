// SPDX-License-Identifier: GPL-3.0-or-later
// Learning at the real screen: the walk is covered and uncovered by keys, a prediction is asked for, judged and
// counted, and text keeps to the width of its terminal.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screen/pty_lab.h"

static struct pty *start(int rows, int cols)
{
	struct pty *p = start_lab(24, 80); // which waits for a pane that a small screen leaves out
	pty_resize(p, rows, cols);
	pty_type(p, "\033[15~"); // F5, the walk
	pty_until(p, "Space details");
	return p;
}

static void expect_hidden(struct pty *p)
{
	static const char *const words[] = {"EADDRNOTAVAIL", "EADDRINUSE", "RTN_",     "IP_FREEBIND on",
					    "ip route add",  "Predicted",  "predicted"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (pty_shows(p, words[i]))
			fail_msg("the covered screen shows %s", words[i]);
}

// Nothing of the answer is on the screen until it is uncovered, also after a real bind and a change from elsewhere.
static void cover_at(int rows, int cols)
{
	struct pty *p = start(rows, cols);
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, "c");
	pty_until_gone(p, "EADDRNOTAVAIL");
	pty_until(p, "Covered: will this bind succeed?");
	expect_hidden(p);
	pty_type(p, "\r"); // for real
	pty_until(p, "stays covered");
	expect_hidden(p);
	pty_type(p, "nnn");
	pty_until(p, "AF_INET, 16 bytes");
	expect_hidden(p);
	pty_type(p, "nn");
	pty_until(p, "classify     no route i");
	pty_type(p, "nn");
	pty_until(p, "RTN_UNICAST: refused");
	assert_true(pty_shows(p, "Covered:"));
	pty_type(p, "n");
	pty_until(p, "EADDRNOTAVAIL  192.168.123.123");
	pty_type(p, "f"); // another question
	pty_until(p, "Covered: will this bind succeed?");
	assert_false(pty_shows(p, "IP_FREEBIND = 1"));
	pty_type(p, "c");
	pty_until(p, "OK  192.168.123.123");
	quit(p);
}

static void test_cover(void **state)
{
	(void)state;
	cover_at(24, 80);
}

static void test_cover_small(void **state)
{
	(void)state;
	cover_at(18, 60);
}

// With a second walk, events and details beside it.
static void test_cover_wide(void **state)
{
	(void)state;
	cover_at(60, 200);
}

// The room answers; the key that ends the answer binds nothing.
static void ask_at(int rows, int cols)
{
	struct pty *p = start(rows, cols);
	pty_until(p, "EADDRNOTAVAIL");
	pty_type(p, "A");
	pty_until(p, "Will this bind succeed?");
	expect_hidden(p);
	pty_type(p, "\r");
	pty_until(p, "that is not an answer");
	pty_type(p, "y");
	pty_until(p, "NOT QUITE. You said it binds");
	pty_until(p, "(predicted)");
	pty_type(p, "\r");
	pty_until_gone(p, "NOT QUITE");
	assert_false(pty_shows(p, "(live)"));
	pty_type(p, "b"); // now it is meant
	pty_until(p, cols < 60 ? "syscall" : "(live)");
	pty_type(p, "A");
	pty_until(p, "(0 of 1");
	pty_type(p, "7x");
	pty_until(p, "RIGHT. You said step 7");
	pty_until(p, "kernel");
	pty_until(p, "of 2");
	pty_type(p, "f");
	pty_until(p, "Covered:");
	pty_type(p, "A");
	pty_until(p, "(1 of 2");
	pty_type(p, "y");
	pty_until(p, "of 3");
	quit(p);
}

static void test_ask(void **state)
{
	(void)state;
	ask_at(24, 80);
}

static void test_ask_small(void **state)
{
	(void)state;
	ask_at(10, 40);
}

// A script's question, typed: it covers the answer, and Enter does not bind.
static void test_ask_text(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":ask What happens next?\r");
	pty_until(p, "y binds");
	pty_until(p, "What happens next?");
	expect_hidden(p);
	pty_type(p, "\r");
	pty_until(p, "that is not an answer");
	expect_hidden(p);
	pty_type(p, "n");
	pty_until(p, "RIGHT.");
	pty_until(p, "(predicted)");
	quit(p);
}

// What somebody changes from elsewhere is a new question, and does not tell.
static void test_changes(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "cnn");
	pty_until(p, "LSM, cgroup BPF");
	pty_type(p, ":ip route add local 192.168.123.0/24 dev lo\r");
	pty_until(p, "1 change");
	pty_until_gone(p, "LSM, cgroup BPF");
	assert_false(pty_shows(p, "now binds"));
	assert_false(pty_shows(p, "OK  192"));
	pty_type(p, ":show walk\r");
	pty_until(p, "the cover is off");
	pty_type(p, "q"); // closes what was shown
	pty_until(p, "Predicted. Enter binds");
	quit(p);
}

// The walk's pane binds as the socket's does, and has its details on x and Space.
static void test_walk_keys(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033[15~"); // F5
	pty_until(p, "Space details");
	pty_type(p, "\r");
	pty_until(p, "= refused (live), as predicted");
	pty_type(p, "n");
	pty_until(p, "\xe2\x96\xb8\xe2\x9c\x93  1 socket"); // the story begins at its beginning
	pty_type(p, " ");
	pty_until(p, "May this process create such a socket?");
	pty_type(p, "q"); // closes them
	pty_until(p, "Space details");
	quit(p);
}

// Text on a terminal keeps to its width, and breaks between words.
static void test_width(void **state)
{
	(void)state;
	static const struct {
		int cols;
		const char *line;
	} cases[] = {
		{40, "Exit status: 0 the bind succeeds, 1 it  "},
		{60, "Exit status: 0 the bind succeeds, 1 it is refused, 2 the    "},
		{100,
		 "Exit status: 0 the bind succeeds, 1 it is refused, 2 the request is wrong, 3 model and kernel       "}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const argv[] = {program, "run", "--help", NULL};
		struct pty *p = pty_start(60, cases[i].cols, "xterm-256color", argv);
		pty_until(p, "More: bindwalk help");
		pty_until(p, cases[i].line);
		pty_wait(p);
		pty_close(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cover),   cmocka_unit_test(test_cover_small), cmocka_unit_test(test_cover_wide),
		cmocka_unit_test(test_ask),     cmocka_unit_test(test_ask_small),   cmocka_unit_test(test_ask_text),
		cmocka_unit_test(test_changes), cmocka_unit_test(test_walk_keys),   cmocka_unit_test(test_width),
	};
	return pty_lab_run(tests, sizeof tests / sizeof tests[0]);
}
