// SPDX-License-Identifier: GPL-3.0-or-later
// Sockets that other processes hold in the lab: the kernel and Bindwalk see them, they end as they should.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "core/command/session.h"
#include "core/command/session_hold.h"
#include "core/command/session_run.h"
#include "tests/live/live.h"

static struct session session;
static struct editor *editor;
static struct session_error error;
static char rows[16 * 1024];

static void keep_row(void *data, const struct row *row)
{
	size_t at = strlen(rows);
	(void)data;
	snprintf(rows + at, sizeof rows - at, "%s\n", row->text);
}

static enum exit_status run(const char *line)
{
	static const struct session_out out = {.row = keep_row};
	rows[0] = '\0';
	return session_line(&session, line, &out, &error);
}

static void runs(const char *line)
{
	if (run(line) != EXIT_OK)
		fail_msg("\"%s\": %s", line, error.text);
}

static void says(const char *line, const char *part)
{
	runs(line);
	if (!strstr(rows, part))
		fail_msg("\"%s\" does not say %s but:\n%s", line, part, rows);
}

static void fails(const char *line, const char *part)
{
	if (run(line) == EXIT_OK || !strstr(error.text, part))
		fail_msg("\"%s\": %s", line, error.text);
}

// A real bind of ours, with nothing set.
static int bind_port(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int err = fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof to) < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	return err;
}

static void fresh(void)
{
	char err[COMMAND_ERROR];
	session_close(&session);
	assert_int_equal(session_open(&session, editor, NULL, err, sizeof err), 0);
}

static void test_holder_is_seen(void **state)
{
	char pid[32];
	(void)state;
	fresh();
	says("hold 0.0.0.0:80 listen name nginx", "tcp4 0.0.0.0:80 listening, pid ");
	snprintf(pid, sizeof pid, "pid %d (nginx)", (int)session.held.all[0].pid);
	assert_int_equal(bind_port(80), EADDRINUSE);
	says("show sockets", pid);
	says("show sockets", "LISTEN");
	says("bind 127.0.0.1:80", pid);
	runs("expect PORT_TAKEN");
	says("show events", "hold tcp4 0.0.0.0:80 listening, pid ");
	says("release", "release tcp4 0.0.0.0:80");
	assert_int_equal(bind_port(80), 0);
	says("show events", "release tcp4 0.0.0.0:80");
	runs("bind");
	runs("expect ok");
}

// Each word of the command is in the socket.
static void test_words(void **state)
{
	(void)state;
	fresh();
	runs("hold 0.0.0.0 67 proto udp device eth0 set reuseaddr,reuseport");
	says("show sockets", "0.0.0.0%eth0:67");
	runs("proto udp");
	runs("bind 0.0.0.0 67");
	runs("expect EADDRINUSE");
	runs("device lo");
	runs("bind");
	runs("expect ok");
	runs("device none");
	runs("set reuseport");
	runs("bind");
	runs("expect ok");
	runs("unset all");
	runs("hold [fe80::2%eth0]:5353 type dgram");
	runs("bind :: 5353");
	runs("expect EADDRINUSE");
	runs("proto tcp");
	runs("hold :: 8080 set v6only listen");
	runs("bind 0.0.0.0:8080");
	runs("expect ok");
	runs("release all");
	assert_int_equal(session.held.n, 0);
	runs("hold 127.0.0.1");
	assert_true(session.held.all[0].attempt.port > 0); // the kernel chose one
}

// A closed connection is on the port, which only who shares it from both sides may have.
static void test_time_wait(void **state)
{
	(void)state;
	fresh();
	runs("hold 0.0.0.0:8080 time-wait set reuseaddr");
	runs("hold [::1]:8081 time-wait");
	runs("bind 0.0.0.0:8080");
	runs("expect EADDRINUSE");
	says("show sockets", "TIME_WAIT");
	runs("set reuseport");
	runs("bind");
	runs("expect EADDRINUSE");
	runs("set reuseaddr");
	runs("bind");
	runs("expect ok");
	runs("bind [::1]:8081");
	runs("expect EADDRINUSE");
	says("release 1", "up to a minute");
	assert_int_equal(bind_port(8080), EADDRINUSE);
}

static void test_undo(void **state)
{
	(void)state;
	fresh();
	runs("hold 0.0.0.0:81");
	runs("route add local 203.0.113.0/24 dev lo");
	runs("hold 203.0.113.9:82 listen");
	runs("sysctl net.ipv4.ip_unprivileged_port_start 80");
	assert_int_equal(session_changes(&session), 4);
	says("undo", "1 change undone, 3 left");
	assert_int_equal(session.held.n, 2);
	says("undo", "1 change undone, 2 left");
	assert_int_equal(session.held.n, 1);
	assert_int_equal(bind_port(82), 0);
	says("undo", "1 change undone, 1 left");
	says("show routes", "127.0.0.0/8");
	assert_null(strstr(rows, "203.0.113.0"));
	assert_int_equal(bind_port(81), EADDRINUSE);
	says("undo", "1 change undone, 0 left");
	assert_int_equal(bind_port(81), 0);
	fails("undo", "no change");
	runs("hold 0.0.0.0:81");
	runs("route add local 203.0.113.0/24 dev lo");
	runs("hold 0.0.0.0:82");
	says("undo all", "3 changes undone, 0 left");
	assert_int_equal(bind_port(81) + bind_port(82), 0);
	runs("hold 0.0.0.0:81");
	says("reset", "release tcp4 0.0.0.0:81");
	assert_int_equal(bind_port(81), 0);
	runs("hold 0.0.0.0:81");
	runs("keep");
	fails("undo", "no change"); // kept, but it can still be released
	assert_int_equal(bind_port(81), EADDRINUSE);
	runs("reset"); // nor does this touch it
	assert_int_equal(bind_port(81), EADDRINUSE);
	runs("release");
}

static void test_errors(void **state)
{
	(void)state;
	fresh();
	fails("hold 203.0.113.9:80", "bind: EADDRNOTAVAIL");
	fails("hold 0.0.0.0:80 proto udp listen", "listen: EOPNOTSUPP");
	fails("hold 0.0.0.0:80 proto udp time-wait", "only TCP");
	fails("hold 0.0.0.0:80 device eth9", "'eth9'");
	fails("hold 0.0.0.0:80 set freebnd", "freebnd");
	fails("hold 0.0.0.0:80 listen time-wait", "cannot be combined");
	fails("hold 0.0.0.0:80 type dgram proto tcp", "cannot be combined");
	fails("hold 0.0.0.0:80 name a-name-of-16-byte", "at most 15 bytes");
	assert_int_equal(session.held.n, 0); // and no process is left: see below
	fails("release", "nothing is held");
	runs("hold 0.0.0.0:80");
	fails("hold 127.0.0.1:80", "bind: EADDRINUSE");
	fails("release 7", "there is no hold 7; there is 1");
	for (int i = 1; i < HELD_MOST; i++)
		runs("hold 127.0.0.1");
	fails("hold 127.0.0.1", "at most 16");
	fresh();
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

// Another lab in the place of this one has none of them.
static void test_other_lab(void **state)
{
	char err[LAB_ERROR];
	(void)state;
	fresh();
	runs("hold 0.0.0.0:80 listen");
	runs("hold 0.0.0.0:81 time-wait");
	assert_int_equal(lab_renew("host", err, sizeof err), 0);
	assert_int_equal(session_move(&session, err, sizeof err), 0);
	assert_int_equal(session.held.n, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(bind_port(80) + bind_port(81), 0);
	assert_int_equal(session_changes(&session), 0);
}

static void test_killed_by_somebody(void **state)
{
	(void)state;
	fresh();
	runs("hold 0.0.0.0:80 listen");
	siginfo_t info;
	kill(session.held.all[0].pid, SIGTERM);
	assert_int_equal(waitid(P_PID, (id_t)session.held.all[0].pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(bind_port(80), 0);
	says("release", "gone already");
}

// Whoever holds for a Bindwalk that dies, dies with it.
static void test_ends_with_its_parent(void **state)
{
	int alive[2];
	char byte;
	(void)state;
	fresh();
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe(alive), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(alive[0]);
		if (run("hold 0.0.0.0:80 listen") != EXIT_OK)
			_exit(1);
		if (write(alive[1], "+", 1) == 1)
			pause();
		_exit(1);
	}
	close(alive[1]);
	assert_int_equal(read(alive[0], &byte, 1), 1);
	assert_int_equal(bind_port(80), EADDRINUSE);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(waitpid(-1, NULL, 0) > 0); // the holder, which is ours now
	assert_int_equal(bind_port(80), 0);
	close(alive[0]);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holder_is_seen),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_time_wait),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_other_lab),
		cmocka_unit_test(test_killed_by_somebody),
		cmocka_unit_test(test_ends_with_its_parent),
	};
	char err[COMMAND_ERROR];
	if (!live_enter())
		return 0;
	if (editor_open(&editor, false, err, sizeof err) < 0 ||
	    session_open(&session, editor, NULL, err, sizeof err) < 0) {
		printf("Bail out! %s\n", err);
		return 1;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	session_close(&session);
	editor_close(editor, err, sizeof err);
	return failed;
}
