// SPDX-License-Identifier: GPL-3.0-or-later
// Attempts to have a host changed without the consent of who sits at the terminal, each on a real one. Whatever is
// tried, the namespace is as before when the program has ended. (The host is a lab that it knows nothing of.)
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/inventory_read.h"
#include "core/change/lab.h"
#include "core/command/command_edit.h"
#include "core/command/exit_status.h"
#include "core/command/lab_make.h"
#include "tests/screen/pty_lab.h"
#include "tui/confirm.h"

#define ROUTE  "ip route add local 10.9.0.0/16 dev lo"
#define OTHER  "ip route add local 10.10.0.0/16 dev lo"
#define TOGGLE "sysctl net.ipv4.ip_nonlocal_bind"
#define LATE   "net.ipv4.ip_nonlocal_bind=1?"

static struct inventory before;
static char script[128];
static unsigned attacks;

static void write_script(const char *text)
{
	// A new file in its place, as an editor makes it.
	char name[160];
	snprintf(name, sizeof name, "%s.new", script);
	FILE *f = fopen(name, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	fclose(f);
	assert_int_equal(rename(name, script), 0);
}

static void unchanged(const char *what)
{
	struct inventory now, changes = {0};
	assert_int_equal(inventory_read(&now, INVENTORY_ALL, NULL, NULL), 0);
	assert_int_equal(
		inventory_difference(&now, &before, INVENTORY_LOST | INVENTORY_NEW | INVENTORY_OBJECTS, &changes), 0);
	if (changes.n > 0) {
		char text[EDIT_TEXT];
		fail_msg("%s: to be made again: %s", what, edit_shell(&changes.edits[0], text, sizeof text));
	}
	inventory_free(&changes);
	inventory_free(&now);
	attacks++;
}

static struct pty *start(const char *command)
{
	const char *argv[] = {"sh", "-c", command, program, script, NULL};
	return pty_start(24, 100, "xterm-256color", argv);
}

static void ends(struct pty *p, const char *what, int wanted, int sig)
{
	int status = pty_wait(p);
	if (sig ? !WIFSIGNALED(status) || WTERMSIG(status) != sig : !WIFEXITED(status) || WEXITSTATUS(status) != wanted)
		fail_msg("%s ended with %#x", what, (unsigned)status);
	pty_close(p);
	unchanged(what);
}

static void test_the_host(void **state)
{
	(void)state;
	char err[LAB_ERROR], command[600];
	assert_int_equal(lab_enter(err, sizeof err), 0);
	snprintf(script, sizeof script, "%s/script", home);
	snprintf(command, sizeof command,
		 "printf 'route add local 10.8.0.0/16 dev lo\\nkeep\\n' | '%s' run --edit --yes - >/dev/null", program);
	assert_int_equal(system(command), 0);
	assert_int_equal(inventory_read(&before, INVENTORY_ALL, NULL, NULL), 0);
}

// Lines refused before any question, whatever a terminal would show.
static void test_unseen(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *shown;
	} rows[] = {
		{"keep\x1b[1A\x1b[2K\n", "\\x1b"},
		{"say x\x1b[8m\nkeep\n", "\\x1b"},
		{"say x\rkeep\n", "carriage return"},
		{"keep\b\b\b\b\n", "\\x08"},
		{"keep # \x7f\n", "\\x7f"},
		{"keep # \x9b"
		 "1A\n",
		 "\\x9b"},
		{"keep # \xc2\x9b"
		 "1A\n",
		 "\\u009b"},
		{"# \xe2\x80\xae\n", "\\u202e"},
		{"keep \xff\n", "\\xff"},
		{"keep \xe2\x80\x8b\n", "\\u200b"},
		{"kee\n", "keep"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[256];
		snprintf(text, sizeof text, ROUTE "\n%s", rows[i].bytes);
		write_script(text);
		struct pty *p = start("exec \"$0\" run --edit \"$1\"");
		pty_until(p, "script:2:");
		pty_until(p, rows[i].shown);
		assert_false(pty_shows(p, "this host"));
		ends(p, rows[i].shown, EXIT_WRONG, 0);
		if (i > 0 && i < 6)
			continue;
		p = start("exec \"$0\" run --edit --yes \"$1\""); // an answer that came before the question was read
		pty_until(p, rows[i].shown);
		ends(p, rows[i].shown, EXIT_WRONG, 0);
	}
}

struct step {
	const char *until, *answer;
};

enum { STEPS = 5 };

// What is typed at once, and then to each question; with a signal the program ends by that instead of a status.
struct attack {
	const char *name, *command, *script, *ahead;
	struct step steps[STEPS];
	int status, sig;
};

#define FILE_  "exec \"$0\" run --edit \"$1\""
#define SHELL  "exec \"$0\" run --edit -"
#define SCREEN "exec \"$0\" --edit 192.168.123.123"
#define KEPT   ROUTE "\nkeep\n"
#define LATER  TOGGLE "\nkeep\n"
#define READY  "10.8.0.0/16" // the routes are read, and all that comes before them
#define ASKED  "Change this host: " ROUTE "?"

static const struct attack texts[] = {
	{"typed ahead of a script's question", FILE_, KEPT, "y\ry\r", {{"Continue?", "\r"}}, 4, 0},
	{"keep, by name", FILE_, KEPT, "", {{"2: keep", "n\r"}}, 4, 0},
	{"undo, by name", FILE_, "undo all\n" ROUTE "\nundo\n", "", {{"1: undo all", "n\r"}}, 4, 0},
	{"short names", FILE_, "ip ro a local 10.9.0.0/16 dev lo\n", "", {{"1: " ROUTE, "n\r"}}, 4, 0},
	{"a name that looks like another", FILE_, "link set l\u043e up\n", "", {{"set $'l\\xd0\\xbe' up", "\r"}}, 4, 0},
	{"lines that are pasted", FILE_, KEPT, "", {{"Continue?", "y\rkeep\r"}}, 4, 0},
	{"half a line", FILE_, KEPT, "", {{"Continue?", "y\004"}, {"Continue?", "\r"}}, 4, 0},
	{"the end of the input", FILE_, KEPT, "", {{"Continue?", "\004"}}, 4, 0},
	{"a longer word", FILE_, KEPT, "", {{"Continue?", "yesterday\r"}}, 4, 0},
	{"a blank before it", FILE_, KEPT, "", {{"Continue?", " y\r"}}, 4, 0},
	{"an empty answer", FILE_, KEPT, "", {{"Continue?", "\r"}}, 4, 0},
	{"Ctrl-C", FILE_, KEPT, "", {{"Continue?", "\003"}}, 0, SIGINT},
	{"SIGTERM", FILE_, KEPT, "", {{"Continue?", ""}}, 0, SIGTERM},
	{"output that is not seen", FILE_ " >/dev/null", KEPT, "y\r", {{"2: keep", "\r"}}, 4, 0},
	{"no terminal",
	 "exec setsid -w \"$0\" run --edit \"$1\" </dev/null >/dev/null",
	 KEPT,
	 "y\r",
	 {{"--yes", ""}},
	 4,
	 0},
	{"a script that is redirected", "exec \"$0\" run --edit - <\"$1\"", KEPT, "y\r", {{"2: keep", "\r"}}, 4, 0},
	{"a script from a pipe", "cat \"$1\" | \"$0\" run --edit /dev/stdin", KEPT, "", {{"2: keep", "n\r"}}, 4, 0},
	{"what only its moment tells", FILE_, LATER, "", {{"Continue?", "y\r"}, {LATE, "n\r"}}, 2, 0},
	{"typed ahead of a later question", FILE_, LATER, "", {{"Continue?", "y\r"}, {LATE, "\r"}}, 2, 0},
	{"an answer that is too long", FILE_, LATER, "", {{"Continue?", "y\r"}, {LATE, NULL}}, 2, 0},
	{"shown once, made twice",
	 FILE_,
	 TOGGLE "=1\n" TOGGLE "\n" TOGGLE "\nkeep\n",
	 "",
	 {{"Continue?", "y\r"}, {"bind=0?", "y\r"}, {LATE, "n\r"}},
	 2,
	 0},
	{"shown for a line that had nothing to do",
	 FILE_,
	 TOGGLE "=0\n" TOGGLE "\n" TOGGLE "\nkeep\n",
	 "",
	 {{"Continue?", "y\r"}, {LATE, "y\r"}, {"bind=0?", "n\r"}},
	 2,
	 0},
	{"another route than was named",
	 FILE_,
	 "route del 10.8.0.0/16 table local\nkeep\n",
	 "",
	 {{"Continue?", "y\r"}, {"Change this host: ip route del local 10.8.0.0/16 dev lo", "\r"}},
	 2,
	 0},
	{"SIGTERM at a later question",
	 FILE_,
	 TOGGLE "=1\n" TOGGLE "\nkeep\n",
	 "",
	 {{"Continue?", "y\r"}, {"bind=0?", ""}},
	 0,
	 SIGTERM},
	{"typed ahead at the prompt",
	 SHELL,
	 "",
	 "",
	 {{"(edit)>", ROUTE "\ry\r"}, {"[y/N]", "\r"}, {"not confirmed", "quit\r"}},
	 0,
	 0},
	{"the rest of a long answer",
	 SHELL,
	 "",
	 "",
	 {{"(edit)>", ROUTE "\r"},
	  {"[y/N]", "nnnnnnnnnnnnnnny\r"},
	  {"not confirmed", OTHER "\r"},
	  {"Change this host: " OTHER "?", ""}},
	 0,
	 SIGTERM},
	{"keep at the prompt",
	 SHELL,
	 "",
	 "",
	 {{"(edit)>", ROUTE "\r"},
	  {"[y/N]", "y\r"},
	  {"(edit)>", "keep\ry\r"},
	  {"for good?", "\r"},
	  {"everything stays as it is", "quit\r"}},
	 0,
	 0},
	{"bytes at the prompt", SHELL, "", "", {{"(edit)>", ROUTE " # \026\033[8m\r"}, {"\\x1b", "quit\r"}}, 0, 0},
};

static const struct attack screens[] = {
	{"typed ahead of a change", SCREEN, "", "", {{READY, ":" ROUTE "\ry"}, {"nothing was changed", "q"}}, 0, 0},
	{"typed ahead, and more", SCREEN, "", "", {{READY, ":" ROUTE "\ryyyq"}, {"nothing was changed", "q"}}, 0, 0},
	{"a switch", SCREEN, "", "", {{READY, "\033OS\033[H\033[B\033[B\033[B y"}, {"nothing was changed", "q"}}, 0, 0},
	{"a deletion", SCREEN, "", "", {{READY, "\033OR/10.8\r-y"}, {"nothing was changed", "q"}}, 0, 0},
	{"a paste",
	 SCREEN,
	 "",
	 "",
	 {{READY, ":" ROUTE "\r"}, {ASKED, "\033[200~y\033[201~"}, {"pasted text", "q"}},
	 0,
	 0},
	{"another key",
	 SCREEN,
	 "",
	 "",
	 {{READY, ":" ROUTE "\r"}, {ASKED, "Y"}, {ASKED, "n"}, {"not changed", "q"}},
	 0,
	 0},
	{"clicks, and the wheel",
	 SCREEN,
	 "",
	 "",
	 {{READY, ":" ROUTE "\r"},
	  {ASKED, "\033[<0;2;24M\033[<0;2;24m\033[<0;4;24M\033[<0;4;24m\033[<0;9;24M\033[<64;9;9M"},
	  {ASKED, "n"},
	  {"not changed", "q"}},
	 0,
	 0},
	{"bytes at the prompt", SCREEN, "", "", {{READY, ":" ROUTE " # \302\233\r"}, {"\\u009b", "\003q"}}, 0, 0},
	{"keep typed ahead",
	 SCREEN,
	 "",
	 "",
	 {{READY, ":" ROUTE "\r"}, {ASKED, "y"}, {"1 change", ":keep\ry"}, {"nothing was changed", "q"}},
	 0,
	 0},
	{"keep",
	 SCREEN,
	 "",
	 "",
	 {{READY, ":" ROUTE "\r"},
	  {ASKED, "y"},
	  {"1 change", ":keep\r"},
	  {"Keep the changes (1) for good?", "n"},
	  {"not changed", "q"}},
	 0,
	 0},
	{"quit typed ahead", SCREEN, "", "", {{READY, "\003y"}, {"nothing was changed", "q"}}, 0, 0},
	{"SIGTERM", SCREEN, "", "", {{READY, ":" ROUTE "\r"}, {ASKED, ""}}, 0, SIGTERM},
};

static void attack(const struct attack *a)
{
	static char most[5000];
	memset(most, 'n', sizeof most - 3);
	memcpy(most + sizeof most - 3, "y\r", 3);
	write_script(a->script);
	struct pty *p = start(a->command);
	pty_type(p, a->ahead);
	for (size_t i = 0; i < STEPS && a->steps[i].until; i++) {
		const char *until = a->steps[i].until, *keys = a->steps[i].answer ? a->steps[i].answer : most;
		pty_until(p, until);
		if (strcmp(a->command, SCREEN) == 0 && until[strlen(until) - 1] != '?')
			pty_type(p, keys); // no answer, but a command
		else
			answer(p, keys);
	}
	if (a->sig == SIGTERM)
		kill(p->child, a->sig);
	ends(p, a->name, a->status, a->sig);
}

static void test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		attack(&texts[i]);
}

static void test_screen(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++)
		attack(&screens[i]);
}

// What was shown is agreed to for that line, and for once. (In a process without a terminal: who asks hears no.)
static void test_once(void **state)
{
	(void)state;
	static const char text[] = ROUTE "\nkeep\n" TOGGLE "\n";
	int status;
	pid_t child = fork();
	if (child == 0) {
		struct script s;
		struct confirm c = {.yes = true};
		struct edit e[COMMAND_EDITS];
		char err[COMMAND_ERROR];
		setsid();
		script_begin(&s, "script", text, sizeof text - 1);
		bool right = close(STDIN_FILENO) == 0 && confirm_script(&c, &s) == -1;
		c.yes = false;
		right &= command_edit_line(ROUTE, e, err, sizeof err) == 1;
		static const struct {
			unsigned line;
			enum editor_act act;
			enum editor_consent said;
		} rows[] = {
			{2, EDITOR_MAKE, EDITOR_NO}, {1, EDITOR_KEEP, EDITOR_NO}, {1, EDITOR_MAKE, EDITOR_YES},
			{1, EDITOR_MAKE, EDITOR_NO}, {2, EDITOR_UNDO, EDITOR_NO}, {2, EDITOR_KEEP, EDITOR_YES},
			{2, EDITOR_KEEP, EDITOR_NO}, {3, EDITOR_MAKE, EDITOR_NO},
		};
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			c.line = rows[i].line;
			right &= confirm_act(rows[i].act, rows[i].act == EDITOR_MAKE ? e : NULL, &c) == rows[i].said;
		}
		confirm_free(&c);
		_exit(right ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

// Who types at another terminal than the one that shows the question is not who is asked.
static void test_other_terminal(void **state)
{
	(void)state;
	int master, slave;
	char command[128], name[64];
	assert_int_equal(openpty(&master, &slave, name, NULL, NULL), 0);
	snprintf(command, sizeof command, FILE_ " <%s", name);
	write_script(KEPT);
	struct pty *p = start(command);
	pty_until(p, "Continue?");
	pty_until_asking(p);
	assert_int_equal(write(master, "y\n", 2), 2);
	answer(p, "\r");
	ends(p, "another terminal", EXIT_MISSING, 0);
	close(master);
	close(slave);
}

// The lines shown are the lines run, even if the file has changed since.
static void test_file_replaced(void **state)
{
	(void)state;
	write_script(ROUTE "\nsay first\n");
	struct pty *p = start(FILE_);
	pty_until(p, "Continue?");
	write_script(OTHER "\nkeep\nsay second\n");
	FILE *f = fopen(script, "we"); // and the same file
	assert_non_null(f);
	fputs(OTHER "\nkeep\nsay third\n", f);
	fclose(f);
	answer(p, "y\r");
	pty_until(p, "first");
	ends(p, "a file that was replaced", EXIT_OK, 0);
}

// More than the screen shows at once is asked about by screenfuls, and one yes is not for what comes later.
static void test_many_lines(void **state)
{
	(void)state;
	char text[4096] = "";
	for (int i = 1; i <= 40; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "route add local 10.9.%d.0/24 dev lo\n", i);
	strcat(text, "keep\n");
	write_script(text);
	struct pty *p = start(FILE_);
	pty_until(p, "1 to 19 of 41: continue?");
	assert_true(pty_shows(p, "this host"));
	assert_true(pty_shows(p, " 1: "));
	answer(p, "y\r");
	pty_until(p, "20 to 38 of 41: continue?");
	answer(p, "y\r");
	pty_until(p, "Continue?");
	assert_true(pty_shows(p, "41: keep"));
	answer(p, "\r");
	ends(p, "many lines", EXIT_MISSING, 0);
}

// A question that is not on the screen can't be answered.
static void test_small_screen(void **state)
{
	(void)state;
	struct pty *p = start(SCREEN);
	pty_until(p, READY);
	pty_type(p, ":" ROUTE "\r");
	pty_until(p, ASKED);
	pty_resize(p, 9, 50);
	pty_until(p, "This screen is 50x9;");
	answer(p, "y");
	pty_resize(p, 24, 100);
	pty_until(p, "too small for the question");
	pty_type(p, "q");
	ends(p, "a question that is not on the screen", EXIT_OK, 0);
}

static void test_hangup(void **state)
{
	(void)state;
	static const char *const commands[] = {FILE_, SCREEN};
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		write_script(KEPT);
		struct pty *p = start(commands[i]);
		if (i == 1) {
			pty_until(p, READY);
			pty_type(p, ":" ROUTE "\r");
		}
		pty_until(p, i ? ASKED : "Continue?");
		pty_type(p, "y"); // too soon, or half a line
		close(p->master);
		p->master = -1;
		// It hears of the signal from its session's leader, as from a shell, or reads the end before that.
		int status = pty_wait(p);
		assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGHUP : WEXITSTATUS(status) == EXIT_MISSING);
		pty_close(p);
		unchanged("hangup");
	}
}

static bool is_there(const char *line)
{
	char err[COMMAND_ERROR];
	struct edit e[COMMAND_EDITS];
	struct inventory now;
	assert_int_equal(command_edit_line(line, e, err, sizeof err), 1);
	assert_int_equal(inventory_read(&now, INVENTORY_ALL, NULL, NULL), 0);
	bool there = inventory_holds(&now, e);
	inventory_free(&now);
	return there;
}

// What a crash left behind: neither an undo nor a keep that was typed ahead.
static void test_left(void **state)
{
	(void)state;
	static const char *const ahead[] = {"y\r", "k\ry\r", "nnnnnnnnnnnnnnny\r"};
	struct pty *p = start(SCREEN);
	pty_until(p, READY);
	pty_type(p, ":" ROUTE "\r");
	pty_until(p, ASKED);
	answer(p, "y");
	pty_until(p, "1 change");
	kill(p->child, SIGKILL);
	pty_wait(p);
	pty_close(p);
	for (size_t i = 0; i <= sizeof ahead / sizeof *ahead; i++) {
		bool last = i == sizeof ahead / sizeof *ahead;
		assert_true(is_there(ROUTE));
		p = start(SCREEN);
		if (!last)
			pty_type(p, ahead[i]);
		pty_until(p, "Undo them?");
		answer(p, last ? "y\r" : "\r");
		pty_until(p, READY);
		pty_type(p, "q");
		assert_int_equal(pty_wait(p), 0);
		pty_close(p);
		attacks += !last;
	}
	unchanged("what was left");
}

static void test_count(void **state)
{
	(void)state;
	inventory_free(&before);
	print_message("%u attempts, none of which changed anything\n", attacks);
	assert_true(attacks > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_host),      cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_text),          cmocka_unit_test(test_screen),
		cmocka_unit_test(test_once),          cmocka_unit_test(test_other_terminal),
		cmocka_unit_test(test_file_replaced), cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_small_screen),  cmocka_unit_test(test_hangup),
		cmocka_unit_test(test_left),          cmocka_unit_test(test_count),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
