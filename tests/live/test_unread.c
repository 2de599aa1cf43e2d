// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that can't be read: no /proc/sys, no /proc, and a Landlock sandbox without files. The kernel does not do as by
// default here, so whatever takes the defaults for facts is caught.
#include "core/evidence/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/model/unknown.h"
#include "tests/live/live.h"

enum { SKIPPED = 77 };
enum { NR_CREATE_RULESET = 444, NR_RESTRICT_SELF = 446, READ_FILE = 1 << 2 };

static int without_proc_sys(void)
{
	return unshare(CLONE_NEWNS) < 0 || mount("none", "/proc/sys", "tmpfs", 0, NULL) < 0 ? SKIPPED : 0;
}

static int without_proc(void)
{
	return unshare(CLONE_NEWNS) < 0 || mount("none", "/proc", "tmpfs", 0, NULL) < 0 ? SKIPPED : 0;
}

static int without_files(void)
{
	uint64_t rules = READ_FILE;
	int fd = (int)syscall(NR_CREATE_RULESET, &rules, sizeof rules, 0);
	if (fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(NR_RESTRICT_SELF, fd, 0) < 0)
		return SKIPPED;
	close(fd);
	return 0;
}

static void write_sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, value, strlen(value)), (ssize_t)strlen(value));
	close(fd);
}

// A bind: whether it goes well although it would not by default, and the inputs that must be named.
struct wanted {
	const char *address;
	uint16_t port;
	bool certain;
	unsigned unknown; // SYSCTL_COUNT: none of those that decide
};

static const struct wanted binds[] = {
	{"127.0.0.1", 8080, false, SYSCTL_UNPRIV_PORT},       {"127.0.0.1", 80, false, SYSCTL_UNPRIV_PORT},
	{"192.0.2.9", 80, false, SYSCTL_V4_NONLOCAL},         {"2001:db8::9", 8080, false, SYSCTL_V6_NONLOCAL},
	{"::ffff:127.0.0.1", 8080, false, SYSCTL_BINDV6ONLY},
};

// In the child: 0, or which check failed.
static int judge(int (*hide)(void), const struct wanted *b, bool predict)
{
	static struct inquiry in; // static, and so not lost when the child ends with them
	static struct observer *o;
	const struct evidence_how how = {.unprivileged = true, .predict = predict};
	struct addr addr;
	char err[256];
	if (observe_open(&o, err, sizeof err) < 0 || addr_parse(b->address, &addr) < 0)
		return 1;
	int rc = hide();
	if (rc)
		return rc;
	struct attempt a = attempt_new(&addr);
	a.port = b->port;
	if (evidence_read(o, true, &in, err, sizeof err) < 0 || evidence_gather(o, &in, &a, &how, err, sizeof err) < 0)
		return fprintf(stderr, "%s\n", err) < 0 ? 2 : 3;
	const struct walk *w = &in.walk;
	if (!in.host->sysctl_hidden[b->unknown] || !(walk_unknown(w) >> b->unknown & 1))
		return 4;
	if (w->predicted.certain != b->certain)
		return 5;
	if (w->agreement == DISAGREES || w->agreement == HOOK)
		return 6;
	return predict || w->observed.present ? 0 : 7;
}

static void in_child(int (*hide)(void), const struct wanted *b, bool predict)
{
	int status;
	pid_t pid = fork();
	if (pid == 0)
		_exit(judge(hide, b, predict));
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED) {
		print_message("# SKIP not to be had here: %s\n", strerror(errno));
		skip();
	}
	if (WEXITSTATUS(status))
		fail_msg("%s %u: check %d", b->address, b->port, WEXITSTATUS(status));
}

static void check_all(int (*hide)(void))
{
	for (size_t i = 0; i < sizeof binds / sizeof *binds; i++)
		for (int predict = 0; predict < 2; predict++)
			in_child(hide, &binds[i], predict);
}

static void test_landlock(void **state)
{
	(void)state;
	check_all(without_files);
}

static void test_no_proc_sys(void **state)
{
	(void)state;
	check_all(without_proc_sys);
}

static void test_no_proc(void **state)
{
	(void)state;
	check_all(without_proc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_landlock),
		cmocka_unit_test(test_no_proc_sys),
		cmocka_unit_test(test_no_proc),
	};
	if (!live_enter())
		return 0;
	write_sysctl("/proc/sys/net/ipv4/ip_nonlocal_bind", "1");
	write_sysctl("/proc/sys/net/ipv6/ip_nonlocal_bind", "1");
	write_sysctl("/proc/sys/net/ipv6/bindv6only", "1");
	write_sysctl("/proc/sys/net/ipv4/ip_unprivileged_port_start", "8081");
	return cmocka_run_group_tests_name("unread", tests, NULL, NULL);
}
