// SPDX-License-Identifier: GPL-3.0-or-later
// Typing end to end, in a private lab, on a pseudo-terminal: the prompt, the shell, scripts that wait.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/screen/pty_lab.h"

static void test_prompt(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "aé界");
	pty_until(p, "address: é界");
	pty_until_cursor(p, 22, 13);
	pty_type(p, "\r");
	pty_until(p, "is not an address");
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
	snprintf(path, sizeof path, "%s/.local/state/bindwalk/history-addresses", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

// The shell takes a key as one only at its prompt: before, the terminal edits the line.
static void until_shell(struct pty *p, const char *result)
{
	pty_until(p, result);
	pty_until_cursor(p, -1, (int)strlen("bindwalk (lab)> "));
}

// `run -` on a terminal: a shell for those who want no full screen.
static void test_shell(void **state)
{
	(void)state;
	const char *argv[] = {program, "run", "--lab", "-", NULL};
	struct pty *p = pty_start(24, 100, "xterm-256color", argv);
	until_shell(p, "Join this lab");
	assert_false(p->alternate);
	pty_type(p, "route add locl 10.0.0.0/8\r");
	pty_until(p, "did you mean local?");
	pty_until(p, "anycast,");        // whole, though the line is too long
	until_shell(p, "            ^"); // under the word, where the line stands again
	pty_type(p, "route add loc\t10.0.0.0/8 dev l\t\r");
	until_shell(p, "ip route add local 10.0.0.0/8 dev lo");
	pty_type(p, "nonsense\003"); // discards the line, and does nothing more
	pty_type(p, "bind 10.1.2.3\r");
	until_shell(p, "OK  10.1.2.3 ");
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
	pty_until(p, "OK  127.0.0.1 ");
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
	pty_until(p, "address: 30.0.0.9");
	pty_type(p, "\033");
	pty_until_cursor(p, 22, 17);
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

static void make_file(const char *name)
{
	char path[600];
	snprintf(path, sizeof path, "%s/%s", home, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
}

// The list names files without their folder, which stands on the line.
static void test_files(void **state)
{
	(void)state;
	char text[600];
	make_file("walk-one.json");
	make_file("walk-two.json");
	struct pty *p = start_lab(24, 80);
	snprintf(text, sizeof text, ":write %s/wa\t", home);
	pty_type(p, text);
	pty_until(p, " walk-one.json  walk-two.json");
	pty_type(p, "t\tf\t");
	snprintf(text, sizeof text, ":write %s/walk-two.json force ", home);
	pty_until(p, text);
	pty_type(p, "\033");
	pty_until_gone(p, ":write");
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
	snprintf(path, sizeof path, "%s/missing", home); // a home that is missing stays so
	setenv("HOME", path, 1);
	p = start_lab(24, 80);
	pty_type(p, ":say nowhere\r");
	pty_until(p, "nowhere");
	quit(p);
	assert_int_equal(stat(path, &st), -1);
	setenv("HOME", home, 1);
}

// Thousands of pasted characters are drawn once, not one by one.
static void test_long_paste(void **state)
{
	(void)state;
	enum { PASTED = 3000, TRIES = 20 };
	char text[PASTED + 32] = ":\033[200~";
	size_t at = strlen(text);
	struct pty *p = start_lab(24, 80);
	for (int i = 0; i < PASTED; i++)
		text[at++] = (char)(i % 50 == 49 ? 'q' : '0' + i % 10);
	strcpy(text + at, "\033[201~");
	// Other pictures, such as of the lab's own last changes, may come between, but not each time.
	for (int i = 0; i < TRIES; i++) {
		pty_until_waiting(p);
		size_t before = p->received;
		pty_type(p, text);
		pty_until(p, "45678q");
		pty_until_cursor(p, 22, 77);
		size_t drawn = p->received - before;
		pty_type(p, "\001");
		pty_until(p, ":0123456789");
		pty_type(p, "\033");
		pty_until_gone(p, ":0123");
		until_main_screen(p);
		// Two screens' worth: had each character been drawn, it would be a hundred of them.
		if (i + 1 == TRIES)
			assert_in_range(drawn, 70, 4000);
		if (drawn >= 70 && drawn <= 4000)
			break;
	}
	quit(p);
}

static void test_paste(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033[200~q\rb\033[201~");
	pty_until(p, "pasted text");
	assert_true(pty_shows(p, "predicted"));
	pty_type(p, "a\033[200~10.9.8.7\n\033[201~");
	pty_until(p, "address: 10.9.8.7");
	pty_type(p, "\r");
	pty_until(p, "bind tcp4 10.9.8.7:0");
	quit(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prompt),     cmocka_unit_test(test_shell),   cmocka_unit_test(test_script_waits),
		cmocka_unit_test(test_inputrc),    cmocka_unit_test(test_vi_mode), cmocka_unit_test(test_search),
		cmocka_unit_test(test_completion), cmocka_unit_test(test_files),   cmocka_unit_test(test_history),
		cmocka_unit_test(test_long_paste), cmocka_unit_test(test_paste),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
