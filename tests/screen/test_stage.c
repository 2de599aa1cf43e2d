// SPDX-License-Identifier: GPL-3.0-or-later
// A talk in real terminals: two keys for each step, back in exactly the same state, the room's answers, and the notes
// on a second terminal, whichever of the two dies; the recording; and what a rehearsal finds in a talk.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/screen/pty_lab.h"

static const char talk[] = "lesson \"A short talk\"\n"
			   "goal \"See one address bind in two ways.\"\n"
			   "time 5\n"
			   "note Wait until all have a seat.\n"
			   "step \"The first one\"\n"
			   "say \"First words.\"\n"
			   "do bind 127.0.0.1:8080\n"
			   "check ok\n"
			   "say \"So it is taken.\"\n"
			   "note Notes of the first one.\n"
			   "step \"The second one\"\n"
			   "say \"Second words.\"\n"
			   "ask \"What will this one do?\" [binds refused]\n"
			   "do bind 203.0.113.9:8080\n"
			   "check refused EADDRNOTAVAIL\n"
			   "say \"No route leads there.\"\n"
			   "note Notes of the second one.\n"
			   "step \"The third one\"\n"
			   "do ip route add local 203.0.113.0/24 dev lo\n"
			   "bind\n"
			   "say \"A route is enough.\"\n"
			   "note Notes of the third one.\n"
			   "step \"The end\"\n"
			   "step at classify\n"
			   "say \"Look here.\"\n"
			   "done \"One is refused. The other binds.\"\n";

static const char *write_file(const char *name, const char *text)
{
	static char path[2][256];
	static unsigned turn;
	char *out = path[turn++ % 2];
	snprintf(out, sizeof path[0], "%s/%s", home, name);
	int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	setenv("XDG_RUNTIME_DIR", home, 1);
	return out;
}

static struct pty *start_stage(int rows, int cols, const char *text)
{
	const char *argv[] = {program, "stage", write_file("talk.stage", text), NULL};
	return pty_start(rows, cols, "xterm-256color", argv);
}

static struct pty *start_notes(int rows, int cols)
{
	const char *argv[] = {program, "notes", NULL};
	setenv("XDG_RUNTIME_DIR", home, 1);
	return pty_start(rows, cols, "xterm-256color", argv);
}

static void must_hide(struct pty *p, const char *text)
{
	if (pty_shows(p, text))
		fail_msg("the screen shows \"%s\"", text);
}

static void quit_stage(struct pty *p)
{
	pty_type(p, "q"); // hit by chance, it would end the talk
	pty_until(p, "Quit Bindwalk?");
	answer(p, "y");
	end_normally(p);
}

// The killed program can't restore its terminal. It is also the shortest end.
static void kill_program(struct pty *p)
{
	kill(p->child, SIGKILL);
	pty_wait(p);
	pty_close(p);
}

static void to_the_end(int rows, int cols)
{
	struct pty *p = start_stage(rows, cols, talk);
	pty_until(p, "See one address bind in two ways.");
	must_hide(p, "First words.");
	pty_type(p, "\r");
	pty_until(p, "▸ bind 127.0.0.1:8080");
	must_hide(p, "Walk"); // of nothing yet
	must_hide(p, "So it is taken.");
	pty_type(p, " ");
	pty_until(p, "✓ bound");
	pty_until(p, "So it is taken.");
	pty_until(p, "bind() = 0, got 127.0.0.1:8080");
	pty_type(p, "\r");
	pty_until(p, "What will this one do?");
	pty_until_gone(p, "Walk");
	must_hide(p, "203.0.113.9");
	pty_type(p, "n");
	pty_until(p, "▸ bind 203.0.113.9:8080");
	must_hide(p, "EADDRNOTAVAIL");
	pty_type(p, "\033[6~"); // as a remote control sends it: PgDn
	pty_until(p, "✗ refused: EADDRNOTAVAIL");
	pty_until(p, "The room was right.");
	pty_until(p, "No route leads there.");
	pty_until(p, "bind() = -1 EADDRNOTAVAIL");
	pty_type(p, "n");
	pty_until(p, "▸ ip route add local 203.0.113.0/24 dev lo");
	pty_until_gone(p, "Walk");
	pty_type(p, "n");
	pty_until(p, "✓ done");
	pty_until(p, "✓ bind tcp4 203.0.113.9:8080: bound");
	pty_until(p, "A route is enough.");
	pty_type(p, "\r");
	pty_until(p, "Look here.");
	pty_until(p, "classify");
	pty_type(p, "\r");
	pty_until(p, "The other binds.");
	pty_until(p, "This room was right 1 of 1 time");
	quit_stage(p);
}

static void test_small(void **state)
{
	(void)state;
	to_the_end(18, 60);
}

static void test_large(void **state)
{
	(void)state;
	to_the_end(36, 120);
}

// Back to the beginning of the step and to the one before it, in the state that it had: the route is gone again.
static void test_back(void **state)
{
	(void)state;
	struct pty *p = start_stage(24, 80, talk);
	pty_until(p, "See one address");
	pty_type(p, "\r\r\ry\r\r\r");
	pty_until(p, "A route is enough.");
	pty_type(p, "\177");
	pty_until(p, "▸ ip route add");
	must_hide(p, "A route is enough.");
	pty_type(p, "\033[5~"); // PgUp
	pty_until(p, "What will this one do?");
	pty_type(p, "n\r");
	pty_until(p, "✗ refused: EADDRNOTAVAIL");
	pty_type(p, "]]");
	pty_until(p, "Look here.");
	pty_until(p, "bind() = 0, got 203.0.113.9:8080");
	pty_type(p, "[[[");
	pty_until(p, "▸ bind 127.0.0.1:8080");
	kill_program(p);
}

// No key but those for an answer is one; going on twice passes the question over, and nothing is judged.
static void test_room(void **state)
{
	(void)state;
	struct pty *p = start_stage(18, 60,
				    "lesson \"T\"\n"
				    "step \"One\"\n"
				    "do bind 203.0.113.9\n"
				    "step \"Two\"\n"
				    "ask \"And now?\" [binds refused]\n"
				    "do bind 203.0.113.10\n"
				    "step \"Three\"\n"
				    "ask \"Which step ends it?\" [step]\n"
				    "do bind 203.0.113.11\n"
				    "step \"Four\"\n"
				    "ask \"What decides?\" [luck +kernel]\n"
				    "say \"It does.\"\n");
	pty_until(p, "Enter next");
	pty_type(p, "\r\r\r");
	pty_until(p, "And now?");
	pty_type(p, "\r");
	pty_until(p, "no answer yet");
	pty_type(p, "z");
	pty_until(p, "z does nothing here");
	pty_type(p, "\r");
	pty_until(p, "no answer yet");
	pty_type(p, "\r");
	pty_until(p, "▸ bind 203.0.113.10");
	pty_type(p, "\r");
	pty_until(p, "✗ refused");
	must_hide(p, "The room");
	pty_type(p, "\r");
	pty_until(p, "Which step ends it?");
	must_hide(p, "EADDRNOTAVAIL");
	pty_type(p, "7x");
	pty_until(p, "▸ bind 203.0.113.11");
	pty_type(p, "\r");
	pty_until(p, "The room was right.");
	pty_type(p, "\r");
	pty_until(p, "What decides?");
	pty_type(p, "1");
	pty_until(p, "The room said: luck.");
	pty_until(p, "It does.");
	kill_program(p);
}

// What goes wrong in front of the room: a command is shown with its error, and the next key leaves it, back tries it
// again; a check is for rehearsals. The notes tell both.
static void test_trouble(void **state)
{
	(void)state;
	struct pty *p = start_stage(18, 60,
				    "lesson \"T\"\nstep \"One\"\ndo bind 127.0.0.1\ncheck refused\nsay After.\n"
				    "note A note.\nstep \"Two\"\ndo ip link set nowhere up\nsay Done.\n");
	struct pty *notes = start_notes(18, 60);
	pty_until(p, "Enter next");
	pty_type(p, "\r\r");
	pty_until(p, "After.");
	must_hide(p, "expected");
	pty_until(notes, "NOT AS PLANNED: not yet: expected refused");
	pty_until(notes, "A note.");
	pty_type(p, "\r\r");
	pty_until(p, "there is no interface 'nowhere'");
	pty_until(notes, "NOT AS PLANNED: there is no interface 'nowhere'");
	must_hide(p, "Done.");
	pty_until(p, "▸ ip link set nowhere up");
	pty_until(notes, "The next key goes on.");
	pty_type(p, "\033[6~");
	pty_until(p, "$ ip link set nowhere up");
	pty_until(p, "there is no interface 'nowhere'");
	pty_until(p, "Done.");
	must_hide(p, "✓ done");
	pty_type(p, "\033[5~");
	pty_until(p, "▸ ip link set nowhere up");
	must_hide(p, "there is no interface");
	pty_type(p, "\033[6~\033[6~\033[6~\033[6~");
	pty_until(p, "this is the end of the talk");
	pty_type(p, "[");
	pty_until(p, "▸ bind 127.0.0.1");
	kill_program(p);
	kill_program(notes);
}

// The step where both walks part is on the smallest screen in both of them.
static void test_parting(void **state)
{
	(void)state;
	const char *argv[] = {program, "stage", "demo", NULL};
	struct pty *p = pty_start(18, 60, "xterm-256color", argv);
	pty_until(p, "Enter next");
	pty_type(p, "]]]]]]]]]");
	pty_until(p, "▸ compare with 192.168.123.123 8080");
	pty_type(p, "\r");
	pty_until(p, "≠ · 11 classify");
	pty_until(p, "≠ ●  5 classify");
	kill_program(p);
}

// One key goes on from the recording, at the beginning of the same step, and back; all is marked while it is shown.
static void test_recording(void **state)
{
	(void)state;
	const char *argv[] = {program, "stage", "demo", NULL};
	setenv("XDG_RUNTIME_DIR", home, 1);
	struct pty *p = pty_start(18, 60, "xterm-256color", argv), *notes = start_notes(10, 40);
	pty_until(p, "Enter next");
	pty_type(p, "]]]");
	pty_until(p, "4/15");
	must_hide(p, "REPLAY");
	pty_type(p, "[R");
	pty_until(p, "REPLAY");
	pty_until(notes, "REPLAY");
	pty_until(p, "3/15");
	pty_type(p, "n");
	pty_until(p, "▸ bind 192.168.123.123:8080");
	must_hide(p, "EADDRNOTAVAIL");
	pty_type(p, "\r");
	pty_until(p, "✗ refused: EADDRNOTAVAIL");
	pty_until(p, "The room was right.");
	pty_until(p, "Walk  REPLAY");
	pty_type(p, "R");
	pty_until_gone(p, "REPLAY");
	pty_until_gone(notes, "REPLAY");
	pty_type(p, "y\r");
	pty_until(p, "The room said: it binds.");
	pty_until(p, "bind() = -1 EADDRNOTAVAIL");
	must_hide(p, "REPLAY");
	kill_program(p);
	pty_type(notes, "q");
	end_normally(notes);
	p = start_stage(18, 60, talk); // of nobody else's talk is there one
	pty_until(p, "See one address");
	pty_type(p, "\rR");
	pty_until(p, "there is no recording of this");
	must_hide(p, "REPLAY");
	kill_program(p);
}

// Keys that are no one's, and all kinds of leaving and coming back, leave the talk where it is.
static void test_away(void **state)
{
	(void)state;
	struct pty *p = start_stage(24, 80, talk);
	pty_until(p, "See one address");
	pty_type(p, "\r");
	pty_until(p, "▸ bind 127.0.0.1:8080");
	pty_type(p, "f");
	pty_until(p, "f does nothing here");
	pty_until(p, "▸ bind 127.0.0.1:8080"); // no message covers it
	pty_type(p, "\033[15~");               // F5: a remote control's "start"
	pty_until(p, "F5 does nothing here");
	pty_type(p, "\033OP"); // F1
	pty_until_gone(p, "First words.");
	pty_type(p, "q");
	pty_until(p, "First words.");
	pty_type(p, "\033"); // explores
	pty_until(p, "Interfaces");
	pty_until(p, "L returns to the talk");
	pty_type(p, "L");
	pty_until(p, "▸ bind 127.0.0.1:8080");
	pty_type(p, "\033"); // and a remote control that has only this key
	pty_until(p, "Interfaces");
	pty_type(p, "\033");
	pty_until(p, "▸ bind 127.0.0.1:8080");
	pty_resize(p, 18, 60);
	pty_until(p, "▸ bind 127.0.0.1:8080");
	pty_type(p, "\r");
	pty_until(p, "✓ bound");
	kill_program(p);
}

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// The longest time from a key of the stage, with all that it carries out, until the notes show that.
static int64_t slowest_us;

static void follow(struct pty *stage, struct pty *notes, const char *keys, const char *text)
{
	int64_t began = now_us();
	pty_type(stage, keys);
	pty_until(notes, text);
	slowest_us = now_us() - began > slowest_us ? now_us() - began : slowest_us;
}

// Your own talk has its recording beside it, once it is saved there. What it does not have is not said to be done.
static void test_own_recording(void **state)
{
	(void)state;
	char command[512], *path = command + strlen(":write ");
	struct pty *p = start_stage(18, 60,
				    "lesson \"T\"\nstep \"One\"\ndo ip route add local 203.0.113.0/24 dev lo\n"
				    "step \"Two\"\ndo ip link set nowhere up\nsay Done.\n");
	snprintf(command, sizeof command, ":write %s/talk.json session\r", home);
	pty_until(p, "Enter next");
	pty_type(p, "\rR");
	pty_until(p, "there is no recording of this");
	pty_type(p, "\r");
	pty_until(p, "✓ done");
	pty_type(p, "\r\r\r");
	pty_until(p, "Done.");
	pty_type(p, command);
	pty_until(p, "session saved");
	pty_type(p, "[R");
	pty_until(p, "REPLAY");
	pty_type(p, "\r");
	pty_until(p, "✓ done");
	pty_type(p, "\r\r");
	pty_until(p, "not in the recording");
	pty_until(p, "Done.");
	must_hide(p, "✓ done");
	pty_until(p, "REPLAY");
	kill_program(p);
	*strstr(path, " session") = '\0';
	assert_int_equal(unlink(path), 0); // the other talks have none
}

// Side by side: the notes are first, then the stage; each of them is killed and comes back.
static void test_notes(void **state)
{
	(void)state;
	struct pty *notes = start_notes(10, 40);
	pty_until(notes, "Waiting for a stage.");
	struct pty *stage = start_stage(18, 60, talk);
	pty_until(notes, "Wait until all have a seat.");
	pty_until(notes, "Next: The first one");
	pty_until(notes, "not begun of 05:00");
	pty_until(stage, "See one address");
	follow(stage, notes, "\r", "Notes of the first one.");
	pty_until(notes, "Step 1 of 4");
	pty_until(notes, "The next key runs: bind 127.0.0.1:8080");
	pty_until(notes, "Next: The second one");
	pty_until(notes, "00:00 of 05:00");
	pty_until(notes, "until 01:");
	follow(stage, notes, "\r", "The next key goes on.");
	follow(stage, notes, "\r", "The room answers: What will this one d");
	printf("# the notes follow a key or a bind in %.1f ms\n", (double)slowest_us / 1000);
	follow(stage, notes, "]", "Notes of the third one.");
	pty_until(stage, "▸ ip route add");
	follow(stage, notes, "[", "The room answers: What will this one d");
	printf("# and a jump in %.1f ms\n", (double)slowest_us / 1000);
	pty_until(notes, "00:01"); // its clock goes on without the stage

	kill_program(notes);
	pty_until(stage, "What will this one do?");
	pty_type(stage, "n");
	pty_until(stage, "▸ bind 203.0.113.9:8080");
	notes = start_notes(24, 80);
	pty_until(notes, "The next key runs: bind 203.0.113.9:8080");
	struct pty *more = start_notes(36, 120);
	pty_until(more, "Notes of the second one.");

	kill_program(stage);
	pty_until(notes, "no stage");
	pty_until(more, "no stage");
	stage = start_stage(18, 60, talk);
	pty_until(notes, "Wait until all have a seat.");
	must_hide(notes, "not begun"); // the talk goes on
	pty_until(stage, "See one address");
	pty_type(stage, "]]");
	pty_until(notes, "Notes of the third one.");
	pty_until(more, "Notes of the third one.");
	quit_stage(stage);
	pty_until(notes, "no stage");
	pty_type(notes, "q");
	end_normally(notes);
	pty_type(more, "\003");
	end_normally(more);
}

static int listen_as_stage(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char beside[sizeof a.sun_path];
	setenv("XDG_RUNTIME_DIR", home, 1);
	snprintf(beside, sizeof beside, "%s/bindwalk", home);
	mkdir(beside, 0700);
	snprintf(beside, sizeof beside, "%s/bindwalk/beside", home);
	memcpy(a.sun_path, beside, sizeof beside);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 1), 0);
	snprintf(a.sun_path, sizeof a.sun_path, "%s/bindwalk/stage", home);
	assert_int_equal(rename(beside, a.sun_path), 0);
	return fd;
}

// Whatever comes out of the socket, it is text on the screen or nothing.
static void test_strangers(void **state)
{
	(void)state;
	static const char evil[] =
		"{\"talk\":\"\",\"step\":1,\"steps\":1,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":-1,\"key\":\"run\","
		"\"title\":\"\\u001b[2Jtitle\",\"notes\":\"\\u001b]0;owned\\u0007 \\u202etext\",\"command\":\"\\u0085x\"}";
	struct pty *notes = start_notes(18, 60);
	pty_until(notes, "Waiting for a stage.");
	int fd = listen_as_stage(), one = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	assert_true(one >= 0);
	assert_true(send(one, "\033[31mred\033[2J", 12, MSG_NOSIGNAL) > 0);
	pty_until(notes, "What came was not from a stage.");
	assert_true(send(one, evil, sizeof evil - 1, MSG_NOSIGNAL) > 0);
	pty_until(notes, "\\x1b[2Jtitle");
	pty_until(notes, "\\x1b]0;owned\\x07 \\u202etext");
	pty_until(notes, "runs: \\u0085x");
	for (int i = 0; i < 10000; i++)
		if (send(one, evil, (size_t)i % sizeof evil, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
	pty_until(notes, "\\x1b[2Jtitle");
	close(one);
	close(fd);
	pty_until(notes, "no stage");
	pty_type(notes, "q");
	end_normally(notes);
}

// What a command prints, and how it ends.
static int output_of(const char *command, char *out, size_t size)
{
	char line[1024];
	snprintf(line, sizeof line, "%s %s 2>&1 </dev/null", program, command);
	FILE *p = popen(line, "r");
	assert_non_null(p);
	size_t n = fread(out, 1, size - 1, p);
	out[n] = '\0';
	int status = pclose(p);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void must_say(const char *command, int status, const char *const *parts)
{
	static char out[16384];
	int got = output_of(command, out, sizeof out);
	for (size_t i = 0; parts[i]; i++)
		if (!strstr(out, parts[i]))
			fail_msg("%s does not say \"%s\" but:\n%s", command, parts[i], out);
	if (got != status)
		fail_msg("%s: status %d:\n%s", command, got, out);
}

static void test_rehearse(void **state)
{
	(void)state;
	char command[512];
	snprintf(command, sizeof command, "rehearse %s", write_file("good.stage", talk));
	must_say(command, 0, (const char *const[]){"ok     1 The first one", "4 steps in ", ": 0 would fail", NULL});
	snprintf(command, sizeof command, "rehearse %s",
		 write_file("bad.stage", "lesson \"T\"\nstep \"One\"\ndo bind 127.0.0.1\nstep \"Two\"\n"
					 "do bind 203.0.113.9:80\ncheck ok\nstep \"Three\"\nsay Words.\n"));
	must_say(command, 1,
		 (const char *const[]){"ok     1 One", "FAIL   2 Two", "line 6: check ok",
				       "expected ok, the kernel says EADDRNOTAVAIL", "ok     3 Three", ": 1 would fail",
				       NULL});
	strcat(command, " --json");
	must_say(command, 1,
		 (const char *const[]){"\"failed\":1", "\"line\":6", "\"expected\":\"ok\"",
				       "\"found\":\"EADDRNOTAVAIL ADDR_NOT_LOCAL\"", NULL});
	snprintf(command, sizeof command, "rehearse %s",
		 write_file("wrong.stage", "lesson \"T\"\nstep \"A\"\ndo bnd\n"));
	must_say(command, 2, (const char *const[]){"wrong.stage:3:4: ", NULL});
	must_say("rehearse demo", 0, (const char *const[]){": 0 would fail", NULL});
	must_say("rehearse dem", 2, (const char *const[]){"neither a lesson nor a file; did you mean demo?", NULL});
	must_say("rehearse /dev/null", 2, (const char *const[]){"expected a regular file", NULL});
	must_say("rehearse", 2, (const char *const[]){"needs a stage file", NULL});
	must_say("stage demo", 4, (const char *const[]){"a stage needs a terminal", NULL});
	must_say("stage", 2, (const char *const[]){"needs a stage file", NULL});
	must_say("notes demo", 2, (const char *const[]){"one argument too many", NULL});
}

// Without a terminal the notes are lines, until nobody reads them.
static void test_lines(void **state)
{
	(void)state;
	char command[600], line[512];
	struct pty *stage = start_stage(18, 60, talk);
	pty_until(stage, "See one address");
	pty_type(stage, "\r");
	pty_until(stage, "▸ bind 127.0.0.1:8080");
	snprintf(command, sizeof command, "%s notes --ascii </dev/null", program);
	FILE *p = popen(command, "r");
	assert_non_null(p);
	assert_non_null(fgets(line, sizeof line, p));
	assert_string_equal(line, "1/4 The first one\n");
	assert_non_null(fgets(line, sizeof line, p));
	assert_string_equal(line, "  The next key runs: bind 127.0.0.1:8080\n");
	assert_non_null(fgets(line, sizeof line, p));
	assert_string_equal(line, "  Notes of the first one.\n");
	pclose(p);
	kill_program(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),   cmocka_unit_test(test_large),         cmocka_unit_test(test_back),
		cmocka_unit_test(test_room),    cmocka_unit_test(test_away),          cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_parting), cmocka_unit_test(test_own_recording), cmocka_unit_test(test_recording),
		cmocka_unit_test(test_notes),   cmocka_unit_test(test_strangers),     cmocka_unit_test(test_rehearse),
		cmocka_unit_test(test_lines),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
