// SPDX-License-Identifier: GPL-3.0-or-later
// Changes, their way back, and the journal: a process that makes changes is killed at each of its system calls, and the next one
// must find the namespace as it was, or bring it back to that.
#include "tests/live/live.h"

#include <dirent.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/editor.h"
#include "core/journal.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static char state_home[] = "/tmp/bindwalk-journal-XXXXXX";

static struct edit line(const char *text)
{
	char err[EDIT_ERROR] = "";
	struct edit e;
	if (edit_parse(text, &e, err, sizeof err) < 0)
		fail_msg("%s: %s", text, err);
	return e;
}

static void make(struct editor *e, const char *text)
{
	char err[EDIT_ERROR] = "";
	struct edit edit = line(text);
	if (editor_make(e, &edit, err, sizeof err) < 0)
		fail_msg("%s: %s", text, err);
}

static bool agree(const struct edit *e, void *data)
{
	unsigned *asked = data;
	(void)e;
	++*asked;
	return true;
}

static bool decline(const struct edit *e, void *data)
{
	(void)e;
	(void)data;
	return false;
}

static unsigned asked;

static struct editor *open_editor(bool journal)
{
	char err[EDIT_ERROR];
	struct editor *e;
	if (editor_open(&e, journal, err, sizeof err) < 0)
		fail_msg("%s", err);
	editor_ask(e, agree, &asked);
	return e;
}

static void close_editor(struct editor *e)
{
	char err[EDIT_ERROR] = "";
	if (editor_close(e, err, sizeof err) < 0)
		fail_msg("%s", err);
}

static struct scene look(void)
{
	struct scene s;
	assert_int_equal(scene_read(&s, SCENE_ALL, NULL, NULL), 0);
	return s;
}

// The kernel settles a link that came up again a moment later: a difference counts when it stays.
static void assert_settles(const struct scene *before, const char *when)
{
	enum { TRIES = 250, PAUSE_NS = 20000000 };
	char text[EDIT_TEXT] = "";
	for (int i = 0; i < TRIES; i++) {
		struct scene steps = {0}, now = look();
		assert_int_equal(scene_difference(&now, before, SCENE_LOST, &steps), 0);
		size_t n = steps.n;
		if (n)
			edit_print(&steps.edits[0], text, sizeof text);
		scene_free(&steps);
		scene_free(&now);
		if (n == 0)
			return;
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	fail_msg("%s: still different: %s", when, text);
}

static void apply(const char *text)
{
	struct changer *c;
	struct edit e = line(text);
	assert_int_equal(change_open(&c), 0);
	int rc = edit_apply(c, &e);
	if (rc < 0)
		fail_msg("%s: %s %s", text, strerror(-rc), change_why(c));
	change_close(c);
}

static unsigned journals(void)
{
	char path[64];
	unsigned n = 0;
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));)
		n += strncmp(e->d_name, "journal-", 8) == 0;
	if (d)
		closedir(d);
	return n;
}

static void clear_journals(void)
{
	char path[400];
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
}

// What every test begins with: routes that hang on an address, a device and a next hop object.
static int furnish(void **state)
{
	(void)state;
	apply("address add 198.51.100.1/24 dev eth0");
	apply("address add 198.51.100.2/24 dev eth0");
	apply("route add 203.0.113.0/24 via 198.51.100.9 src 198.51.100.1");
	apply("route add default via 192.0.2.1 metric 7");
	apply("route add local 10.1.0.0/16 dev lo");
	apply("nexthop add id 9 dev eth0");
	apply("route add 10.2.0.0/16 nhid 9");
	apply("rule add pref 77 from 10.0.0.0/8 lookup 77");
	apply("-6 route add 2001:db8:7::/48 via 2001:db8::1");
	return 0;
}

static int clear(void **state)
{
	(void)state;
	for (const char *const *l =
		     (const char *const[]){
			     "route del 10.2.0.0/16", "nexthop del id 9", "route del local 10.1.0.0/16 dev lo",
			     "route del default", "route del 203.0.113.0/24", "address del 198.51.100.2/24 dev eth0",
			     "address del 198.51.100.1/24 dev eth0", "rule del pref 77 from 10.0.0.0/8 lookup 77",
			     "-6 route del 2001:db8:7::/48", NULL};
	     *l; l++)
		apply(*l);
	return 0;
}

// Each kind of change, taken back.
static void each_change_is_undone(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"route add local 10.9.0.0/16 dev lo",
		"route add local 2001:db8:9::/64 dev lo",
		"route add blackhole 10.8.0.0/16 metric 3 table 44",
		"route append local 10.1.0.0/16 dev eth0",
		"route replace blackhole 10.1.0.0/16 table local",
		"route replace local 10.1.0.0/16 dev lo src 198.51.100.1",
		"route replace 203.0.113.0/24 dev eth0 scope link",
		"route replace local 192.0.2.2 dev lo",
		"route replace local 10.9.0.0/16 dev lo",
		"-6 route replace blackhole 2001:db8:7::/48",
		"route del 203.0.113.0/24",
		"route del local 10.1.0.0/16 dev lo",
		"route del local 192.0.2.2 dev eth0 table local",
		"-6 route del 2001:db8:7::/48",
		"address add 10.77.0.1/16 dev eth0 broadcast 10.77.255.255 scope link",
		"address add 2001:db8:77::1/64 dev lo nodad",
		"address del 198.51.100.1/24 dev eth0",
		"address del 2001:db8::2/64 dev eth0",
		"rule add pref 88 to 10.0.0.0/8 fwmark 5 lookup 99",
		"rule del pref 77 from 10.0.0.0/8 lookup 77",
		"-6 rule add pref 88 iif eth0 blackhole",
		"link add v7 type veth peer v8",
		"link set eth0 down",
		"link set lo down",
		"nexthop add id 3 blackhole",
		"nexthop del id 9",
		"sysctl net.ipv4.ip_nonlocal_bind 1",
		"sysctl net.ipv4.ip_local_port_range '40000 40010'",
		"sysctl net.ipv6.conf.eth0.disable_ipv6 1",
		"sysctl net.ipv6.conf.all.disable_ipv6 1",
		"sysctl net.ipv4.ip_forward 1",
	};
	struct scene before = look();
	for (int journal = 0; journal < 2; journal++)
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
			char err[EDIT_ERROR] = "";
			struct editor *e = open_editor(journal);
			struct edit edit = line(lines[i]);
			int rc = editor_make(e, &edit, err, sizeof err);
			if (rc < 0)
				fail_msg("%s: %s", lines[i], err);
			struct scene now = look();
			assert_true(scene_holds(&now, &edit));
			scene_free(&now);
			assert_int_equal(editor_count(e), 1);
			if (!journal && editor_undo(e, false, err, sizeof err) != 1)
				fail_msg("undo %s: %s", lines[i], err);
			close_editor(e); // with a journal, this undoes
			assert_settles(&before, lines[i]);
		}
	assert_int_equal(journals(), 0);
	scene_free(&before);
}

static void what_can_not_be_undone_is_refused(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct scene before = look();
	struct editor *e = open_editor(true);
	struct edit del = line("link del eth0"), again = line("route add local 10.1.0.0/16 dev lo"),
		    none = line("route del 172.31.0.0/16"), same = line("link set eth0 up");
	assert_int_equal(editor_make(e, &del, err, sizeof err), -EOPNOTSUPP);
	assert_non_null(strstr(err, "can't be deleted"));
	assert_int_equal(editor_make(e, &again, err, sizeof err), -EEXIST);
	assert_int_equal(editor_make(e, &none, err, sizeof err), -ENOENT);
	assert_int_equal(editor_make(e, &same, err, sizeof err), 0);
	assert_int_equal(editor_count(e), 0);
	assert_int_equal(editor_undo(e, false, err, sizeof err), -ENODATA);
	close_editor(e);
	assert_settles(&before, "refusals");
	scene_free(&before);
}

// Somebody else's change in between is not undone along with ours, and is told.
static void change_from_outside_is_left_alone(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct editor *e = open_editor(true);
	make(e, "sysctl net.ipv4.ip_unprivileged_port_start 80");
	make(e, "route add local 10.9.0.0/16 dev lo");
	apply("sysctl net.ipv4.ip_unprivileged_port_start 443");
	apply("route del local 10.9.0.0/16 dev lo");
	assert_int_equal(editor_undo(e, true, err, sizeof err), 0);
	assert_non_null(strstr(err, "left alone"));
	close_editor(e);
	struct scene now = look();
	struct edit theirs = line("sysctl net.ipv4.ip_unprivileged_port_start 443");
	assert_true(scene_holds(&now, &theirs));
	scene_free(&now);
	apply("sysctl net.ipv4.ip_unprivileged_port_start 1024");
}

// An interface that is gone keeps its own change from being undone, and no other one.
static void what_can_not_be_undone_keeps_nothing_else(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct scene before = look(), now;
	apply("link add v7 type veth peer v8");
	apply("address add 10.77.0.1/16 dev v7");
	struct editor *e = open_editor(true);
	make(e, "sysctl net.ipv4.ip_nonlocal_bind 1");
	make(e, "address del 10.77.0.1/16 dev v7");
	make(e, "route add local 10.9.0.0/16 dev lo");
	apply("link del v7");
	assert_int_equal(editor_undo(e, true, err, sizeof err), -ENODEV);
	assert_non_null(strstr(err, "ip address add 10.77.0.1/16 dev v7"));
	assert_int_equal(editor_count(e), 1);
	editor_leave(e);
	assert_settles(&before, "all but one");
	// The interface comes back, and the next start takes it back there, too.
	apply("link add v7 type veth peer v8");
	e = open_editor(true);
	assert_int_equal(editor_recover(e, err, sizeof err), 1);
	close_editor(e);
	now = look();
	struct edit address = line("address add 10.77.0.1/16 dev v7");
	assert_true(scene_holds(&now, &address));
	scene_free(&now);
	apply("link del v7");
	assert_settles(&before, "that one");
	assert_int_equal(journals(), 0);
	scene_free(&before);
}

static void nothing_happens_unconfirmed(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct scene before = look();
	struct editor *e = open_editor(true);
	struct edit edit = line("route add local 10.9.0.0/16 dev lo");
	editor_ask(e, NULL, NULL);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), -ECANCELED);
	editor_ask(e, decline, NULL);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), -ECANCELED);
	assert_int_equal(editor_count(e), 0);
	struct scene now = look();
	assert_false(scene_holds(&now, &edit));
	scene_free(&now);
	asked = 0;
	editor_ask(e, agree, &asked);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), 0);
	assert_int_equal(asked, 1);
	close_editor(e);
	assert_settles(&before, "confirmation");
	scene_free(&before);
	e = open_editor(false); // a lab: nobody is asked
	asked = 0;
	make(e, "route add local 10.9.0.0/16 dev lo");
	assert_int_equal(asked, 0);
	assert_int_equal(editor_undo(e, true, err, sizeof err), 1);
	close_editor(e);
}

// What is left for later is offered again; taking it over twice does not take it back twice.
static void left_changes_are_offered_again(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct scene before = look();
	struct editor *e = open_editor(true);
	make(e, "route add local 10.9.0.0/16 dev lo");
	assert_int_equal(journal_left(), 0); // somebody has it
	editor_leave(e);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(journal_left(), 1);
		e = open_editor(true);
		assert_int_equal(editor_recover(e, err, sizeof err), 1);
		if (i == 0)
			editor_leave(e);
		else
			close_editor(e);
	}
	assert_settles(&before, "left for later");
	assert_int_equal(journals(), 0);
	assert_int_equal(journal_left(), 0);
	scene_free(&before);
}

static void a_neighbours_interface_comes_back(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct scene before = look();
	struct editor *e = open_editor(false);
	make(e, "link del eth0");
	if (editor_undo(e, false, err, sizeof err) != 1)
		fail_msg("%s", err);
	assert_settles(&before, "link del eth0");
	make(e, "link del eth0");
	if (editor_reset(e, err, sizeof err) < 0)
		fail_msg("%s", err);
	assert_settles(&before, "link del eth0, reset");
	close_editor(e);
	scene_free(&before);
}

static void kept_changes_stay(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct editor *e = open_editor(true);
	make(e, "route add local 10.9.0.0/16 dev lo");
	assert_int_equal(editor_keep(e, err, sizeof err), 0);
	close_editor(e);
	assert_int_equal(journals(), 0);
	apply("route del local 10.9.0.0/16 dev lo"); // fails the test when it is not there
}

static void two_at_once_have_their_own(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct scene before = look(), now;
	struct editor *a = open_editor(true), *b = open_editor(true);
	make(a, "route add local 10.9.0.0/16 dev lo");
	make(b, "route add local 10.8.0.0/16 dev lo");
	assert_int_equal(journals(), 2);
	// Neither takes the other for one that is gone.
	assert_int_equal(editor_recover(a, err, sizeof err), 0);
	assert_int_equal(editor_recover(b, err, sizeof err), 0);
	close_editor(a);
	now = look();
	struct edit theirs = line("route add local 10.8.0.0/16 dev lo"),
		    ours = line("route add local 10.9.0.0/16 dev lo");
	assert_true(scene_holds(&now, &theirs));
	assert_false(scene_holds(&now, &ours));
	scene_free(&now);
	close_editor(b);
	assert_settles(&before, "two at once");
	scene_free(&before);
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
	_exit(editor_recover(e, err, sizeof err) == 0 ? 0 : 4);
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
	assert_non_null(strstr(text, "change 1 route del unicast 203.0.113.0/24\n")
				?: strstr(text, "change 1 route del 203.0.113.0/24\n"));
	assert_non_null(strstr(text, "back 1 route add 203.0.113.0/24 via 198.51.100.9 dev eth0 src 198.51.100.1\n"));
	assert_non_null(strstr(text, "ready 1\ndone 1\n"));
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

// The process that is to be killed: changes of several kinds, one undone, the rest undone at the end.
_Noreturn static void work(void)
{
	static const char *const lines[] = {"route add local 10.9.0.0/16 dev lo",
					    "address del 198.51.100.1/24 dev eth0",
					    "sysctl net.ipv4.ip_nonlocal_bind 1", "link set eth0 down",
					    "rule del pref 77 from 10.0.0.0/8 lookup 77"};
	char err[EDIT_ERROR];
	struct editor *e;
	struct edit edit;
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	if (editor_open(&e, true, err, sizeof err) < 0)
		_exit(1);
	editor_ask(e, agree, &asked);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (edit_parse(lines[i], &edit, err, sizeof err) < 0 || editor_make(e, &edit, err, sizeof err) < 0)
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
	struct scene before = look();
	unsigned recovered = 0, points = 0, n = 1;
	// Both the entry and the return of a call are a stop; an odd step meets either. BINDWALK_KILL_STEP=1 meets all.
	for (bool ended = false; !ended; n += step ? (unsigned)atoi(step) : 7) {
		char err[EDIT_ERROR] = "", when[64];
		ended = work_until(n);
		points++;
		struct editor *e = open_editor(true);
		int left = editor_recover(e, err, sizeof err);
		if (left < 0)
			fail_msg("recovery after %u: %s", n, err);
		recovered += left > 0;
		close_editor(e);
		snprintf(when, sizeof when, "killed at stop %u", n);
		assert_settles(&before, when);
		assert_int_equal(journals(), 0);
	}
	print_message("# killed at %u points, %u of them with something to undo\n", points, recovered);
	assert_true(recovered * 2 > points);
	scene_free(&before);
}

// Whatever was done from anywhere, reset leads back; and quickly.
static void reset_is_quick_and_whole(void **state)
{
	(void)state;
	static const char *const lines[] = {"link set lo down",
					    "address del 192.0.2.2/24 dev eth0",
					    "sysctl net.ipv6.conf.all.disable_ipv6 1",
					    "link add x0 type veth peer x1",
					    "link set x0 up",
					    "rule del pref 77 from 10.0.0.0/8 lookup 77",
					    "rule add pref 5 lookup 12",
					    "sysctl net.ipv4.ip_forward 1",
					    "address add 10.10.10.10/8 dev x0",
					    "nexthop del id 9"};
	char err[EDIT_ERROR] = "";
	struct timespec a, b;
	struct scene before = look();
	struct editor *e = open_editor(false);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		apply(lines[i]);
	for (unsigned i = 0; i < 1000; i++) {
		char text[64];
		snprintf(text, sizeof text, "route add local 172.16.%u.%u dev x0", i / 250, i % 250);
		apply(text);
	}
	make(e, "link del x0");
	clock_gettime(CLOCK_MONOTONIC, &a);
	if (editor_reset(e, err, sizeof err) < 0)
		fail_msg("%s", err);
	clock_gettime(CLOCK_MONOTONIC, &b);
	long ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
	print_message("# reset took %ld ms\n", ms);
	assert_true(ms < 5000); // far from what it takes: other machines are slow
	assert_string_equal(err, "");
	assert_int_equal(editor_count(e), 0);
	assert_settles(&before, "reset");
	scene_free(&before);
	close_editor(e);
}

static void reset_to(const struct scene *before, const char *change)
{
	char err[EDIT_ERROR] = "", text[EDIT_TEXT];
	struct editor *e = open_editor(false);
	apply(change);
	if (editor_reset(e, err, sizeof err) < 0 || err[0])
		fail_msg("%s: %s", change, err);
	close_editor(e);
	assert_settles(before, change);
	struct scene now = look();
	for (size_t i = 0; i < now.n; i++)
		if (now.edits[i].kind == EDIT_ADDR && !scene_find(before, &now.edits[i]))
			fail_msg("%s: new is %s", change, edit_print(&now.edits[i], text, sizeof text));
	struct edit own = line("route add local 2001:db8::2 dev eth0 table local");
	const struct edit *found = scene_find(&now, &own);
	assert_non_null(found);
	assert_int_equal(found->route.metric, 0); // the kernel's: one made by hand has 1024, and outlives the address
	scene_free(&now);
}

// What the kernel makes along with an interface or an address is there again, and made as it makes it.
static void reset_is_as_the_kernel_makes_it(void **state)
{
	(void)state;
	apply("link add v5 type veth peer v6");
	apply("sysctl net.ipv6.conf.v5.addr_gen_mode 1"); // none that come later
	apply("sysctl net.ipv6.conf.v6.addr_gen_mode 1");
	apply("link set v5 up");
	apply("link set v6 up");
	apply("address add 10.55.0.1/24 dev v5");
	apply("address add 10.55.0.2/24 dev v6");
	struct scene before = look();
	reset_to(&before, "link set eth0 mtu 1000"); // too small for IPv6, which leaves the interface
	reset_to(&before, "link set eth0 mtu 1400");
	reset_to(&before, "link del eth0");
	reset_to(&before, "route del local 2001:db8::2 dev eth0 table local");
	reset_to(&before, "route del 10.55.0.0/24 dev v6"); // v5 has one of the same key
	scene_free(&before);
	apply("link del v5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_undone),
		cmocka_unit_test(what_can_not_be_undone_is_refused),
		cmocka_unit_test(change_from_outside_is_left_alone),
		cmocka_unit_test(what_can_not_be_undone_keeps_nothing_else),
		cmocka_unit_test(nothing_happens_unconfirmed),
		cmocka_unit_test(kept_changes_stay),
		cmocka_unit_test(left_changes_are_offered_again),
		cmocka_unit_test(a_neighbours_interface_comes_back),
		cmocka_unit_test(two_at_once_have_their_own),
		cmocka_unit_test(another_namespace_with_its_number_is_not_taken_for_it),
		cmocka_unit_test(journal_is_private_and_in_words),
		cmocka_unit_test(unwritable_home_refuses),
		cmocka_unit_test(killed_at_any_point_is_recovered),
		cmocka_unit_test(reset_is_quick_and_whole),
		cmocka_unit_test(reset_is_as_the_kernel_makes_it),
	};
	if (!live_enter())
		return 0;
	if (!mkdtemp(state_home) || setenv("XDG_STATE_HOME", state_home, 1) < 0)
		return 99;
	int failed = cmocka_run_group_tests(tests, furnish, clear);
	char path[64];
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	rmdir(path);
	rmdir(state_home);
	return failed;
}
