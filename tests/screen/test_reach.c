// SPDX-License-Identifier: GPL-3.0-or-later
// How near the answers are: how many keys it takes to see a refusal, its proof and a success, and to walk through the
// whole story of Any-IP, on screens of every size.
#include <stdio.h>
#include <string.h>

#include "tests/screen/pty_lab.h"

#define F2 "\033OQ"
#define F3 "\033OR"
#define F5 "\033[15~"

static const struct {
	int rows, cols;
} sizes[] = {{10, 40}, {18, 60}, {24, 80}, {30, 100}, {36, 120}, {45, 160}, {60, 200}};

#define EACH_SIZE (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)

static unsigned presses;

// The keys of one step: a sequence is one key.
static void press(struct pty *p, const char *keys)
{
	pty_type(p, keys);
	for (const char *k = keys; *k; k++) {
		if (*k == '\033')
			k += strcspn(k, "QRS~");
		presses++;
	}
}

static struct pty *open_lab(int rows, int cols)
{
	const char *argv[] = {program, "lab", NULL};
	struct pty *p = pty_start(rows, cols, "xterm-256color", argv);
	presses = 0;
	pty_until(p, "EADDRNOTAVAIL  192.168.123.123"); // and nothing was pressed
	return p;
}

// What shows on that screen that the socket was really bound: the smaller it is, the less of the result has room.
static const char *proof(size_t i, const char *got, bool walk)
{
	bool seen = sizes[i].cols < 60 && walk;
	return sizes[i].cols >= 80 ? got : seen ? "syscall" : "= Bound as predicted";
}

// No key to the refusal with its reason, one to the proof, two more to a success, which is proven as well.
static void test_first_keys(void **state)
{
	(void)state;
	for
		EACH_SIZE
		{
			struct pty *p = open_lab(sizes[i].rows, sizes[i].cols);
			pty_until(p, "▸✗  7 acceptable");
			pty_until(p, "✗ 11 result");
			if (sizes[i].rows > 10)
				pty_until(p, "1 set IP_FREEBIND on the socket");
			press(p, "\r");
			pty_until(p, sizes[i].rows > 10 ? "as predicted" : "syscall");
			assert_int_equal(presses, 1);
			press(p, "f");
			pty_until(p, "OK  192.168.123.123");
			press(p, "\r");
			pty_until(p, proof(i, "got 192.168.123.123", true));
			assert_int_equal(presses, 3);
			quit(p);
		}
}

// The story that the README tells, its addresses typed.
static void test_story(void **state)
{
	(void)state;
	for
		EACH_SIZE
		{
			struct pty *p = open_lab(sizes[i].rows, sizes[i].cols);
			press(p, "b");
			pty_until(p, "192.168.123.123");
			press(p, F3 "+");
			pty_until(p, "192.168.123.0/24 dev lo");
			press(p, "\r");
			pty_until(p, "OK  192.168.123.123");
			press(p, "b");
			pty_until(p, proof(i, "got 192.168.123.123", false));
			press(p, "a");
			pty_until(p, "address: ");
			press(p, "2001:db8:123::1\r");
			pty_until(p, "EADDRNOTAVAIL  2001:db8:123::1");
			press(p, "b+");
			pty_until(p, "2001:db8:123::/64 dev lo");
			press(p, "\r");
			pty_until(p, "done: ip ");
			press(p, "b");
			pty_until(p, "IPv6 bind does not"); // look at routes
			press(p, "f");
			pty_until(p, "OK  2001:db8:123::1");
			press(p, "b");
			pty_until(p, proof(i, "got [2001:db8:123::1]", false));
			if (presses > 45)
				fail_msg("%dx%d: the story takes %u keys", sizes[i].cols, sizes[i].rows, presses);
			quit(p);
		}
	printf("the story takes %u keys\n", presses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_keys),
		cmocka_unit_test(test_story),
	};
	return pty_lab_run(tests, sizeof tests / sizeof tests[0]);
}
