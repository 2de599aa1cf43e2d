// SPDX-License-Identifier: GPL-3.0-or-later
// The undo journal: a process that makes changes is killed at each of its system calls, and the next one must find the
// namespace as it was, or bring it back to that.
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/edit_apply.h"
#include "core/change/editor_undo.h"
#include "core/change/journal_left.h"
#include "core/command/command_edit.h"
#include "tests/live/edited.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static unsigned left(void)
{
	char err[JOURNAL_ERROR];
	unsigned n = journal_left(command_edit_line, err, sizeof err);
	assert_string_equal(err, "");
	return n;
}

// Changes left for later are offered again; adopting them twice does not undo them twice.
static void left_changes_are_offered_again(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled();
	struct editor *e = open_editor(true);
	make(e, "route add local 10.9.0.0/16 dev lo");
	assert_int_equal(left(), 0); // somebody has it
	editor_leave(e);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(left(), 1);
		e = open_editor(true);
		assert_int_equal(editor_recover(e, command_edit_line, err, sizeof err), 1);
		if (i == 0)
			editor_leave(e);
		else
			close_editor(e);
	}
	assert_same(&before, "left for later");
	assert_int_equal(journals(), 0);
	assert_int_equal(left(), 0);
	inventory_free(&before);
}

static void two_at_once_have_their_own(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled(), now;
	struct editor *a = open_editor(true), *b = open_editor(true);
	make(a, "route add local 10.9.0.0/16 dev lo");
	make(b, "route add local 10.8.0.0/16 dev lo");
	assert_int_equal(journals(), 2);
	// Neither takes the other for one that is gone.
	assert_int_equal(editor_recover(a, command_edit_line, err, sizeof err), 0);
	assert_int_equal(editor_recover(b, command_edit_line, err, sizeof err), 0);
	close_editor(a);
	now = look();
	struct edit theirs = line("route add local 10.8.0.0/16 dev lo"),
		    ours = line("route add local 10.9.0.0/16 dev lo");
	assert_true(inventory_holds(&now, &theirs));
	assert_false(inventory_holds(&now, &ours));
	inventory_free(&now);
	close_editor(b);
	assert_same(&before, "two at once");
	inventory_free(&before);
	assert_int_equal(journals(), 0);
}

// Before Linux 5.14 there is nothing to tell two namespaces of one number apart.
static bool namespaces_have_cookies(void)
{
	uint64_t cookie;
	socklen_t len = sizeof cookie;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool have = fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) == 0;
	close(fd);
	return have;
}

// The journals that are there, as if the kernel had given their namespace's number to ours.
static bool take_over_number(void)
{
	char path[64], name[400];
	struct stat st;
	bool done = false;
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	DIR *d = opendir(path);
	if (!d || stat("/proc/self/ns/net", &st) < 0)
		return false;
	for (struct dirent *e; !done && (e = readdir(d));) {
		if (strncmp(e->d_name, "journal-", 8) != 0)
			continue;
		snprintf(name, sizeof name, "journal-%lu%s", (unsigned long)st.st_ino,
			 e->d_name + 8 + strspn(e->d_name + 8, "0123456789"));
		done = renameat(dirfd(d), e->d_name, dirfd(d), name) == 0;
	}
	closedir(d);
	return done;
}

// Leaves a change in a namespace that goes away, and comes to another one which has the number of the first.
_Noreturn static void leave_and_meet_again(void)
{
	char err[EDIT_ERROR] = "";
	struct edit edit = line("sysctl net.ipv4.ip_nonlocal_bind 1");
	struct editor *e;
	if (unshare(CLONE_NEWNET) < 0 || editor_open(&e, true, err, sizeof err) < 0)
		_exit(1);
	editor_ask(e, agree, &asked);
	if (editor_make(e, &edit, err, sizeof err) < 0)
		_exit(2);
	editor_leave(e);
	struct changer *c;
	if (unshare(CLONE_NEWNET) < 0 || !take_over_number() || change_open(&c) < 0 || edit_apply(c, &edit) < 0 ||
	    editor_open(&e, true, err, sizeof err) < 0)
		_exit(3);
	_exit(editor_recover(e, command_edit_line, err, sizeof err) == 0 ? 0 : 4);
}

static void another_namespace_with_its_number_is_not_taken_for_it(void **state)
{
	(void)state;
	int status;
	if (!namespaces_have_cookies())
		skip();
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		leave_and_meet_again();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	clear_journals();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void journal_is_private_and_in_words(void **state)
{
	(void)state;
	char err[EDIT_ERROR], text[4096];
	struct editor *e = open_editor(true);
	make(e, "route del 203.0.113.0/24");
	char path[64], file[400] = "";
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	DIR *d = opendir(path);
	assert_non_null(d);
	for (struct dirent *entry; (entry = readdir(d));)
		if (entry->d_name[0] != '.')
			snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
	closedir(d);
	struct stat st;
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	FILE *f = fopen(file, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	// The very route that was taken, whatever others there may be.
	assert_non_null(strstr(text, "change 1 route del unicast 203.0.113.0/24 via 198.51.100.9 dev eth0 "
				     "src 198.51.100.1\n"));
	assert_non_null(strstr(text, "back 1 route add 203.0.113.0/24 via 198.51.100.9 dev eth0 src 198.51.100.1\n"));
	assert_non_null(strstr(text, "ready 1\n"));
	assert_int_equal(editor_undo(e, true, err, sizeof err), 1);
	close_editor(e);
}

static void unwritable_home_refuses(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct editor *e;
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	assert_true(editor_open(&e, true, err, sizeof err) < 0);
	assert_non_null(strstr(err, "/proc/nowhere/bindwalk"));
	assert_null(e);
	setenv("XDG_STATE_HOME", state_home, 1);
}

// The process to kill: changes of several kinds, one undone, the rest undone at the end.
_Noreturn static void work(void)
{
	static const char *const lines[] = {"route add local 10.9.0.0/16 dev eth0",
					    "route del local 10.1.0.0/16",
					    "address del 198.51.100.2/24 dev eth0",
					    "sysctl net.ipv4.ip_nonlocal_bind 1",
					    "link set v5 down",
					    "rule del pref 77 from 10.0.0.0/8 lookup 77"};
	char err[EDIT_ERROR];
	struct editor *e;
	struct edit edit[COMMAND_EDITS];
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	if (editor_open(&e, true, err, sizeof err) < 0)
		_exit(1);
	editor_ask(e, agree, &asked);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (command_edit_line(lines[i], edit, err, sizeof err) != 1 ||
		    editor_make(e, edit, err, sizeof err) < 0)
			_exit(2);
	if (editor_undo(e, false, err, sizeof err) != 1)
		_exit(3);
	_exit(editor_close(e, err, sizeof err) < 0 ? 4 : 0);
}

// Runs the work up to its nth stop at a system call. True when it got to its end before.
static bool work_until(unsigned n)
{
	int status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		work();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(uintptr_t)PTRACE_O_EXITKILL);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status)) {
			assert_int_equal(WEXITSTATUS(status), 0);
			return true;
		}
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return false;
}

static void killed_at_any_point_is_recovered(void **state)
{
	(void)state;
	const char *step = getenv("BINDWALK_KILL_STEP");
	apply("link add v5 type veth peer v6");
	apply("sysctl net.ipv6.conf.v5.addr_gen_mode 1"); // no addresses that come later
	apply("sysctl net.ipv6.conf.v6.addr_gen_mode 1");
	apply("link set v5 up");
	apply("address add 10.55.0.1/24 dev v5");
	struct inventory before = look_settled();
	unsigned recovered = 0, points = 0, n = 1;
	// Both the entry and the return of a call are a stop; an odd step meets either. BINDWALK_KILL_STEP=1 meets all.
	for (bool ended = false; !ended; n += step ? (unsigned)atoi(step) : 7) {
		char err[EDIT_ERROR] = "", when[64];
		ended = work_until(n);
		points++;
		struct editor *e = open_editor(true);
		int left = editor_recover(e, command_edit_line, err, sizeof err);
		if (left < 0)
			fail_msg("recovery after %u: %s", n, err);
		recovered += left > 0;
		close_editor(e);
		snprintf(when, sizeof when, "killed at stop %u", n);
		assert_same(&before, when);
		assert_int_equal(journals(), 0);
	}
	print_message("# killed at %u points, %u of them with something to undo\n", points, recovered);
	assert_true(recovered * 2 > points);
	inventory_free(&before);
	apply("link del v5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(left_changes_are_offered_again),
		cmocka_unit_test(two_at_once_have_their_own),
		cmocka_unit_test(another_namespace_with_its_number_is_not_taken_for_it),
		cmocka_unit_test(journal_is_private_and_in_words),
		cmocka_unit_test(unwritable_home_refuses),
		cmocka_unit_test(killed_at_any_point_is_recovered),
	};
	return edited_run(tests, sizeof tests / sizeof *tests);
}
