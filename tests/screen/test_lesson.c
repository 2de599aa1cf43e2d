// SPDX-License-Identifier: GPL-3.0-or-later
// Lessons in the explorer, in a real terminal: played to their ends by the keys that a person would press, judged by
// the kernel, left and returned to; and a step that is jumped to looks like the one on the straight path.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_state.h"
#include "core/observe/clock.h"
#include "tests/screen/pty_lab.h"

#define BACKSPACE "\177"

static struct pty *start(int rows, int cols, const char *name)
{
	const char *argv[] = {program, "lesson", name, NULL};
	struct pty *p = pty_start(rows, cols, "xterm-256color", argv);
	pty_until(p, "Lesson 1/");
	pty_settle(p);
	return p;
}

struct picture {
	char line[64][512];
	int rows;
};

static void take(struct pty *p, struct picture *out)
{
	char line[PTY_LINE];
	out->rows = p->rows;
	for (int y = 0; y < p->rows; y++) {
		pty_line(p, y, line);
		snprintf(out->line[y], sizeof out->line[y], "%.511s", line);
	}
}

static bool same(const struct picture *a, const struct picture *b)
{
	for (int y = 0; y < a->rows; y++)
		if (a->rows != b->rows || strcmp(a->line[y], b->line[y]) != 0)
			return false;
	return true;
}

// Each key shows something; the program sleeps also while it waits for the kernel.
static void press(struct pty *p, const char *keys)
{
	static struct picture before, now;
	take(p, &before);
	pty_type(p, keys);
	do {
		assert_true(pty_settle(p));
		take(p, &now);
	} while (same(&before, &now));
}

static void expect(struct pty *p, const char *text)
{
	if (!pty_shows(p, text))
		pty_until(p, text); // which shows the screen when it fails
}

// The line above the keys says what is waited for.
static bool waits_for(struct pty *p, const char *text)
{
	char line[PTY_LINE];
	pty_line(p, p->rows - 2, line);
	return strstr(line, text) != NULL;
}

static bool asks_letter(struct pty *p)
{
	return waits_for(p, "y binds") || waits_for(p, "y yes");
}

static const char *answer_of(struct pty *p, bool right)
{
	if (asks_letter(p))
		return right ? "y" : "n";
	if (waits_for(p, "choose the step"))
		return right ? "x" : "3x";
	return right ? "1" : "2";
}

// Plays to the end of the lesson; returns how many questions were asked.
static unsigned play(struct pty *p, bool right)
{
	enum { MOST = 400 };
	unsigned asked = 0;
	for (int i = 0; i < MOST; i++) {
		if (waits_for(p, "explores the lab"))
			return asked;
		bool asks = asks_letter(p) || waits_for(p, " · 2 ") || waits_for(p, "choose the step");
		asked += asks;
		assert_false(waits_for(p, "solution")); // of a challenge only
		if (asks)
			expect(p, "Covered: your prediction comes first.");
		press(p, asks ? answer_of(p, right) : "\r");
	}
	fail_msg("the lesson does not end");
	return 0;
}

static unsigned questions(const char *name)
{
	static struct lesson l;
	struct lesson_error error;
	const struct listed_lesson *listed = listed_lesson_find(name);
	unsigned n = 0;
	assert_non_null(listed);
	assert_int_equal(lesson_read(&l, name, listed->text, strlen(listed->text), NULL, &error), 0);
	for (unsigned i = 0; i < l.nitems; i++)
		n += l.items[i].kind == ITEM_ASK;
	lesson_free(&l);
	return n;
}

static void play_at(int rows, int cols, const char *name, bool right)
{
	struct pty *p = start(rows, cols, name);
	assert_int_equal(play(p, right), questions(name));
	expect(p, "You are through");
	expect(p, "Predictions:");
	expect(p, "Next: ");
	quit(p);
}

// Each lesson at one of the two sizes, and one of them at both.
static void test_play(void **state)
{
	(void)state;
	const struct listed_lesson *l;
	play_at(36, 120, "ipv6", true);
	for (size_t n = 0; (l = listed_lesson(n)) && l->kind == LESSON_CORE; n++)
		if (n % 2)
			play_at(18, 60, l->name, true);
		else
			play_at(36, 120, l->name, false);
}

// What differs from one bind or moment to another: ports that the kernel chooses, and times.
static void blur(char *line)
{
	for (char *at = line; *at; at++) {
		size_t n = *at == ':' ? strspn(at + 1, "0123456789") : 0;
		if (n == 5 || (n == 2 && at >= line + 2))
			memset(at - (n == 2 ? 2 : 0), '#', n == 2 ? 5 : 6);
	}
}

// The first line that differs, -1 for none.
static int differs(const struct picture *straight, const struct picture *now, char a[static 512], char b[static 512])
{
	for (int y = 0; y < now->rows; y++) {
		snprintf(a, 512, "%s", straight->line[y]);
		snprintf(b, 512, "%s", now->line[y]);
		blur(a);
		blur(b);
		if (strcmp(a, b) != 0)
			return y;
	}
	return -1;
}

static void expect_same(struct pty *p, const struct picture *straight, unsigned step)
{
	enum { ENOUGH_MS = 20000 };
	static struct picture now;
	char a[512], b[512];
	int y;
	assert_int_equal(straight->rows, p->rows);
	int64_t end = now_ms() + ENOUGH_MS;
	do {
		pty_settle(p);
		take(p, &now);
		y = differs(straight, &now, a, b);
	} while (y >= 0 && now_ms() < end);
	if (y >= 0)
		fail_msg("step %u, line %d, after a jump:\n%s\non the straight path:\n%s", step, y + 1, b, a);
}

// Every step, in an order that goes forward and back, looks as it did when it was come to step by step. Only the lesson
// and the walk are shown: when the kernel announces what belongs to an address is its own affair, and
// tests/live/test_lessons compares the host's state.
static void jump_at(int rows, int cols, const char *name)
{
	enum { STEPS = 16 };
	static struct picture straight[STEPS];
	struct pty *p = start(rows, cols, name);
	char text[32];
	unsigned n = 0;
	for (bool begins = true; !waits_for(p, "ends the lesson");) {
		assert_in_range(n, 0, STEPS - 1);
		if (begins)
			take(p, &straight[n++]);
		begins = waits_for(p, "goes on to step");
		press(p, waits_for(p, "Enter") ? "\r" : answer_of(p, true));
		snprintf(text, sizeof text, "Lesson %u/", n + begins);
		pty_until(p, text); // what was new on the screen may have been an event
		pty_settle(p);
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned step = (i * 5 + 3) % n;
		snprintf(text, sizeof text, ":lesson goto %u\r", step + 1);
		pty_type(p, text);
		snprintf(text, sizeof text, "Lesson %u/", step + 1);
		pty_until(p, text);
		expect_same(p, &straight[step], step + 1);
	}
	quit(p);
}

static void test_jump(void **state)
{
	(void)state;
	jump_at(18, 60, "ipv6");
}

// With tries that no undo would merge again.
static void test_jump_split(void **state)
{
	(void)state;
	jump_at(24, 100, "local-table");
}

// The answer that the kernel does not give is shown beside the step that decided.
static void wrong_at(int rows, int cols)
{
	struct pty *p = start(rows, cols, "ipv6");
	pty_type(p, "]]");
	pty_until(p, "Lesson 3/");
	pty_until(p, "Covered: your prediction comes first.");
	assert_false(pty_shows(p, "RTN_LOCAL"));
	pty_type(p, "\r"); // is no answer, nor goes on
	pty_until(p, "that is not an answer: y binds");
	pty_type(p, "y");
	pty_until(p, "You said: binds");
	expect(p, "Covered until the kernel answers.");
	assert_false(pty_shows(p, "EADDRNOTAVAIL"));
	pty_type(p, "\r");
	pty_until(p, "NOT QUITE: you said it binds;");
	pty_until(p, "▸✗ 13 address-list");
	if (rows >= 36)
		expect(p, "Step 13 of 15 · address-list");
	pty_type(p, BACKSPACE); // to the beginning of the step, and to the one before
	pty_until(p, "Covered: your prediction");
	pty_type(p, "n");
	pty_until(p, "You said: refused");
	pty_type(p, "\r");
	pty_until(p, "RIGHT: the kernel says EADDRNOTAVAIL.");
	pty_type(p, "p");
	pty_until(p, "Covered: your prediction");
	pty_type(p, "p");
	pty_until(p, "Lesson 2/");
	quit(p);
}

static void test_wrong_small(void **state)
{
	(void)state;
	wrong_at(18, 60);
}

static void test_wrong(void **state)
{
	(void)state;
	wrong_at(36, 120);
}

// Hints in three degrees, then the solution; the kernel checks, and any way will do.
static void test_challenge(void **state)
{
	(void)state;
	if (!listed_lesson_find("challenge-lo-down"))
		skip();
	struct pty *p = start(24, 80, "challenge-lo-down");
	pty_until(p, "lets the kernel check");
	pty_type(p, "T");
	pty_until(p, "the solution opens after success, or after the last hint");
	pty_type(p, "\r");
	pty_until(p, "not yet: expected ok, the kernel says EADDRNOTAVAIL");
	pty_type(p, "t");
	pty_until(p, "Hint 1:");
	pty_type(p, "t");
	pty_until(p, "Hint 2:");
	pty_type(p, "t");
	pty_until(p, "Hint 3:");
	assert_false(pty_shows(p, "A way to the goal"));
	pty_type(p, "t");
	pty_until(p, "there are no more hints");
	pty_type(p, "T");
	pty_until(p, "A way to the goal");
	assert_false(pty_shows(p, " 1 ip link set lo up")); // the remedy would be another solution
	pty_type(p, "\033");
	pty_until(p, "returns to the lesson");
	pty_until(p, "ip link set lo up"); // here it is the explorer's
	pty_type(p, "L");
	pty_until(p, "lets the kernel check");
	pty_type(p, ":ip link set lo up\r");
	pty_until(p, "1 change");
	pty_until(p, "▸●  5 classify");
	pty_type(p, "\r");
	pty_until(p, "Solved.");
	while (!waits_for(p, "ends the lesson"))
		press(p, "\r");
	press(p, "\r");
	pty_until(p, "You are through");
	pty_until(p, "plays the next one");
	press(p, "\r");
	pty_until(p, "Lesson 1/");
	assert_false(pty_shows(p, "You are through"));
	quit(p);
}

// Who breaks the lab of a lesson is told how to begin the step again; a remedy would tell what is asked later.
static void test_broken(void **state)
{
	(void)state;
	struct pty *p = start(60, 200, "freebind");
	press(p, "\r");
	pty_until(p, "goes on to step 2");
	assert_false(pty_shows(p, "set IP_FREEBIND"));
	pty_type(p, "\033");
	pty_until(p, "set IP_FREEBIND");
	pty_type(p, ":lesson goto 7\r");
	pty_until(p, "Lesson 7/");
	pty_type(p, ":port 443\r"); // which an ordinary user may not have
	pty_until(p, "203.0.113.10:443");
	press(p, "\r");
	pty_until(p, "not yet: expected ok");
	expect(p, "begins the step again");
	pty_type(p, BACKSPACE);
	pty_until(p, "203.0.113.10:8443");
	press(p, "\r");
	pty_until(p, "ends the lesson");
	quit(p);
}

// From anywhere in a lab: the lesson has a lab of its own, and what was done before is gone.
static void test_from_the_palette(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":ip route add local 198.51.100.0/24 dev lo\r");
	pty_until(p, "1 change");
	pty_type(p, "?lesson local-table\r");
	pty_until(p, "Lesson 1/");
	pty_until(p, "lab empty");
	pty_until_gone(p, "1 change");
	pty_type(p, ":lesson 1\r");
	pty_until_gone(p, "lab empty");
	expect(p, "Lesson 1/");
	quit(p);
}

// The learner may try things and come back, and the lesson is where it was.
static void test_leave(void **state)
{
	(void)state;
	struct pty *p = start(24, 80, "ipv6");
	press(p, "\r");
	pty_until(p, "goes on to step 2");
	pty_type(p, "\033");
	pty_until(p, "returns to the lesson");
	pty_until(p, "Interfaces");
	pty_type(p, "K");
	pty_until(p, "Sockets");
	pty_type(p, "L");
	pty_until(p, "Lesson 1/");
	expect(p, "$ ip route add local 192.168.123.0/24 dev lo");
	pty_type(p, "\t");
	pty_until(p, "eth0");
	expect(p, "Lesson 1/");
	pty_type(p, "L\r");
	pty_until(p, "Lesson 2/");
	pty_type(p, "?matrix\r");
	pty_until(p, "Matrix");
	pty_type(p, "\r");
	pty_until(p, "Lesson 2/");
	quit(p);
}

// A question survives a change of size and a question of another kind.
static void test_interrupted(void **state)
{
	(void)state;
	struct pty *p = start(36, 120, "ipv6");
	pty_type(p, "]]");
	pty_until(p, "Lesson 3/");
	pty_type(p, "\003");
	pty_until(p, "Quit Bindwalk?");
	answer(p, "n");
	pty_until_gone(p, "Quit Bindwalk?");
	expect(p, "y binds · n refused");
	pty_resize(p, 10, 40);
	pty_until(p, "3/9 The same bind");
	pty_until(p, "y binds · n refused");
	pty_resize(p, 60, 200);
	pty_until(p, "Events");
	expect(p, "Covered: your prediction comes first.");
	pty_type(p, "n");
	pty_until(p, "You said: refused");
	pty_type(p, "\003");
	pty_until(p, "Quit Bindwalk?");
	say_yes(p);
	end_normally(p);
}

// On the smallest screen the walk has all of it while its step is chosen; the question stays in sight.
static void test_step_tiny(void **state)
{
	(void)state;
	struct pty *p = start(36, 120, "ports");
	pty_type(p, ":lesson goto 3\r");
	pty_until(p, "Lesson 3/");
	pty_resize(p, 10, 40);
	pty_until(p, "? Which step will end it?");
	pty_type(p, "6");
	pty_until(p, "▸   6 privilege");
	expect(p, "? Which step will end it?");
	pty_type(p, "x");
	pty_until(p, "You said: step 6");
	quit(p);
}

// On a host nothing is played.
static void test_no_lab(void **state)
{
	(void)state;
	const char *argv[] = {program, NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	pty_until(p, "read-only");
	pty_type(p, ":lesson ipv6\r");
	pty_until(p, "lessons change the network, so they need a lab");
	pty_type(p, ":lesson ipf6\r");
	pty_until(p, "'ipf6' is neither a lesson nor a file; did you mean ipv6?");
	quit(p);
}

static void read_progress(char *buf, size_t len)
{
	char path[256];
	snprintf(path, sizeof path, "%s/.local/state/bindwalk/progress", home);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	buf[fread(buf, 1, len - 1, f)] = '\0';
	fclose(f);
}

// What was predicted is kept at once, with the kernel's answer.
static void test_progress(void **state)
{
	(void)state;
	static char text[1 << 16];
	struct pty *p = start(24, 80, "anyip");
	play(p, true);
	quit(p);
	read_progress(text, sizeof text);
	assert_non_null(strstr(text, " anyip begin"));
	assert_non_null(strstr(text, "question=1 said=binds was=EADDRNOTAVAIL judged=wrong"));
	assert_non_null(strstr(text, " anyip done"));
}

// Without a file the lesson goes on, and says so once.
static void test_no_progress(void **state)
{
	(void)state;
	static const char *const folders[] = {"state", "state/bindwalk", "state/bindwalk/progress"};
	char path[256];
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", home, folders[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	snprintf(path, sizeof path, "%s/state", home);
	setenv("XDG_STATE_HOME", path, 1);
	struct pty *p = start(24, 80, "ipv6");
	pty_until(p, "the lesson goes on");
	pty_type(p, "\r");
	pty_until(p, "goes on to step 2");
	pty_type(p, "]");
	pty_until(p, "Lesson 2/");
	assert_false(pty_shows(p, "the lesson goes on"));
	quit(p);
	unsetenv("XDG_STATE_HOME");
}

// Without a screen of its own: five questions, one after the other, each judged by a real bind.
static void test_review(void **state)
{
	(void)state;
	const char *argv[] = {program, "lesson", "review", NULL};
	char number[8];
	struct pty *p = pty_start(60, 100, "xterm-256color", argv);
	pty_until(p, "judged by real binds");
	pty_until(p, "? Will a socket bind to 127.9.9.9?");
	pty_type(p, "perhaps\r");
	pty_until(p, "'perhaps' is not one of the choices; expected one of them, or a number from 1 to 2");
	pty_type(p, "n\r");
	pty_until(p, "Wrong. You said refused; the answer is binds.");
	pty_until(p, "●  5 classify");
	for (int i = 2; i <= 5; i++) {
		snprintf(number, sizeof number, "\n%d. ", i);
		pty_until(p, number + 1);
		pty_type(p, "1\r");
	}
	pty_until(p, " of 5 right");
	end_normally(p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_review), // before anything is answered
		cmocka_unit_test(test_play),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_jump_split),
		cmocka_unit_test(test_wrong_small),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_challenge),
		cmocka_unit_test(test_from_the_palette),
		cmocka_unit_test(test_leave),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_step_tiny),
		cmocka_unit_test(test_no_lab),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_no_progress),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
