// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings in a real terminal: a lesson where no lab can be had, and a session that was written. Marked REPLAY, with
// the keys and questions of lessons; nothing is bound, asked or changed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/pty_lab.h"

#define RECORDED "this is a recording"

// A user namespace that may have no further network namespaces, as on systems that restrict them.
static struct pty *start_without_lab(int rows, int cols, const char *what, const char *of)
{
	const char *argv[] = {"unshare", "-Ur",   "sh", "-c", "echo 0 >/proc/sys/user/max_net_namespaces; exec \"$@\"",
			      "sh",      program, what, of,   NULL};
	return pty_start(rows, cols, "xterm-256color", argv);
}

static struct pty *start_replay(int rows, int cols, const char *file)
{
	const char *argv[] = {program, "replay", file, NULL};
	return pty_start(rows, cols, "xterm-256color", argv);
}

// Runs a script in a lab, which writes the session to a file of the home. Returns its path.
static const char *record(const char *script)
{
	static char path[64];
	char command[1024], text[64];
	snprintf(path, sizeof path, "%s/session.json", home);
	snprintf(text, sizeof text, "%s/session.bw", home);
	FILE *f = fopen(text, "w");
	assert_non_null(f);
	fprintf(f, "%s\nwrite %s session force\n", script, path);
	fclose(f);
	snprintf(command, sizeof command, "%s run --lab %s >/dev/null", program, text);
	assert_int_equal(system(command), 0);
	return path;
}

static void take(struct pty *p, char *out, size_t len)
{
	char line[PTY_LINE];
	size_t used = 0;
	for (int y = 0; y < p->rows && used < len; y++) {
		pty_line(p, y, line);
		used += (size_t)snprintf(out + used, len - used, "%s\n", line);
	}
}

// Enter goes on, and first to what is still to be read. Each one changes the screen.
static void enter_until(struct pty *p, const char *text)
{
	enum { MOST = 12 };
	static char before[1 << 15], now[1 << 15];
	for (int i = 0; i < MOST && !pty_shows(p, text); i++) {
		take(p, before, sizeof before);
		pty_type(p, "\r");
		do {
			assert_true(pty_settle(p));
			take(p, now, sizeof now);
		} while (strcmp(before, now) == 0 && !pty_shows(p, "not an answer"));
	}
	pty_until(p, text);
}

// Lesson 4, by the keys that its text asks for: as in a lab, but from what the kernel answered once.
static void play_lesson(int rows, int cols)
{
	struct pty *p = start_without_lab(rows, cols, "lesson", "ipv6");
	pty_until(p, "Lesson 1/");
	pty_until(p, "REPLAY IPv6 is different");
	pty_until(p, "because there is no lab"); // until a key
	enter_until(p, "goes on to step 2");
	pty_until(p, "Walk  REPLAY  bind tcp4 192.168.123.123:0");
	pty_type(p, "]");
	pty_until(p, "Lesson 2/");
	pty_type(p, "]");
	pty_until(p, "Lesson 3/");
	pty_until(p, "y binds");
	assert_false(pty_shows(p, "EADDRNOTAVAIL")); // covered
	pty_type(p, "y");
	pty_until(p, "Enter shows what it led to");
	enter_until(p, "NOT QUITE: you said it binds; the");
	pty_until(p, "Walk  REPLAY  bind tcp6 [2001:db8:123::1]:0");
	pty_type(p, "b");
	pty_until(p, RECORDED);
	quit(p);
}

static void test_lesson_small(void **state)
{
	(void)state;
	play_lesson(18, 60);
}

static void test_lesson(void **state)
{
	(void)state;
	play_lesson(36, 120);
}

// The next lesson comes from its own recording; a challenge has none.
static void test_other_lessons(void **state)
{
	(void)state;
	struct pty *p = start_without_lab(24, 80, "lesson", "1");
	pty_until(p, "REPLAY A refused bind");
	pty_type(p, ":lesson freebind\r");
	pty_until(p, "REPLAY A bind before the address");
	pty_until(p, "Lesson 1/");
	pty_type(p, ":lesson challenge-vip\r");
	pty_until(p, "challenge-vip cannot be played from a recording: it needs a lab");
	pty_type(p, ":lesson goto 3\r");
	pty_until(p, "Lesson 3/");
	quit(p);
}

static const char session[] = "lesson \"My session\"\n"
			      "step \"One\"\n"
			      "say Look at this.\n"
			      "ask Will it bind? [binds refused]\n"
			      "bind 192.168.123.123\n"
			      "route add local 192.168.123.0/24 dev lo\n"
			      "bind\n"
			      "step \"Two\"\n"
			      "set freebind\n"
			      "bind 203.0.113.9 80";

// A session that somebody wrote, frame by frame, on another machine: forward, back, and to another step.
static void test_session(void **state)
{
	(void)state;
	struct pty *p = start_replay(18, 60, record(session));
	pty_until(p, "REPLAY My session");
	pty_until(p, "Lesson 1/2 One");
	pty_until(p, "y binds");
	pty_type(p, "n");
	pty_until(p, "bind 192.168.123.123");
	pty_type(p, "\r");
	pty_until(p, "RIGHT: the recorded kernel says");
	pty_until(p, "route add local");
	enter_until(p, "bound, ADDR_ANYIP");
	pty_type(p, "]");
	pty_until(p, "Lesson 2/2 Two");
	pty_type(p, "\r");
	pty_until(p, "NONLOCAL_BY_FREEBIND");
	pty_until(p, "203.0.113.9:80 freebind");
	pty_type(p, "[");
	pty_until(p, "Lesson 1/2 One");
	pty_until(p, "y binds");
	quit(p);
}

// A lesson that was played in a lab is written with its words and what was answered, and is a lesson again.
static void test_written(void **state)
{
	(void)state;
	char line[128], path[64];
	snprintf(path, sizeof path, "%s/lesson.json", home);
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":lesson ipv6\r");
	pty_until(p, "Lesson 1/");
	pty_type(p, "]");
	pty_until(p, "Lesson 2/");
	pty_type(p, "]");
	pty_until(p, "y binds");
	pty_type(p, "y");
	pty_until_gone(p, "y binds");
	enter_until(p, "NOT QUITE: you said it binds; the kernel says");
	snprintf(line, sizeof line, ":write %s session\r", path);
	pty_type(p, line);
	pty_until(p, "session saved to");
	quit(p);
	p = start_replay(24, 80, path);
	pty_until(p, "REPLAY IPv6 is different");
	pty_until(p, "Lesson 1/3 One route, a whole prefix");
	pty_type(p, "]");
	pty_until(p, "Lesson 2/3");
	pty_type(p, "]");
	pty_until(p, "Lesson 3/3");
	pty_until(p, "Will a socket bind to 2001:db8:123::1?");
	pty_type(p, "n");
	pty_until_gone(p, "y binds");
	enter_until(p, "RIGHT: the recorded kernel says EADDRNOTAVAIL");
	quit(p);
}

// Whatever would bind, ask or change says in one line that it is a recording.
static void test_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {"bind",
					    "bind 127.0.0.1",
					    "listen",
					    "connect 192.0.2.1:80",
					    "undo",
					    "reset",
					    "keep",
					    "route add local 10.0.0.0/8 dev lo",
					    "compare live",
					    "show sockets",
					    "view sockets",
					    "witness on",
					    "check ok",
					    "link del eth0",
					    "sysctl net.ipv4.ip_forward 1"};
	char line[128];
	struct pty *p = start_replay(24, 80, record(session));
	pty_until(p, "y binds");
	pty_type(p, "n");
	pty_until(p, "bind 192.168.123.123");
	pty_type(p, "\r");
	pty_until(p, "RIGHT");
	pty_type(p, "\033");
	until_main_screen(p);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		snprintf(line, sizeof line, ":%s\r", lines[i]);
		pty_type(p, line);
		pty_until(p, RECORDED);
		pty_type(p, "\033"); // the prompt that the line came back to
		until_main_screen(p);
		pty_type(p, "j");
		pty_until_gone(p, RECORDED);
	}
	pty_type(p, "b");
	pty_until(p, RECORDED);
	snprintf(line, sizeof line, ":write %s/laundered.json session\r", home);
	pty_type(p, line);
	pty_until(p, "nothing was done yet in this session");
	pty_type(p, "\033");
	until_main_screen(p);
	snprintf(line, sizeof line, "%s/laundered.json", home);
	assert_int_equal(access(line, F_OK), -1);
	quit(p);
}

static bool raw;

static void look_for_raw(const char *bytes, size_t n)
{
	raw |= memmem(bytes, n, "\033]0;pwned", 9) || memmem(bytes, n, "\033[5mX", 5);
}

// A stranger's bytes are shown, not obeyed; and the commands that it tells of are only words.
static void test_hostile(void **state)
{
	(void)state;
	char command[512], path[64];
	const char *file = record(session);
	snprintf(path, sizeof path, "%s/evil.json", home);
	snprintf(
		command, sizeof command,
		"sed -e 's|My session|\\\\u001b]0;pwned\\\\u0007|' -e 's|Look at this|\\\\u001b[5mX $(touch %s/touched)|' "
		"-e 's|route add local|shell touch|g' %s >%s",
		home, file, path);
	assert_int_equal(system(command), 0);
	struct pty *p = start_replay(24, 100, path);
	p->saw = look_for_raw;
	pty_until(p, "y binds");
	pty_until(p, "\\x1b[5mX");
	pty_until(p, "\\x1b]0;pwned\\x07");
	pty_type(p, "n");
	pty_until(p, "bind 192.168.123.123");
	pty_type(p, "\r");
	pty_until(p, "shell touch 192.168.123.0/24 dev lo");
	pty_type(p, "\r");
	pty_until(p, "bind 192.168.123.123 0");
	pty_type(p, "\r");
	pty_until(p, "bound, ADDR_ANYIP");
	quit(p);
	assert_false(raw);
	snprintf(path, sizeof path, "%s/touched", home);
	assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lesson_small),  cmocka_unit_test(test_lesson),
		cmocka_unit_test(test_other_lessons), cmocka_unit_test(test_session),
		cmocka_unit_test(test_written),       cmocka_unit_test(test_refused),
		cmocka_unit_test(test_hostile),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
