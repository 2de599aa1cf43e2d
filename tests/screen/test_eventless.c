// SPDX-License-Identifier: GPL-3.0-or-later
// What no event tells reaches the screen without a key: who holds the port, and sysctls that are written through
// another mount of /proc. Whoever holds a port does so inside the lab.
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/model/attempt.h"
#include "tests/screen/pty_lab.h"

static int enter(pid_t pid, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : setns(fd, 0);
	if (fd >= 0)
		close(fd);
	return rc;
}

// Into the lab of the explorer that runs as that process.
static int join(pid_t lab)
{
	return (geteuid() != 0 && enter(lab, "user") < 0) || enter(lab, "net") < 0 ? -1 : 0;
}

// A child in the lab that does `act` and says whether that went well, then waits to be killed.
static pid_t in_lab(const struct pty *p, int (*act)(const void *), const void *data)
{
	int ready[2];
	char ok = 0;
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ok = join(p->child) == 0 && act(data) == 0;
		if (write(ready[1], &ok, 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &ok, 1), 1);
	close(ready[0]);
	assert_int_equal(ok, 1);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

struct held {
	int type;
	const char *address;
	uint16_t port;
};

static int hold(const void *data)
{
	const struct held *held = data;
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(held->port)};
	struct addr addr;
	int fd = socket(AF_INET, held->type, 0);
	if (addr_parse(held->address, &addr) < 0)
		return -1;
	a.sin_addr.s_addr = htonl(addr_v4(&addr));
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		return -1;
	return held->type == SOCK_STREAM ? listen(fd, 1) : 0;
}

// The port is taken, and released again, by another program.
static void test_holder_comes_and_goes(void **state)
{
	(void)state;
	const struct held held = {SOCK_STREAM, "127.0.0.1", 7000};
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":address 127.0.0.1:7000\r");
	pty_until(p, "bind tcp4 127.0.0.1:7000");
	pty_until(p, "OK  127.0.0.1 ");
	pid_t holder = in_lab(p, hold, &held);
	pty_until(p, "EADDRINUSE");
	pty_until(p, "(test_eventless)"); // its process, which is looked for on a thread
	end(holder);
	pty_until(p, "OK  127.0.0.1 ");
	quit(p);
}

// The port of an MPTCP socket is TCP's; and where the range is narrow, port 0 is about all its ports.
static void test_as_explain_says(void **state)
{
	(void)state;
	const struct held tcp = {SOCK_STREAM, "127.0.0.1", 7000}, first = {SOCK_DGRAM, "127.0.0.1", 50000},
			  second = {SOCK_DGRAM, "127.0.0.1", 50001};
	struct pty *p = start_lab(24, 80);
	pid_t holder = in_lab(p, hold, &tcp);
	pty_type(p, ":proto mptcp\r:address 127.0.0.1:7000\r");
	pty_until(p, "bind mptcp4 127.0.0.1:7000");
	if (!pty_shows(p, "SOCKET_REFUSED") && !pty_shows(p, "EPROTONOSUPPORT"))
		pty_until(p, "EADDRINUSE");
	end(holder);
	pty_type(p, ":sysctl net.ipv4.ip_local_port_range 50000 50001\r");
	pty_until(p, "done: sysctl -w");
	pty_type(p, ":proto udp\r:address 127.0.0.1:0\r");
	pty_until(p, "bind udp4 127.0.0.1:0");
	pid_t one = in_lab(p, hold, &first), two = in_lab(p, hold, &second);
	pty_until(p, "EADDRINUSE");
	pty_type(p, "b");
	pty_until(p, "refused (live), as predicted");
	end(one);
	end(two);
	pty_until_gone(p, "EADDRINUSE");
	quit(p);
}

static int write_elsewhere(const void *data)
{
	(void)data;
	// A mount of /proc that belongs to another pid namespace has files of its own, so that a watch on ours sees
	// nothing.
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		// A detached mount needs no mount point, and works in a chroot as well.
		int fs = fsopen("proc", FSOPEN_CLOEXEC);
		int proc = fs >= 0 && fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0
				   ? fsmount(fs, FSMOUNT_CLOEXEC, 0)
				   : -1;
		int fd = openat(proc, "sys/net/ipv4/ip_nonlocal_bind", O_WRONLY | O_CLOEXEC);
		_exit(fd < 0 || write(fd, "1\n", 2) != 2);
	}
	int status;
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_sysctl_elsewhere(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":address 198.51.100.7:7000\r");
	pty_until(p, "EADDRNOTAVAIL");
	pid_t writer = in_lab(p, write_elsewhere, NULL);
	pty_until(p, "accepted because ip_nonlocal_bind is on");
	end(writer);
	quit(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holder_comes_and_goes),
		cmocka_unit_test(test_as_explain_says),
		cmocka_unit_test(test_sysctl_elsewhere),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
