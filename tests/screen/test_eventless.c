// SPDX-License-Identifier: GPL-3.0-or-later
// What no event tells reaches the screen without a key: who holds the port, and sysctls that are written through
// another mount of /proc. Whoever holds a port does so inside the lab.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/outside.h"

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
