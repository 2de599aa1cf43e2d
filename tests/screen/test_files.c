// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer with hostile files in the user's home, and with journals of others, end to end on a pseudo-terminal.
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/edit_apply.h"
#include "core/change/journal_file.h"
#include "core/change/lab.h"
#include "core/command/command_edit.h"
#include "core/command/exit_status.h"
#include "core/command/lab_make.h"
#include "tests/screen/pty_lab.h"

static const char *at(const char *path)
{
	static char paths[2][PATH_MAX];
	static unsigned turn;
	char *out = paths[turn++ % 2];
	snprintf(out, PATH_MAX, "%s/%s", home, path);
	return out;
}

static void make_folders(void)
{
	for (const char *const *p = (const char *const[]){".config", ".config/bindwalk", ".local", ".local/state",
							  ".local/state/bindwalk", NULL};
	     *p; p++)
		mkdir(at(*p), 0700);
}

// A FIFO that nobody writes to is not waited for, at the start and when a prompt opens, and is reported.
static void test_fifos(void **state)
{
	(void)state;
	static const char *const files[] = {".config/bindwalk/config", ".local/state/bindwalk/history", ".inputrc"};
	make_folders();
	unsetenv("INPUTRC");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		unlink(at(files[i])); // a history of the run before
		assert_int_equal(mkfifo(at(files[i]), 0600), 0);
		struct pty *p = start_lab(24, 120);
		pty_until(p, files[i]);
		pty_until(p, "not a ");
		pty_type(p, ":");
		pty_type(p, "port 4711\r");
		pty_until(p, "4711");
		quit(p);
		assert_int_equal(unlink(at(files[i])), 0);
	}
	setenv("INPUTRC", "/dev/null", 1);
}

// Nor is a description of the terminal: without one the screen stays empty.
static void test_terminfo(void **state)
{
	(void)state;
	static const char *const folders[] = {".terminfo/x", ".terminfo/78"};
	const char *argv[] = {program, "192.0.2.2", NULL}, *shell[] = {program, "run", "--lab", "-", NULL};
	mkdir(at(".terminfo"), 0700);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char path[PATH_MAX];
		snprintf(path, sizeof path, "%s/xterm-256color", at(folders[i]));
		assert_int_equal(mkdir(at(folders[i]), 0700), 0);
		assert_int_equal(mkfifo(path, 0600), 0);
		struct pty *p = pty_start(24, 120, "xterm-256color", argv);
		pty_until(p, "is not a regular file");
		int status = pty_wait(p);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), EXIT_MISSING);
		pty_expect_restored(p);
		pty_close(p);
		p = pty_start(24, 120, "xterm-256color", shell);
		pty_until(p, "is not a regular file");
		pty_until(p, "bindwalk (lab)>");
		pty_type(p, "quit\r");
		end_normally(p);
		assert_int_equal(unlink(path), 0);
	}
}

// A link in the place of the history leads nobody elsewhere.
static void test_link(void **state)
{
	(void)state;
	struct stat before, now;
	int fd = open(at("precious"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; i < 2000; i++)
		assert_int_equal(dprintf(fd, "%064d\n", i), 65);
	close(fd);
	assert_int_equal(stat(at("precious"), &before), 0);
	unlink(at(".local/state/bindwalk/history"));
	assert_int_equal(symlink(at("precious"), at(".local/state/bindwalk/history")), 0);
	struct pty *p = start_lab(24, 120);
	pty_until(p, "is a link");
	pty_type(p, ":port 4711\r");
	pty_until(p, "4711");
	quit(p);
	assert_int_equal(stat(at("precious"), &now), 0);
	assert_int_equal(now.st_size, before.st_size);
	assert_int_equal(now.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
	assert_int_equal(unlink(at(".local/state/bindwalk/history")), 0);
}

static void apply(const char *text)
{
	char err[EDIT_ERROR] = "";
	struct edit e[COMMAND_EDITS];
	struct changer *c;
	assert_int_equal(change_open(&c), 0);
	assert_int_equal(command_edit_line(text, e, err, sizeof err), 1);
	if (edit_apply(c, e) < 0)
		fail_msg("%s: %s", text, change_why(c));
	change_close(c);
}

static struct pty *start(bool edit)
{
	const char *argv[] = {program, edit ? "--edit" : "192.0.2.2", edit ? "192.0.2.2" : NULL, NULL};
	return pty_start(24, 120, "xterm-256color", argv);
}

static unsigned journals(void)
{
	unsigned n = 0;
	DIR *d = opendir(at(".local/state/bindwalk"));
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += strncmp(e->d_name, "journal-", 8) == 0;
	closedir(d);
	return n;
}

// What cannot be undone is reported with its reason, and can be forgotten. (Moves into a lab: the "host" of these
// tests.)
static void test_never_undone(void **state)
{
	(void)state;
	char err[LAB_ERROR];
	assert_int_equal(lab_enter(err, sizeof err), 0);
	apply("link add v7 type veth peer v8");
	apply("address add 10.77.0.1/16 dev v7");
	struct pty *p = start(true);
	pty_until(p, "10.77.0.1");
	pty_type(p, ":address del 10.77.0.1/16 dev v7\r");
	pty_until(p, "Change this host:");
	say_yes(p);
	pty_until(p, "1 change ");
	kill(p->child, SIGKILL);
	pty_wait(p);
	pty_close(p);
	apply("link del v7");
	for (int forget = 0; forget < 2; forget++) {
		p = start(false);
		pty_until(p, "1 change of an earlier run is still there");
		quit(p);
		p = start(true);
		pty_until(p, "ip address del 10.77.0.1/16 dev v7");
		pty_until(p, "undo: ip address add 10.77.0.1/16 dev v7");
		pty_until(p, "Undo them?");
		answer(p, "y\r");
		pty_until(p, "not undone: ip address add 10.77.0.1/16 dev v7: No such device");
		pty_until(p, "Forget it");
		answer(p, forget ? "y\r" : "\r");
		pty_until(p, "· edit");
		quit(p);
		assert_int_equal(journals(), !forget);
	}
	p = start(false);
	pty_until(p, "192.0.2.2");
	pty_until_waiting(p);
	assert_false(pty_shows(p, "of an earlier run"));
	quit(p);
}

// A journal that anybody could have written is named, and nothing in it is done. (In test_never_undone's lab.)
static void test_forged_journal(void **state)
{
	(void)state;
	static const char lines[] = "change 1 route add local 10.9.0.0/16 dev lo\nback 1 route del default\nready 1\n";
	char id[JOURNAL_ID], head[JOURNAL_HEAD], name[PATH_MAX];
	apply("route add default via 192.0.2.1");
	assert_int_equal(journal_id(id), 0);
	journal_head(id, head);
	snprintf(name, sizeof name, "%s/.local/state/bindwalk/journal-%s-7.0", home, id);
	for (int open_to_all = 0; open_to_all < 2; open_to_all++) {
		int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		assert_int_equal(dprintf(fd, "%s%s", head, lines), strlen(head) + strlen(lines));
		assert_int_equal(fchmod(fd, open_to_all ? 0666 : 0600), 0);
		close(fd);
		struct pty *p = start(false);
		pty_until(p, open_to_all ? "chmod go-w" : "line 4 ends");
		quit(p);
		p = start(true);
		pty_until(p, "· edit");
		quit(p);
		assert_int_equal(journals(), 1);
	}
	assert_int_equal(unlink(name), 0);
	apply("route del default via 192.0.2.1"); // fails where it was done
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifos),        cmocka_unit_test(test_terminfo),       cmocka_unit_test(test_link),
		cmocka_unit_test(test_never_undone), cmocka_unit_test(test_forged_journal),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
