// SPDX-License-Identifier: GPL-3.0-or-later
// Another process as the caller: its user, groups, capabilities and no_new_privs, read from outside.
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/live/live.h"

enum { UID = 0, GROUP = 7777 };

static struct host *h;

static int set_caps(unsigned keep)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{.effective = keep, .permitted = keep}, {0}};
	return (int)syscall(SYS_capset, &head, data);
}

// A child that has done `prepare`, and waits for its end; 0 where it could not.
static pid_t start(int (*prepare)(void))
{
	int ready[2];
	char ok = 0;
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ok = prepare() == 0;
		if (write(ready[1], &ok, 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &ok, 1), 1);
	close(ready[0]);
	if (!ok) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return ok ? pid : 0;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static int nothing(void)
{
	return 0;
}

static int only_bind_service(void)
{
	return set_caps(1u << CAP_NET_BIND_SERVICE);
}

static int no_new_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int other_group(void)
{
	gid_t group = GROUP;
	return setgroups(1, &group);
}

// The same as we see ourselves.
static void test_like_us(void **state)
{
	(void)state;
	struct caller us, child;
	pid_t pid = start(nothing);
	assert_true(pid > 0);
	assert_int_equal(caller_read(0, h, &us), 0);
	assert_int_equal(caller_read(pid, h, &child), 0);
	assert_int_equal(child.pid, pid);
	assert_int_equal(child.stand_in, ASKED_AS_IT);
	assert_int_equal(child.differs, 0);
	child.pid = us.pid;
	child.stand_in = us.stand_in;
	if (child.ping_group == UNKNOWN)
		child.ping_group = us.ping_group; // ours is tried where groups have no number
	child.ordinary_uid = us.ordinary_uid;
	memcpy(child.comm, us.comm, sizeof child.comm);
	assert_true(caller_equal(&us, &child));
	assert_true(us.net_admin == YES && us.net_raw == YES && us.net_bind_service == YES);
	end(pid);
}

static void test_capabilities(void **state)
{
	(void)state;
	struct caller c;
	pid_t pid = start(only_bind_service);
	assert_true(pid > 0);
	assert_int_equal(caller_read(pid, h, &c), 0);
	assert_int_equal(c.net_bind_service, YES);
	assert_true(c.net_raw == NO && c.net_admin == NO && !c.hooks.no_new_privs);
	assert_int_equal(c.differs, DIFFERS(CAPABILITIES));
	end(pid);
	pid = start(no_new_privs);
	assert_true(pid > 0);
	assert_int_equal(caller_read(pid, h, &c), 0);
	assert_true(c.net_raw == YES && c.hooks.no_new_privs);
	assert_int_equal(c.differs & ~DIFFERS(LANDLOCK), DIFFERS(NO_NEW_PRIVS));
	end(pid);
}

// A supplementary group counts for ping sockets.
static void test_groups(void **state)
{
	(void)state;
	struct caller c;
	int64_t low = h->sysctl[SYSCTL_PING_GID_LOW], high = h->sysctl[SYSCTL_PING_GID_HIGH];
	pid_t pid = start(other_group);
	if (!pid)
		skip(); // in a user namespace of an ordinary user groups can't be set
	h->sysctl[SYSCTL_PING_GID_LOW] = h->sysctl[SYSCTL_PING_GID_HIGH] = GROUP;
	assert_int_equal(caller_read(pid, h, &c), 0);
	assert_int_equal(c.ping_group, YES);
	h->sysctl[SYSCTL_PING_GID_LOW] = h->sysctl[SYSCTL_PING_GID_HIGH] = GROUP + 1;
	assert_int_equal(caller_read(pid, h, &c), 0);
	assert_int_equal(c.ping_group, NO);
	h->sysctl[SYSCTL_PING_GID_LOW] = low;
	h->sysctl[SYSCTL_PING_GID_HIGH] = high;
	end(pid);
}

static void test_gone(void **state)
{
	(void)state;
	struct caller c;
	pid_t pid = start(nothing);
	end(pid);
	assert_int_equal(caller_read(pid, h, &c), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_us),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_gone),
	};
	if (!live_enter())
		return 0;
	h = host_new();
	if (h)
		h->sysctl_known[SYSCTL_PING_GID_LOW] = h->sysctl_known[SYSCTL_PING_GID_HIGH] = true;
	int failed = h ? cmocka_run_group_tests(tests, NULL, NULL) : 99;
	host_free(h);
	return failed;
}
