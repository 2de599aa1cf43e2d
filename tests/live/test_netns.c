// SPDX-License-Identifier: GPL-3.0-or-later
// Entering namespaces of others: whose they are, what is seen there, and what refusals say. Each case in a child, since
// nobody comes back.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/trial.h"
#include "core/model/decide.h"
#include "core/observe/netns.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

static pid_t other;      // a process in a namespace of its own, below the lab's user namespace
static pid_t other_user; // the same, also in a user namespace of its own; 0 where those are refused, as in a chroot

enum { CHILD_REFUSED = 77 };

// A process in new namespaces, where a sysctl and an address are not as elsewhere. Waits to be killed, or for the end
// of the test: whoever reads the test's output must not wait for it. 0 where the namespaces are refused.
static pid_t start(int flags)
{
	int ready[2], status;
	char ok = 0;
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct changer *c;
		struct addr a;
		if (unshare(flags) < 0)
			_exit(errno == EPERM ? CHILD_REFUSED : 1);
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || change_open(&c) < 0 || change_link_up(c, "lo", true) < 0 ||
		    addr_parse("10.123.0.1", &a) < 0 || change_addr_add(c, "lo", &a, 32, 0, UINT32_MAX, NULL) < 0 ||
		    change_sysctl("net.ipv4.ip_unprivileged_port_start", "77") < 0 || write(ready[1], "+", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	ssize_t n = read(ready[0], &ok, 1);
	close(ready[0]);
	if (n != 1 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == CHILD_REFUSED)
		return 0;
	assert_int_equal(n, 1);
	return pid;
}

struct result {
	int rc;
	bool address, net_admin;
	bool owner_left; // the unprivileged one has the uid still that made the user namespace
	int privileged;  // errno of an unprivileged attempt at a privileged port, which is as predicted; -1 if not
	int64_t port_start;
	char err[256], owner[128];
};

// Enters in a child and says what is there; without capabilities if `drop`.
static struct result enter(const char *which, uid_t uid)
{
	struct result *r = mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(r != MAP_FAILED);
	pid_t pid = fork();
	int status;
	if (pid == 0) {
		struct observer *o;
		struct host *h;
		struct addr a;
		if (uid && (setgid(uid) < 0 || setuid(uid) < 0))
			_exit(3);
		r->rc = netns_enter(which, r->err, sizeof r->err);
		netns_owner(r->owner, sizeof r->owner);
		if (r->rc == 0) {
			if (observe_open(&o, r->err, sizeof r->err) < 0 ||
			    observe_read(o, &h, r->err, sizeof r->err) < 0)
				_exit(2);
			addr_parse("10.123.0.1", &a);
			r->address = host_find_addr(h, &a) < h->naddrs;
			r->port_start = h->sysctl[SYSCTL_UNPRIV_PORT];
			r->net_admin = live_facts(h, false)->caller->net_admin;
			static struct walk w;
			struct trial t;
			struct attempt low = attempt_new(&a);
			low.port = 76;
			const struct caller *one = live_facts(h, true)->caller;
			r->owner_left = one->as_owner;
			decide(live_facts(h, true), &low, &w);
			bool tried = trial_run(&low, one, &t) == 0;
			r->privileged = tried && t.err == w.predicted.err ? t.err : -1;
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	struct result copy = *r;
	munmap(r, sizeof *r);
	return copy;
}

static void a_process_is_entered(void **state)
{
	(void)state;
	char which[16];
	pid_t pids[] = {other, other_user};
	for (int i = 0; i < (other_user ? 2 : 1); i++) {
		snprintf(which, sizeof which, "%d", (int)pids[i]);
		struct result r = enter(which, 0);
		if (r.rc < 0)
			fail_msg("%s", r.err);
		assert_true(r.address);
		assert_int_equal(r.port_start, 77); // /proc/sys is the entered namespace's
		assert_true(r.net_admin);           // as the kernel counts: over namespaces below ours as well
		assert_int_equal(r.owner[0] != '\0', i == 1);
		// Who made the user namespace keeps all rights in it, as long as its uid is not another one.
		assert_int_equal(r.privileged, r.owner_left ? 0 : EACCES);
		assert_true(i == 1 || !r.owner_left);
	}
}

static void a_name_and_a_path_are_entered(void **state)
{
	(void)state;
	char from[64];
	// A /run of our own, so that nobody's names are touched.
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0) {
		print_message("# no /run of our own, as in a chroot: %s\n", strerror(errno));
		skip();
	}
	assert_int_equal(mkdir("/run/netns", 0755), 0);
	int fd = open("/run/netns/blue", O_CREAT | O_CLOEXEC | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	snprintf(from, sizeof from, "/proc/%d/ns/net", (int)other);
	assert_int_equal(mount(from, "/run/netns/blue", "none", MS_BIND, NULL), 0);
	struct result r = enter("blue", 0);
	if (r.rc < 0)
		fail_msg("%s", r.err);
	assert_true(r.address);
	r = enter("/run/netns/blue", 0);
	assert_int_equal(r.rc, 0);
	r = enter("green", 0);
	assert_int_equal(r.rc, -ENOENT);
	assert_non_null(strstr(r.err, "'green'; `ip netns` lists them"));
}

static void nonsense_is_told_from_what_is_missing(void **state)
{
	(void)state;
	static const char *const nonsense[] = {"", ".", "..", "0", "99999999999", "/dev/null", "/proc/self/ns/uts"};
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		struct result r = enter(nonsense[i], 0);
		if (r.rc != -EINVAL || !r.err[0] || strchr(r.err, '\n'))
			fail_msg("'%s': %d %s", nonsense[i], r.rc, r.err);
	}
	struct result r = enter("4194303", 0);
	assert_int_equal(r.rc, -ESRCH);
	assert_string_equal(r.err, "there is no process 4194303 here");
	r = enter("/nowhere/at/all", 0);
	assert_int_equal(r.rc, -ENOENT);
	assert_non_null(strstr(r.err, "/nowhere/at/all"));
}

static void without_the_right_is_refused(void **state)
{
	(void)state;
	char which[16];
	snprintf(which, sizeof which, "%d", (int)other);
	if (setgid(getgid()) < 0 || geteuid() != 0)
		skip();
	pid_t pid = fork();
	if (pid == 0)
		_exit(setgid(1000) < 0 || setuid(1000) < 0);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) != 0)
		skip(); // a user namespace with one user in it
	struct result r = enter(which, 1000);
	assert_true(r.rc == -EACCES || r.rc == -EPERM);
	assert_non_null(strstr(r.err, "CAP_SYS_PTRACE"));
	assert_null(strchr(r.err, '\n'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_entered),
		cmocka_unit_test(nonsense_is_told_from_what_is_missing),
		cmocka_unit_test(without_the_right_is_refused),
		cmocka_unit_test(a_name_and_a_path_are_entered),
	};
	if (!live_enter())
		return 0;
	if (!(other = start(CLONE_NEWNET)))
		return 1;
	other_user = start(CLONE_NEWUSER | CLONE_NEWNET);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	kill(other, SIGKILL);
	if (other_user)
		kill(other_user, SIGKILL);
	return failed;
}
